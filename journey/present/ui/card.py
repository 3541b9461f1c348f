"""The parts of a card: its picture or table, what is behind it, what stands in its place."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from journey.analysis.maturing import Expected
from journey.analysis.reconcile import numbers
from journey.analysis.trend.course import Course
from journey.analysis.trend.forecast import Forecast
from journey.config import Config
from journey.errors import JourneyError
from journey.metrics.answer import Answer
from journey.metrics.maturity import immature_from
from journey.present import charts, kpi, matrices, tables, timeaxis, versus, words
from journey.present.export import csv_text
from journey.present.ui import annotated
from journey.present.ui.links import link
from journey.present.ui.shell import colours, engines
from journey.warehouse.snapshot import Snapshot


def draw(
    answer: Answer,
    before: Answer | None,
    snapshot: Snapshot,
    business: Config,
    height: int,
    expected: Sequence[Expected] = (),
    course: Course | None = None,
    forecast: Forecast | None = None,
) -> None:
    """The chart, with what is expected of young weeks, its course and where that leads, or the
    table where that is the chart."""
    metric = answer.metric
    written = charts.html(
        metric,
        answer.rows,
        colours(),
        currency=snapshot.currency,
        minimum_n=business.minimum_n,
        shown=_shown(answer),
    )
    if written is not None:
        st.html(written)
        return
    noted = annotated.notes(metric.page, metric.name, answer.filters)
    picture = charts.figure(
        metric,
        answer.rows,
        colours(),
        currency=snapshot.currency,
        minimum_n=business.minimum_n,
        compare=before.rows if before else None,
        against=versus.group_name(answer, before),
        immature_from=immature_from(metric, answer.filters, snapshot),
        expected=expected,
        target=aim.value if (aim := business.targets.get(metric.name)) else None,
        since=answer.filters.since,
        until=answer.filters.until,
        course=course,
        forecast=forecast,
        notes=noted,
        height=height,
    )
    if picture is None:
        table(st, answer.rows, height, metric.name)
        return
    annotated.plotted(
        picture,
        f"chart_{metric.full_name}",
        charts.alt(metric, answer.rows, snapshot.currency, business.minimum_n),
        noted,
        timeaxis.covered(answer.rows),
    )


def _shown(answer: Answer) -> str | None:
    """The measure the reader chose for a matrix whose cells have several; the address keeps it."""
    if answer.metric.chart != "matrix":
        return None
    choices = matrices.choices(answer.rows.columns)
    if len(choices) < 2:
        return None
    names = [measure.name for measure in choices]
    return st.segmented_control(
        "Shown in the cells",
        names,
        default=names[0],
        required=True,
        format_func=words.label,
        key=f"shown_{answer.metric.name}",
        bind="query-params",
    )


@dataclass(frozen=True)
class Behind:
    """What stands behind a card: what it answers, how, as of when, and the rows it shows."""

    name: str
    """The name of the exported file."""
    question: str
    notes: str
    """The definition and its traps, in Markdown-free text."""
    grain: str
    """What one row is."""
    as_of: datetime
    rows: pl.DataFrame
    sql: str = ""
    """The query, where it is one."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Column to unit, where neither its name nor the table's tells it."""
    number: str = ""
    """The title under which the card's number can be told apart from others."""

    @classmethod
    def metric(cls, answer: Answer) -> "Behind":
        """What stands behind a metric's answer."""
        metric = answer.metric
        return cls(
            metric.name,
            metric.question,
            metric.notes,
            metric.grain,
            answer.filters.as_of,
            answer.rows,
            metric.sql,
            number=numbers.leading(metric),
        )


@contextmanager
def panel(
    key: str,
    title: str,
    behind: Behind,
    snapshot: str,
    foot: str | None = None,
    says: str = "",
) -> Iterator[Callable[[str], None]]:
    """A card for what an analysis found: title, question and, in a sentence, what was found
    above; what the caller draws; the foot (n, interval, rule in words) below, and the menu with
    definition, rows and export. Where a choice on the card decides what was found, the caller
    says so through what it is given.
    """
    with st.container(border=True, key=f"card_{key}", gap="xxsmall"):
        menu(snapshot, behind, f"card_{key}")
        head = st.empty()
        head.html(kpi.head(title, behind.question, says))

        def say(found: str) -> None:
            head.html(kpi.head(title, behind.question, found))

        yield say
        if foot:
            st.html(kpi.foot(foot))


