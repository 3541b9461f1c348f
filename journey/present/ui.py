"""Pages: filters, cards and their states. With server.py the only module that draws."""

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from journey import ROOT, config
from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import JourneyError, MetricError
from journey.metrics import metric as registry
from journey.metrics.answer import Answer
from journey.metrics.engine import Engine, Engines
from journey.metrics.filters import SEGMENTS, Filters
from journey.metrics.maturity import immature_from
from journey.metrics.metric import Metric
from journey.present import charts, choices, kpi, style, words
from journey.present.export import csv_text
from journey.present.map import journey_map
from journey.present.mapparts import MapParts, map_in_words
from journey.present.palette import Palette, palette
from journey.present.strip import strip

PAGES = {
    "overview": "Overview",
    "awareness": "Awareness",
    "consideration": "Consideration",
    "decision": "Decision",
    "post_purchase": "Post-purchase",
    "loyalty": "Loyalty",
    "channels": "Channels",
    "satisfaction": "Satisfaction",
    "health": "Data health",
}
"""Page file to its name in the menu, in order; other files in pages/ follow by name."""


def frame() -> None:
    """What every page has around it: the wide layout and the product's own look."""
    st.set_page_config(page_title="Journey", layout="wide", initial_sidebar_state="collapsed")
    st.html(f"<style>{style.css(colours())}</style>")


@st.fragment(run_every=3)
def follow_side(shown: str) -> None:
    """Draw the page anew when the reader has switched between light and dark. The browser tells
    of that only with its next message, so this asks every few seconds."""
    if colours().kind != shown:
        st.rerun()


def pages() -> list[st.Page]:
    """The pages for the menu."""
    there = {path.stem: path for path in sorted((ROOT / "pages").glob("*.py"))}
    names = [name for name in PAGES if name in there] + [n for n in there if n not in PAGES]
    return [
        st.Page(
            there[name],
            title=PAGES.get(name, words.label(name)),
            url_path=name,
            default=name == "overview",
        )
        for name in names
    ]


@st.cache_resource(show_spinner=False)
def engines() -> Engines:
    """The engines of this process; they follow the current snapshot."""
    return Engines(DataFolder(Path(os.environ.get("JOURNEY_DATA") or ROOT / "data")))


def colours() -> Palette:
    """The palette of the side, light or dark, that the reader's browser shows."""
    return palette(st.context.theme.type or "light")


def business() -> Config:
    """The configuration, for targets and the smallest number worth a rate."""
    return config.load(Path(os.environ.get("JOURNEY_CONFIG") or ROOT / "journey.toml"))


