"""What the reader asks on the funnel page, and the answers, each worked out once."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import streamlit as st

from journey.analysis.funnel import breakdown, drivers, joining, money, report
from journey.analysis.funnel.names import Names, known
from journey.analysis.funnel.rule import counted, rule
from journey.analysis.funnel.spec import Funnel
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.metric import Metric
from journey.present import charts, words
from journey.present.funnel.steps import step_label
from journey.present.sheet import Sheet
from journey.present.ui.card import Behind, problem
from journey.present.ui.funnel.controls import choose
from journey.present.ui.page import Page

_HOW = (
    "A try begins with a touch of the first step in the period. Each further step is the earliest "
    "touch after the step before it that keeps the rule; steps may come after the period, within "
    "the window. Rates carry their 95 % Wilson intervals; none is drawn below the smallest number "
    "worth one. A try whose window has not closed is left out, counted as it stands, or estimated "
    "by Kaplan and Meier, as chosen."
)


class Asked:
    """A funnel under the page's filters: its rule, its names, and what its cards are made of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        names, volumes = _names(page.engine.snapshot.name, page.engine, page.filters)
        self.names = names
        try:
            choice = choose(names, volumes, page.engine.snapshot.conversion_window_days)
            for step in choice.funnel.steps:
                names.touchpoints(step)
        except JourneyError as error:
            problem("This way cannot be followed", error)
            st.stop()
        self.choice = choice
        self.funnel = choice.funnel
        self.labels = [step_label(step) for step in self.funnel.steps]

    @property
    def noun(self) -> str:
        """What is counted."""
        return counted(self.funnel)

    @property
    def least(self) -> int:
        """The smallest number worth a rate."""
        return self.page.config.minimum_n

    @property
    def snapshot(self) -> str:
        """The name of the snapshot."""
        return self.page.engine.snapshot.name

    def frame(
        self, filters: Filters
    ) -> tuple[tuple[object, ...], str, str, Engine, Filters, Funnel]:
        """What a cached question depends on, and what answers it."""
        engine, asked = self.page.engine, repr(self.funnel)
        return filters.key(), self.snapshot, asked, engine, filters, self.funnel

    def counts(self, filters: Filters) -> report.Report:
        """The counts. Raises MetricError."""
        return _report(*self.frame(filters), self.choice.mature_only)

    def tries(self, filters: Filters, column: str | None = None) -> pl.DataFrame:
        """The tries, with one column of their touches; the one the page shows where none is
        named, so that they are followed once."""
        shown = breakdown.COLUMNS[st.session_state.get("way_by") or next(iter(breakdown.COLUMNS))]
        return _tries(*self.frame(filters), self.choice.mature_only, column or shown)

    def rule(self) -> str:
        """The rule in words, and how much of it is mature."""
        said = rule(
            self.funnel,
            self.page.filters,
            mature_only=self.choice.mature_only,
            naming=words.label,
        )
        if self.choice.estimated:
            said += " Estimated by Kaplan and Meier, with those still in their time."
        if self.page.before is not None:
            said += f" The thin mark is {against(self.page.filters, self.page.before)}."
        return said

    def between(self, key: str, title: str, *, after_any: bool = False) -> tuple[int, int]:
        """Two steps to choose, the earlier first."""
        places = range(len(self.labels)) if after_any else self.funnel.required
        pairs = [(a + 1, b + 1) for a in places for b in places if a < b]
        usual_pair = pairs.index((1, len(self.labels))) if after_any else 0

        def spoken(pair: tuple[int, int]) -> str:
            return f"{self.labels[pair[0] - 1]} to {self.labels[pair[1] - 1]}"

        with st.container(horizontal=True, key=f"filters_{key}", vertical_alignment="bottom"):
            pair = st.selectbox(
                title,
                [f"{a}-{b}" for a, b in pairs],
                index=usual_pair,
                format_func=lambda text: spoken(pairs[[f"{a}-{b}" for a, b in pairs].index(text)]),
                key=f"way_{key}",
                bind="query-params",
                width=330,
            )
        first, _, last = str(pair or f"{pairs[0][0]}-{pairs[0][1]}").partition("-")
        return int(first), int(last)

    def behind(self, name: str, question: str, rows: pl.DataFrame) -> Behind:
        """What stands behind a card: the rule and the rows."""
        notes = f"{_HOW} {self.rule()}"
        grain = "one row per step, value, day or person, as the columns say"
        return Behind(name, question, notes, grain, self.page.filters.as_of, rows)

    def draw(self, sheet: Sheet, key: str, alt: str) -> None:
        """Draw a picture, with what it says in words."""
        st.plotly_chart(
            sheet.figure(), theme=None, key=f"chart_{key}", config=charts.CONFIG, alt=alt
        )


