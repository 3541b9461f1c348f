"""What the reader asks on the funnel page, and the answers, each worked out once."""

from collections.abc import Callable, Hashable
from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
import streamlit as st

from journey.analysis.funnel import breakdown, money, report
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
from journey.present.ui.asking import Ask, Frame
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


Found = TypeVar("Found")


class Asked:
    """A funnel under the page's filters: its rule, its names, and what its cards are made of."""

    def __init__(self, page: Page) -> None:
        self.page: Frame = page
        self.later: dict[str, Ask] | None = page.later
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
        by = st.session_state.get("way_by")
        self._shown = breakdown.COLUMNS.get(str(by), next(iter(breakdown.COLUMNS.values())))

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

    def kept(
        self, what: str, filters: Filters, make: Callable[..., Found], *options: Hashable
    ) -> Found:
        """What `make` finds of this way, under these filters and with these options, kept so that
        it is found once, and asked ahead under other filters. It must be small, and nobody may
        change it. Raises what `make` raises."""
        asked = repr(self.funnel), self.choice.mature_only, self.least
        if filters in self.page.frames and self.later is not None:
            place = self.page.frames.index(filters)

            def later(other: Frame) -> None:
                if place < len(other.frames):
                    self._under(other).kept(what, other.frames[place], make, *options)

            self.later[f"{what} {place} {asked} {options}"] = later
        found: Found = _kept(
            what,
            filters.key(),
            self.snapshot,
            asked,
            options,
            lambda: make(self, filters, *options),
        )
        return found

    def _under(self, other: Frame) -> "Asked":
        """The same way in another frame."""
        way = copy(self)
        way.page, way.later = other, None
        return way

    def counts(self, filters: Filters) -> report.Report:
        """The counts. Raises MetricError."""
        return self.kept("counts", filters, _counted)

    def tries(self, filters: Filters, column: str | None = None) -> pl.DataFrame:
        """The tries, followed once for all cards: those of the page's own filters with what money
        asks of their touches, and one column more; the one the page shows where none is named."""
        also: tuple[str, ...] = ()
        if filters == self.page.filters:
            also = (column or self._shown, *money.COLUMNS)
        engine, asked = self.page.engine, repr(self.funnel)
        key = filters.key(), self.snapshot, asked
        return _tries(*key, engine, filters, self.funnel, self.choice.mature_only, also)

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


def _counted(way: Asked, filters: Filters) -> report.Report:
    """The counts of a way's tries."""
    tries, mature_only = way.tries(filters), way.choice.mature_only
    return report.told(tries, way.funnel, filters, mature_only=mature_only)


@st.cache_resource(max_entries=1_000, show_spinner=False)
def _kept(
    what: str, key: tuple[object, ...], snapshot: str, asked: tuple[Hashable, ...],
    options: tuple[Hashable, ...], _make: Callable[[], Any],
) -> Any:  # fmt: skip
    """What a card is made of."""
    return _make()


@st.cache_resource(max_entries=6, show_spinner=False)
def _tries(
    key: tuple[object, ...], snapshot: str, asked: str, _engine: Engine, _filters: Filters,
    _funnel: Funnel, mature_only: bool, also: tuple[str, ...],
) -> pl.DataFrame:  # fmt: skip
    """The tries of a funnel. A frame is never changed, so readers may share it uncopied."""
    return report.table(_engine, _funnel, _filters, also=also, mature_only=mature_only)