class Page:
    """One page in the making: its frame of questions and how it draws them.

    A page file makes one, then calls `kpis`, `lead` and `rest` in the order they should stand.
    Every metric file of the page's folder that is not placed by name is drawn by `rest`.
    """

    def __init__(self, name: str, title: str) -> None:
        frame()
        follow_side(colours().kind)
        self.name = name
        self.placed: set[str] = set()
        st.title(title, anchor=False)
        try:
            self.engine: Engine = engines().current()
            self.config = business()
        except JourneyError as error:
            _problem("There is nothing to show yet", error)
            st.stop()
        sentence = st.empty()
        self.filters, self.before = _filter_bar(self.engine)
        sentence.caption(self._sentence())

    def kpis(self, names: Sequence[str]) -> None:
        """A row of cards, each with one number, its change, its trail and how sure it is."""
        with st.grid(min(4, len(names)), min_column_width=200, key=f"{self.name}_kpis"):
            for name in names:
                with st.container(border=True, key=f"card_kpi_{name}"):
                    self._kpi(name)

    def map(self) -> None:
        """The journey map: all stages at once, or one a screen where the page is narrow."""
        with st.container(border=True, key="card_map", gap="xxsmall"):
            try:
                parts = self._map_parts()
            except JourneyError as error:
                _problem("The journey map", error)
                return
            st.html(
                kpi.head("The journey map", "How many get through each stage, and how it feels")
            )
            if not parts.stages or not parts.stages[0][1]:
                st.html(kpi.foot("No mature journeys in this period. Widen the period or filters."))
                return
            with st.container(key="wide_map"):
                st.plotly_chart(
                    journey_map(parts, colours()),
                    theme=None,
                    key="map",
                    config=charts.CONFIG,
                    alt=" ".join(map_in_words(parts)),
                )
            with st.container(key="phone_map"):
                st.html(strip(parts, colours()))
            with st.expander("The map in words", key="map_words"):
                st.markdown(
                    "  \n".join(words.escape_markdown(line) for line in map_in_words(parts))
                )

    def _map_parts(self) -> MapParts:
        """The counts behind the map, each from its metric."""
        loyalty = self.ask("overview/loyalty_reach").rows
        funnel = self.ask("overview/stage_funnel").rows.rows()
        return MapParts(
            stages=tuple((str(stage), int(journeys)) for stage, journeys in funnel),
            loyalty=(int(loyalty[0, 1]), int(loyalty[0, 2])) if loyalty.height else None,
            experience=tuple(self.ask("overview/experience").rows.rows()),
            touchpoints=tuple(self.ask("overview/touchpoints_by_stage").rows.rows()),
            revenue=tuple(self.ask("overview/stage_value").rows.rows()),
            currency=self.engine.snapshot.currency,
            minimum_n=self.config.minimum_n,
            repeat_days=self.engine.snapshot.repeat_window_days,
        )

    def lead(self, name: str, height: int = 340) -> None:
        """One metric across the page."""
        self._card(name, height)

    def row(self, names: Sequence[str], height: int = 300) -> None:
        """Metrics side by side; one below the other where the page is narrow."""
        with st.grid(
            min(2, len(names)), min_column_width=340, key=f"{self.name}_{len(self.placed)}"
        ):
            for name in names:
                self._card(name, height)

    def behind(self, label: str, names: Sequence[str]) -> None:
        """Metrics that other pictures are made of, worked out only when they are asked for."""
        self.placed |= {name.rpartition("/")[2] for name in names}
        fold = st.expander(label, key=f"{self.name}_behind", on_change="rerun")
        if fold.open:
            with fold:
                self.row(names)

    def rest(self) -> None:
        """All other metrics of the page's folder, two in a row."""
        others = [path for path in registry.files(self.name) if path.stem not in self.placed]
        if others:
            self.row([f"{self.name}/{path.stem}" for path in others], 280)

    def ask(self, name: str, filters: Filters | None = None) -> Answer:
        """A metric's answer in the page's frame, or in another. Raises MetricError."""
        return ask(self.engine, registry.find(name), filters or self.filters)

    def _sentence(self) -> str:
        """The line under the title, made from the filters so that it cannot disagree."""
        try:
            mature = self.ask("health/maturity").total
        except MetricError:
            mature = None
        snapshot = self.engine.snapshot
        return words.sentence(
            self.filters,
            mature.value if mature else None,
            self.filters.as_of,
            snapshot.time_zone,
            snapshot.conversion_window_days,
        )

    def _kpi(self, name: str) -> None:
        """One number, or in its place why there is none."""
        self.placed.add(name.rpartition("/")[2])
        try:
            answer = self.ask(name)
            before = self.ask(name, self.before) if self.before else None
        except JourneyError as error:
            _problem(words.label(name.rpartition("/")[2]), error)
            return
        _menu(self.engine.snapshot.name, answer, f"kpi_{name}")
        st.html(
            kpi.card(
                answer,
                before,
                colours(),
                target=self.config.targets.get(answer.metric.name),
                minimum_n=self.config.minimum_n,
            )
        )

    def _card(self, name: str, height: int) -> None:
        """A metric's card: title, question, chart, and what stands behind it."""
        stem = name.rpartition("/")[2]
        self.placed.add(stem)
        with st.container(border=True, key=f"card_{stem}", gap="xxsmall"):
            try:
                answer = self.ask(name)
                before = self.ask(name, self.before) if self.before else None
            except JourneyError as error:
                _problem(words.label(stem), error)
                return
            metric = answer.metric
            _menu(self.engine.snapshot.name, answer, f"card_{name}")
            st.html(kpi.head(metric.title, metric.question))
            if kpi.is_empty(answer):
                st.html(kpi.foot(kpi.empty_sentence(answer)))
                return
            if answer.rows.height == 1 and answer.total is not None:
                # One number is best read as one number.
                st.html(kpi.figure(answer, before, self.config.minimum_n))
                return
            self._draw(answer, before, height)
            st.html(
                kpi.foot(kpi.footer(answer, self.config.minimum_n, self.engine.snapshot.currency))
            )

    def _draw(self, answer: Answer, before: Answer | None, height: int) -> None:
        """The chart, or the table where that is the chart."""
        metric = answer.metric
        picture = charts.figure(
            metric,
            answer.rows,
            colours(),
            currency=self.engine.snapshot.currency,
            minimum_n=self.config.minimum_n,
            compare=before.rows if before else None,
            immature_from=immature_from(metric, self.filters, self.engine.snapshot),
            target=self.config.targets.get(metric.name),
            since=self.filters.since,
            until=self.filters.until,
            height=height,
        )
        if picture is None:
            _table(st, answer.rows.rename(words.label), height)
            return
        st.plotly_chart(
            picture,
            theme=None,
            key=f"chart_{metric.full_name}",
            config=charts.CONFIG,
            alt=charts.alt(
                metric, answer.rows, self.engine.snapshot.currency, self.config.minimum_n
            ),
        )