@contextmanager
def choosing(key: str, title: str, question: str) -> Iterator[None]:
    """A card whose picture depends on choices made on it: title and question, then what the
    caller draws, ending with `told` once it knows what stands behind."""
    with st.container(border=True, key=f"card_{key}", gap="xxsmall"):
        st.html(kpi.head(title, question))
        yield


def told(key: str, behind: Behind, snapshot: str, foot: str | None = None) -> None:
    """The end of a card with choices: its foot and its menu."""
    if foot:
        st.html(kpi.foot(foot))
    menu(snapshot, behind, f"card_{key}")


@st.fragment
def menu(snapshot: str, behind: Behind, key: str) -> None:
    """What stands behind a card, worked out only when it is opened."""
    with st.container(key=f"menu_{key.replace('/', '_')}"):
        # The label is for those who hear the page: access.py leaves the icon alone.
        opened = st.popover(
            f"Behind the card: {words.escape_markdown(behind.question)}",
            icon=":material/more_horiz:",
            type="tertiary",
            key=f"open_{key}",
            on_change="rerun",
            help="How it is computed, SQL, rows, export",
        )
    if not opened.open:
        return
    with opened:
        st.markdown(f"**{words.escape_markdown(behind.question)}**")
        st.markdown(words.escape_markdown(behind.notes))
        st.caption(
            f"As of {words.moment(behind.as_of)}, snapshot {snapshot}. "
            f"{words.escape_markdown(behind.grain.capitalize())}."
        )
        st.download_button(
            "Export rows as CSV",
            lambda: csv_text(behind.rows),
            file_name=f"{behind.name}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"export_{key}",
            icon=":material/download:",
        )
        if behind.number:
            address = escape(link("differences", number=behind.number))
            st.html(
                f'<div class="lane-line"><a href="{address}" target="_self">Why does this differ '
                "from another number?</a></div>"
            )
        if not behind.sql:
            table(st, behind.rows, 240, behind.name, behind.units)
            return
        rows, sql = st.tabs(["Rows", "SQL"])
        table(rows, behind.rows, 240, behind.name, behind.units)
        sql.code(behind.sql, language="sql", height=320)


_COMMAND = re.compile(r"(`python -m journey [a-z ]+`)")
"""What a reader may run, as a message says it."""

_LONGEST = 24
"""The most characters of a column that stays in sight."""

_ROW = 33
"""The height of a row of a table at the product's size of text, in pixels."""


def table(
    where: Any,
    rows: pl.DataFrame,
    height: int | None = None,
    name: str = "",
    units: Mapping[str, str] | None = None,
    places: int | None = None,
) -> None:
    """Rows as a table, no taller than they are nor than `height`, as `present.tables` shows them;
    a heading tells its name in the export."""
    whole = _ROW * (rows.height + 1) + 2
    shown, looks = tables.shown(rows, name, engines().current().snapshot.currency, units, places)
    where.dataframe(
        shown,
        hide_index=True,
        height="content" if height is None or whole <= height else height,
        column_config={
            column: _column(column, look, rows, first=place == 0)
            for place, (column, look) in enumerate(looks.items())
        },
        placeholder=tables.PLACEHOLDER,
    )


def _column(column: str, look: tables.Look, rows: pl.DataFrame, first: bool) -> Any:
    """How Streamlit shows a column; the first stays where the others are moved sideways, unless it
    is so long that a phone would have no room for them."""
    kinds, kind = st.column_config, rows.schema[column]
    is_long = kind == pl.String and bool((rows[column].str.len_chars() > _LONGEST).any())
    pinned = first and not is_long
    told = f"`{column}` in the export" if look.heading != column else None
    if look.format is not None:
        return kinds.NumberColumn(look.heading, format=look.format, help=told, pinned=pinned)
    if kind == pl.Date:
        return kinds.DateColumn(look.heading, format="YYYY-MM-DD", help=told)
    if kind == pl.Datetime:
        return kinds.DatetimeColumn(look.heading, format="YYYY-MM-DD HH:mm", help=told)
    return kinds.TextColumn(
        look.heading, help=told, alignment="right" if look.is_number else None, pinned=pinned
    )


def trouble(error: JourneyError) -> None:
    """What failed within a card: what, why and what to do; a command of ours as one."""
    parts = _COMMAND.split(str(error))
    said = [part if place % 2 else words.escape_markdown(part) for place, part in enumerate(parts)]
    st.warning("".join(said), icon=":material/build:")


def problem(title: str, error: JourneyError) -> None:
    """A failed card or page: what, why and what to do; the rest of the page stands."""
    with st.container(border=True):
        st.markdown(f"**{words.escape_markdown(title)}**")
        trouble(error)
