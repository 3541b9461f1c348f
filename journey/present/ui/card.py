"""The parts of a card: its picture or table, what is behind it, what stands in its place."""

from typing import Any

import polars as pl
import streamlit as st

from journey.config import Config
from journey.errors import JourneyError
from journey.metrics.answer import Answer
from journey.metrics.maturity import immature_from
from journey.present import charts, words
from journey.present.export import csv_text
from journey.present.ui.shell import colours
from journey.warehouse.snapshot import Snapshot


def draw(
    answer: Answer, before: Answer | None, snapshot: Snapshot, business: Config, height: int
) -> None:
    """The chart, or the table where that is the chart."""
    metric = answer.metric
    picture = charts.figure(
        metric,
        answer.rows,
        colours(),
        currency=snapshot.currency,
        minimum_n=business.minimum_n,
        compare=before.rows if before else None,
        immature_from=immature_from(metric, answer.filters, snapshot),
        target=business.targets.get(metric.name),
        since=answer.filters.since,
        until=answer.filters.until,
        height=height,
    )
    if picture is None:
        table(st, answer.rows.rename(words.label), height)
        return
    st.plotly_chart(
        picture,
        theme=None,
        key=f"chart_{metric.full_name}",
        config=charts.CONFIG,
        alt=charts.alt(metric, answer.rows, snapshot.currency, business.minimum_n),
    )


@st.fragment
def menu(snapshot: str, answer: Answer, key: str) -> None:
    """What stands behind a card, worked out only when it is opened."""
    metric = answer.metric
    with st.container(key=f"menu_{key.replace('/', '_')}"):
        opened = st.popover(
            "",
            icon=":material/more_horiz:",
            type="tertiary",
            key=f"open_{key}",
            on_change="rerun",
            help="How it is computed, SQL, rows, export",
        )
    if not opened.open:
        return
    with opened:
        st.markdown(f"**{words.escape_markdown(metric.question)}**")
        st.markdown(words.escape_markdown(metric.notes))
        st.caption(
            f"As of {answer.filters.as_of:%Y-%m-%d %H:%M} UTC, snapshot {snapshot}. "
            f"{words.escape_markdown(metric.grain.capitalize())}."
        )
        st.download_button(
            "Export rows as CSV",
            lambda: csv_text(answer.rows),
            file_name=f"{metric.name}.csv",
            mime="text/csv",
            on_click="ignore",
            key=f"export_{key}",
            icon=":material/download:",
        )
        rows, sql = st.tabs(["Rows", "SQL"])
        table(rows, answer.rows, 240)
        sql.code(metric.sql, language="sql", height=320)


def table(where: Any, rows: pl.DataFrame, height: int) -> None:
    """Rows as a table, no taller than they are; days without a time of day."""
    days = [name for name, kind in rows.schema.items() if kind == pl.Date]
    where.dataframe(
        rows,
        hide_index=True,
        height=min(height, 36 * (rows.height + 1) + 3),
        column_config={name: st.column_config.DateColumn(format="YYYY-MM-DD") for name in days},
    )


def problem(title: str, error: JourneyError) -> None:
    """A failed card or page: what, why and what to do; the rest of the page stands."""
    with st.container(border=True):
        st.markdown(f"**{words.escape_markdown(title)}**")
        st.warning(words.escape_markdown(str(error)), icon=":material/build:")