def as_metric(name: str, title: str, chart: str, unit: str, grain: str) -> Metric:
    """What the charts of metrics need to know of an analysis."""
    return Metric(
        name=name, page="funnel", path=Path(), title=title, question=title, chart=chart, unit=unit,
        better="higher", grain=grain, notes="", sql="", parameters=frozenset(),
    )  # fmt: skip


def against(now: Filters, before: Filters) -> str:
    """What it is compared with, in words."""
    if replace(before, since=now.since, until=now.until) == now:
        return words.period(before.since, before.until)
    return "the other group"


@st.cache_data(max_entries=20, show_spinner=False)
def _names(snapshot: str, _engine: Engine, _filters: Filters) -> tuple[Names, list[str]]:
    """The touchpoints there are, and those that came, the most touched first."""
    everything = replace(_filters, where={}, outside={})
    volumes = _engine.table(
        "select touchpoint from daily group by touchpoint order by sum(touches) desc, touchpoint",
        everything,
    )
    return known(_engine, _filters), volumes["touchpoint"].to_list()


@st.cache_data(max_entries=500, show_spinner=False)
def _report(
    key: tuple[object, ...], snapshot: str, asked: str, _engine: Engine, _filters: Filters,
    _funnel: Funnel, mature_only: bool,
) -> report.Report:  # fmt: skip
    """The counts of a funnel."""
    return report.ask(_engine, _funnel, _filters, mature_only=mature_only)


@st.cache_resource(max_entries=6, show_spinner=False)
def _tries(
    key: tuple[object, ...], snapshot: str, asked: str, _engine: Engine, _filters: Filters,
    _funnel: Funnel, mature_only: bool, column: str,
) -> pl.DataFrame:  # fmt: skip
    """The tries of a funnel. A frame is never changed, so readers may share it uncopied."""
    return report.table(_engine, _funnel, _filters, also=[column], mature_only=mature_only)


@st.cache_data(max_entries=100, show_spinner=False)
def amounts(
    key: tuple[object, ...], snapshot: str, asked: str, _engine: Engine, _filters: Filters,
    _funnel: Funnel, mature_only: bool,
) -> pl.DataFrame:  # fmt: skip
    """The amounts of a funnel."""
    parts = report.follow(_engine, _funnel, _filters, also=money.COLUMNS, mature_only=mature_only)
    return money.money(parts, _funnel, _engine.snapshot.currency)


@st.cache_data(max_entries=100, show_spinner=False)
def joined(
    key: tuple[object, ...], snapshot: str, asked: str, _engine: Engine, _filters: Filters,
    _funnel: Funnel, mature_only: bool,
) -> list[joining.Joined]:  # fmt: skip
    """The funnel with open entry. Raises MetricError where it has no meaning."""
    return joining.ask(_engine, _funnel, _filters, mature_only=mature_only)


@st.cache_data(max_entries=100, show_spinner=False)
def driving(
    key: tuple[object, ...], snapshot: str, asked: str, _engine: Engine, _filters: Filters,
    _funnel: Funnel, first: int, last: int, minimum_n: int,
) -> drivers.Drivers:  # fmt: skip
    """What goes with going on."""
    return drivers.drivers(_engine, _funnel, _filters, first, last, minimum_n)
