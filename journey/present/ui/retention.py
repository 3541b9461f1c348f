"""The cards of the retention page: repeat measures, cohorts, lifecycle."""

from dataclasses import replace

import polars as pl
import streamlit as st

from journey.analysis.retention import cohorts, lifecycle
from journey.analysis.retention import settings as choices
from journey.analysis.retention.cohorts import Retention
from journey.analysis.retention.settings import Settings
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters
from journey.present import charts, kpi, returns, timeaxis, triangle, words
from journey.present.ui import annotated
from journey.present.ui.card import Behind, menu, panel, problem
from journey.present.ui.page import Page
from journey.present.ui.shell import colours

_WIDTH = 128

REPEAT = (
    "loyalty/repeat_purchase_rate",
    "loyalty/repeat_share",
    "retention/returning_customers",
)
"""The three repeat measures: by cohort, strictly within the period, and as shops count them."""


class Returns:
    """The cards of one page, each asked and drawn by itself: a card that fails spoils no other."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.engine, self.filters = page.engine, page.filters
        self._key = (page.filters.key(), page.engine.snapshot.name)

    def repeat(self) -> None:
        """The three repeat measures side by side, and in words why they differ."""
        self.page.kpis(REPEAT)
        try:
            totals = [self.page.ask(name).total for name in REPEAT]
        except JourneyError:
            return  # each card has said so
        if said := returns.repeat_words(*totals):
            with st.expander("Three repeat rates, and why they differ", key="repeat_words"):
                st.markdown("  \n".join(words.escape_markdown(line) for line in said))

    def cohorts(self) -> None:
        """The controls, the heat table of the cohorts, and the curve of their means."""
        question = "Of those who started in a month or week, how many come back, and when?"
        with st.container(border=True, key="card_cohorts", gap="xxsmall"):
            head = st.empty()
            head.html(kpi.head("Cohorts", question))
            try:
                asked = self._settings()
                found = _retention(self._key, repr(asked), asked, self.engine, self.filters)
            except JourneyError as error:
                problem("Cohorts", error)
                return
            minimum_n = self.page.config.minimum_n
            behind = self._behind("retention", question, asked.in_words(), found.cells)
            menu(self.engine.snapshot.name, behind, "card_cohorts")
            if found.cells.is_empty():
                st.html(kpi.foot("Nobody started in this period. Widen the period or filters."))
                return
            head.html(kpi.head("Cohorts", question, returns.cohorts_answer(found, minimum_n)))
            st.html(triangle.triangle(found, colours(), minimum_n))
            st.html(kpi.foot(triangle.foot(found, minimum_n)))
            st.html(kpi.foot(asked.in_words()))
        title = "Retention curve" if asked.by is None else f"Retention by {asked.by}"
        rows = found.means if found.by is None else found.by
        question = "How much is left as time goes by?"
        if asked.mode == choices.BEFORE:
            question = "How many have come back by then?"
        with panel(
            "curve",
            title,
            self._behind("retention_curve", question, asked.in_words(), rows),
            self.engine.snapshot.name,
            says=returns.answer(found, minimum_n),
        ):
            st.plotly_chart(
                returns.curve(found, colours(), minimum_n).figure(),
                theme=None,
                key="chart_curve",
                config=charts.CONFIG,
                alt=f"{title}: {returns.answer(found, minimum_n)}",
            )

    def lifecycle(self) -> None:
        """New, returning, resurrected and dormant people, interval by interval."""
        question = "Do more come, and come back, than fall silent?"
        with st.container(border=True, key="card_lifecycle", gap="xxsmall"):
            head = st.empty()
            head.html(kpi.head("Lifecycle", question))
            units = list(choices.UNITS)
            with st.container(horizontal=True, key="lifecycle_controls", gap="small"):
                unit = st.segmented_control(
                    "Interval", units, default="month", required=True, key="interval",
                    format_func=words.label, bind="query-params", label_visibility="collapsed",
                )  # fmt: skip
                event = self._event("active_by", "Active by", width=190, hidden=True)
            unit = str(unit or "month")
            try:
                rows = _lifecycle(self._key, unit, event, self.engine, self.filters)
            except JourneyError as error:
                problem("Lifecycle", error)
                return
            behind = self._behind("lifecycle", question, returns.LIFECYCLE_NOTES, rows)
            menu(self.engine.snapshot.name, behind, "card_lifecycle")
            if rows.is_empty():
                st.html(kpi.foot("Nobody was active in this period. Widen the period or filters."))
                return
            said = returns.lifecycle_answer(rows, unit)
            head.html(kpi.head("Lifecycle", question, said))
            noted = annotated.notes("retention", "lifecycle", self.filters)
            annotated.plotted(
                returns.lifecycle(rows, colours(), unit, noted).figure(),
                "chart_lifecycle",
                said,
                noted,
                timeaxis.span(rows["interval"].to_list(), unit),
            )
            st.html(kpi.foot(returns.LIFECYCLE_NOTES))

    def _settings(self) -> Settings:
        """What the reader chose; a copied address shows the same."""
        with st.container(
            horizontal=True, key="cohort_controls", vertical_alignment="bottom", gap="small"
        ):
            start = self._event("start", "Start with")
            back = self._event("back", "Come back for")
            mode = _select("mode", "Came back", choices.MODES)
            unit = _select("unit", "Time in", {name: f"{name}s".capitalize() for name in _UNITS})
            buckets = _select("buckets", "Time runs", choices.BUCKETS)
            cohorts = _select("cohorts", "People", choices.COHORTS)
            reference = _select("reference", "Share of", choices.REFERENCES)
            by = _select("curve_by", "Curve by", {"": "Everyone", **_SEGMENTS})
            brackets = st.text_input(
                "Brackets", key="brackets", placeholder="even; or 1,3,7,14", max_chars=60,
                bind="query-params", width=_WIDTH, help="Where each bracket ends, in the unit.",
            )  # fmt: skip
        settings = Settings(
            start, back, cohorts, mode, unit, buckets, _EDGES[unit],
            every="month" if unit == "month" else "week", reference=reference, by=by or None,
        )  # fmt: skip
        if brackets:
            return replace(settings, edges=choices.parse_brackets(brackets))
        return settings

    def _event(self, key: str, title: str, width: int = _WIDTH, hidden: bool = False) -> str:
        """A choice among orders, touches and every touchpoint there is."""
        known = _touchpoints(self.engine.snapshot.name, self.engine, self.filters)
        names = {**_EVENTS, **{name: words.label(name) for name in known}}
        chosen = st.selectbox(
            title, list(names), format_func=names.__getitem__, key=key, bind="query-params",
            width=width, label_visibility="collapsed" if hidden else "visible",
        )  # fmt: skip
        return str(chosen)

    def _behind(self, name: str, question: str, notes: str, rows: pl.DataFrame) -> Behind:
        """What stands behind a card."""
        grain = "one row per cohort and bucket" if name == "retention" else "one row per bucket"
        if name == "lifecycle":
            grain = "one row per interval"
        return Behind(name, question, notes, grain, self.filters.as_of, rows)


_UNITS = ("month", "week", "day")
_EDGES = {
    "month": tuple(range(14)),
    "week": tuple(range(14)),
    "day": (0, 1, 2, 3, 4, 5, 6, 7, 14, 21, 30, 60, 90),
}
"""Unit to the buckets shown where the reader gives none."""

_EVENTS = {choices.ORDER: "An order", choices.TOUCH: "Any touch"}
_SEGMENTS = {name: words.label(name) for name in SEGMENTS}


def _select(key: str, title: str, names: dict[str, str]) -> str:
    """A choice with its names, kept in the address."""
    chosen = st.selectbox(
        title, list(names), format_func=names.__getitem__, key=key, bind="query-params",
        width=_WIDTH,
    )  # fmt: skip
    return str(chosen)


@st.cache_data(max_entries=200, max_size="64MB", show_spinner=False)
def _retention(
    key: tuple[object, ...], asked: str, _settings: Settings, _engine: Engine, _filters: Filters
) -> Retention:
    """The cohorts; everything they depend on is in the first two arguments."""
    return cohorts.retention(_engine, _filters, _settings)


@st.cache_data(max_entries=200, max_size="16MB", show_spinner=False)
def _lifecycle(
    key: tuple[object, ...], unit: str, event: str, _engine: Engine, _filters: Filters
) -> pl.DataFrame:
    """The lifecycle; everything it depends on is in the first three arguments."""
    return lifecycle.lifecycle(_engine, _filters, unit, event)


@st.cache_data(max_entries=4, show_spinner=False)
def _touchpoints(snapshot: str, _engine: Engine, _filters: Filters) -> list[str]:
    """Every touchpoint of the snapshot, by name."""
    sql = "select distinct touchpoint from touchpoints order by touchpoint"
    return list(_engine.table(sql, _filters)["touchpoint"])