def ask(engine: Engine, metric: Metric, filters: Filters) -> Answer:
    """The metric's answer, from the cache where the same was asked of the same snapshot."""
    rows = _rows(
        metric.full_name, metric.sql, filters.key(), engine.snapshot.name, engine, metric, filters
    )
    return Answer(metric, filters, rows, engine.snapshot.name, filters.as_of)


@st.cache_data(max_entries=2_000, max_size="256MB", show_spinner=False)
def _rows(
    name: str,
    sql: str,
    key: tuple[object, ...],
    snapshot: str,
    _engine: Engine,
    _metric: Metric,
    _filters: Filters,
) -> pl.DataFrame:
    """The rows; everything they depend on is in the first four arguments."""
    return _engine.run(_metric, _filters).rows


def _filter_bar(engine: Engine) -> tuple[Filters, Filters | None]:
    """The one place for choices. Each is bound to the address, so a copied link shows the same."""
    first, last = choices.first_day(engine.snapshot), choices.last_day(engine.snapshot)
    with st.container(horizontal=True, key="filters", vertical_alignment="bottom", gap="small"):
        period = st.selectbox(
            "Period",
            list(choices.PERIODS),
            format_func=lambda name: choices.PERIODS[name],
            key="period",
            bind="query-params",
            width=146,
        )
        chosen: tuple[date, ...] = ()
        if period == "custom":
            since, until = choices.span("90d", engine.snapshot)
            picked = st.date_input(
                "Days",
                (max(since, first), last),
                min_value=first,
                max_value=last,
                key="days",
                bind="query-params",
                format="YYYY-MM-DD",
                width=220,
            )
            chosen = picked if isinstance(picked, tuple) else (picked,)
        comparison = st.selectbox(
            "Compared with",
            list(choices.COMPARISONS),
            format_func=lambda name: choices.COMPARISONS[name],
            key="compare",
            bind="query-params",
            width=146,
        )
        where: dict[str, tuple[str, ...]] = {}
        for name in SEGMENTS:
            values = st.multiselect(
                words.label(name),
                engine.segments()[name],
                key=name,
                format_func=words.labels(engine.segments()[name]).__getitem__,
                placeholder="All",
                bind="query-params",
                width=146,
            )
            if values:
                where[name] = tuple(values)
    since, until = choices.span(str(period), engine.snapshot, chosen)
    filters = engine.filters(since, until, where=where)
    return filters, choices.compared(str(comparison), filters)


@st.fragment
def _menu(snapshot: str, answer: Answer, key: str) -> None:
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
        _table(rows, answer.rows, 240)
        sql.code(metric.sql, language="sql", height=320)


def _table(where: Any, rows: pl.DataFrame, height: int) -> None:
    """Rows as a table, no taller than they are; days without a time of day."""
    days = [name for name, kind in rows.schema.items() if kind == pl.Date]
    where.dataframe(
        rows,
        hide_index=True,
        height=min(height, 36 * (rows.height + 1) + 3),
        column_config={name: st.column_config.DateColumn(format="YYYY-MM-DD") for name in days},
    )


def _problem(title: str, error: JourneyError) -> None:
    """A failed card or page: what, why and what to do; the rest of the page stands."""
    with st.container(border=True):
        st.markdown(f"**{words.escape_markdown(title)}**")
        st.warning(words.escape_markdown(str(error)), icon=":material/build:")
