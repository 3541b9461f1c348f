"""The cards of the satisfaction page: curve, touchpoints, scores, the silent, the money."""

from dataclasses import replace
from typing import Any

import polars as pl
import streamlit as st

from journey.analysis.experience import (
    answers,
    curve,
    drivers,
    flips,
    money,
    ribbon,
    scores,
    silence,
)
from journey.analysis.experience.curve import Curve
from journey.analysis.experience.drivers import Drivers
from journey.analysis.experience.money import Worth
from journey.analysis.experience.scores import Scores
from journey.analysis.experience.silence import Trait
from journey.config import Config
from journey.errors import JourneyError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present import charts, kpi, timeaxis, words
from journey.present.experience import courses, curves, estimates, quadrants, scoring, told
from journey.present.ui import annotated
from journey.present.ui.asking import Frame
from journey.present.ui.card import Behind, menu, panel, problem
from journey.present.ui.page import Page
from journey.present.ui.shell import colours
from journey.surveys import METHODS

_SURVEYS = {"csat": "Satisfaction (CSAT)", "nps": "Recommendation (NPS)", "ces": "Effort (CES)"}
_GROUPS = ("touchpoint", "stage", "channel", "persona", "device", "country")
_WIDTH = 190


class Feelings:
    """The cards of one page, each asked and drawn by itself: a card that fails spoils no other."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.engine, self.config = page.engine, page.config
        self.filters, self.before = page.filters, page.before
        self._key = _key_of(page, page.filters)

    def curve(self) -> None:
        """The experience curve of everyone, or of up to five personas."""
        title, question = "The experience curve", "How does it feel along the stages?"
        personas = self.engine.segments()["persona"]
        names = words.labels(personas)
        with st.container(border=True, key="card_curve", gap="xxsmall"):
            st.html(kpi.head(title, question))
            chosen: list[str] = []
            if len(personas) > 1:
                chosen = st.multiselect(
                    "Personas beside each other",
                    personas,
                    key="personas",
                    format_func=names.__getitem__,
                    placeholder="Everyone together; choose up to five personas to compare",
                    max_selections=curve.MOST_PERSONAS,
                    bind="query-params",
                    label_visibility="collapsed",
                    width=440,
                )
            try:
                found = curves_of(self.page, self.filters, tuple(chosen))
            except JourneyError as error:
                problem(title, error)
                return
            behind = self._behind("experience", question, curve, curve.table(found))
            menu(self.engine.snapshot.name, behind, "card_curve")
            if not any(one.stages for one in found):
                _empty("No answers about a touchpoint in this period.")
                return
            minimum_n = self.config.minimum_n
            for width in ("wide", "phone"):
                with st.container(key=f"{width}_curve"):
                    picture = curves.picture(found, colours(), minimum_n, narrow=width == "phone")
                    _plot(f"curve_{width}", picture, told.curve_answer(found))
            st.html(kpi.foot(told.curve_answer(found)))
            weights = self.config.surveys.weights
            st.html(kpi.foot(told.curve_foot(found, minimum_n, ribbon.DRAWS, weights)))

    def touchpoints(self) -> None:
        """The index of each touchpoint."""
        question = "Which touchpoints lift the curve, and which pull it down?"
        try:
            (found,) = curves_of(self.page, self.filters)
        except JourneyError as error:
            problem("Experience by touchpoint", error)
            return
        rows = curve.table((found,)).filter(pl.col("touchpoint").is_not_null())
        with self._panel("index", "Experience by touchpoint", question, curve, rows):
            if not found.touchpoints:
                _empty("No answers about a touchpoint in this period.")
                return
            picture = estimates.picture(
                told.index_rows(found.touchpoints), colours(), zero=True, span=(-2, 2), values=42
            )
            _plot("index", picture, question)
            st.html(kpi.foot(f"From {curves.index(-2)} to {curves.index(2)}; hover for the blend."))

    def drivers(self) -> None:
        """Which touchpoints matter to the whole, against how well they do."""
        title = "What matters, and how it does"
        question = "Which touchpoints move what customers think of us as a whole?"
        try:
            found = _drivers(self._key, self.engine, self.config, self.filters)
        except JourneyError as error:
            problem(title, error)
            return
        with self._panel("drivers", title, question, drivers, drivers.table(found)):
            if not found.each:
                _empty(
                    f"No touchpoint has {self.config.minimum_n} people who also answered about the "
                    "business as a whole in this period."
                )
                return
            _plot("drivers", quadrants.picture(found.each, colours()), question)
            st.html(kpi.foot(told.drivers_foot(found)))

    def scores(self) -> None:
        """CSAT, NPS or CES by group and over time, under the way of summing up on the switch."""
        try:
            chosen, found, months = self._scores()
        except JourneyError as error:
            problem("Scores", error)
            return
        own = next(iter(found.values()))
        steady = flips.flips(found)
        by = words.label(chosen.by).lower()
        question = f"{_SURVEYS[chosen.survey]} by {by}: where high, where low, what moved?"
        with beside("scores"):
            with self._panel("scores", f"Scores by {by}", question, scores, scores.table(own)):
                if own.total.sample.count:
                    whole = own.total.measured
                    picture = estimates.picture(
                        scoring.score_rows(own),
                        colours(),
                        suffix=scoring.suffix(own.unit),
                        whole=None
                        if whole is None
                        else (
                            scoring.scale(own.unit) * whole.value,
                            f"all {scoring.value(whole.value, own.unit)}",
                        ),
                        height=min(300, 70 * len(own.rows)),
                    )
                    _plot("scores", picture, question)
                    st.html(kpi.foot(scoring.score_foot(own, self.filters, self.before)))
                    st.html(kpi.foot(scoring.steadiness(found, steady)))
                else:
                    _empty(f"No {chosen.survey.upper()} answers in this period.")
            question = f"{_SURVEYS[chosen.survey]}, month by month"
            course = next(iter(months.values()))
            with self._panel("course", "Score over time", question, scores, scores.table(course)):
                if course.total.sample.count:
                    noted = annotated.notes("satisfaction", chosen.survey, self.filters)
                    picture = courses.picture(course, colours(), self.config.minimum_n, noted)
                    days = timeaxis.span(courses.months(course), "month")
                    annotated.plotted(picture, "chart_course", question, noted, days)
                    st.html(kpi.foot(scoring.score_foot(course, self.filters, None)))
                else:
                    _empty(f"No {chosen.survey.upper()} answers in this period.")

    def silence(self) -> None:
        """How those who answer about a touchpoint differ from those who do not."""
        title = "Who answers, who stays silent"
        try:
            found = _silence(self._key, self.engine, self.config, self.filters)
        except JourneyError as error:
            problem(title, error)
            return
        touchpoints = list(dict.fromkeys(one.touchpoint for one in found))
        most = {one.touchpoint: one.answered_people for one in found}
        touchpoints.sort(key=lambda name: (-most[name], name))
        rows = silence.table(found)
        if not touchpoints:
            question = "Do the answers speak for everyone?"
            with self._panel("silence", title, question, silence, rows):
                _empty(
                    f"No touchpoint has {self.config.minimum_n} people who answered and as many "
                    "who did not in this period."
                )
            return
        question = "Do the answers speak for everyone who was asked?"
        with self._panel("silence", title, question, silence, rows):
            asked = st.selectbox(
                "Asked about",
                touchpoints,
                key="asked",
                format_func=words.labels(touchpoints).__getitem__,
                bind="query-params",
                label_visibility="collapsed",
                width=_WIDTH,
            )
            own = [one for one in found if one.touchpoint == asked]
            picture = estimates.picture(
                told.silence_rows(own, self.engine.snapshot.currency)[:10],
                colours(),
                zero=True,
                longest=18,
                values=112,
            )
            _plot("silence", picture, question)
            st.html(kpi.foot(told.silence_foot(own)))

    def money(self) -> None:
        """What one point more goes with, in repeat purchases or in money."""
        title = "From satisfaction to money"
        days = self.engine.snapshot.repeat_window_days
        question = f"What does one point more go with, in the {days} days after an order?"
        try:
            found = _worth(self._key, self.engine, self.config, self.filters)
        except JourneyError as error:
            problem(title, error)
            return
        with self._panel("money", title, question, money, money.table(found)):
            if not found:
                _empty(
                    f"No answers to orders of this period whose {days} days have passed. Choose an "
                    "earlier or a longer period."
                )
                return
            currency = self.engine.snapshot.currency
            few = 0
            with beside("outcomes"):
                for outcome, heading in told.OUTCOMES.items():
                    rows = told.worth_rows(found, outcome, currency)
                    known = [row for row in rows if row.value is not None] or rows
                    few = len(rows) - len(known)
                    with st.container(gap="xxsmall"):
                        st.html(kpi.foot(heading))
                        picture = estimates.picture(known, colours(), zero=True, values=78)
                        _plot(f"money_{outcome}", picture, f"{question} {heading}")
            st.html(kpi.foot(told.worth_foot(found, days, few)))

    def _scores(self) -> tuple[answers.Chosen, dict[str, Scores], dict[str, Scores]]:
        """The choices of the reader, and the scores by group and by month under every way."""
        with _switches("scores"):
            survey = st.selectbox(
                "Survey",
                list(_SURVEYS),
                format_func=_SURVEYS.__getitem__,
                key="survey",
                bind="query-params",
                width=_WIDTH,
            )
            by = st.selectbox(
                "By",
                _GROUPS,
                format_func=words.label,
                key="scores_by",
                bind="query-params",
                width=_WIDTH,
            )
            ways = list(METHODS[survey])
            usual = self.config.surveys.by_name[survey].method
            method = st.segmented_control(
                "Summed up as",
                ways,
                default=usual,
                required=True,
                format_func=scoring.method,
                key=f"{survey}_way",
                bind="query-params",
            )
            settled = _chosen(
                self._key, (survey, method, None, None), self.engine, self.config, self.filters
            )
            asked = (survey, method, self._kind(settled), self._scale(settled))
        chosen = _chosen(self._key, asked, self.engine, self.config, self.filters)
        found, months = (
            _every_method(
                (self._key, self.before.key() if self.before else None, asked, group),
                self.engine,
                self.config,
                self.filters,
                self.before,
                replace(chosen, by=group),
            )
            for group in (by, "month")
        )
        return replace(chosen, by=by), found, months

    def _kind(self, settled: answers.Chosen) -> str | None:
        """Relational or transactional, where NPS has both: they never share a number."""
        if not settled.kind or not all(settled.kinds.values()):
            return None
        return st.segmented_control(
            "Asked",
            list(answers.KINDS),
            default=settled.kind,
            required=True,
            format_func=words.label,
            key="kind",
            bind="query-params",
        )

    def _scale(self, settled: answers.Chosen) -> str | None:
        """The scale, where answers are on several."""
        if settled.survey == "nps" or len(settled.answers) < 2 or settled.scale is None:
            return None
        names = [f"{low:g}-{high:g}" for low, high in settled.answers]
        low, high = settled.scale
        own = f"{low:g}-{high:g}"
        ordered = [own, *(name for name in names if name != own), "all"]
        return st.segmented_control(
            "Scale",
            ordered,
            default=own,
            required=True,
            format_func=lambda name: "All, on 0 to 100" if name == "all" else name,
            key=f"{settled.survey}_scale",
            bind="query-params",
        )

    def _panel(self, key: str, title: str, question: str, module: Any, rows: pl.DataFrame) -> Any:
        """A card with what stands behind it."""
        behind = self._behind(key, question, module, rows)
        return panel(key, title, behind, self.engine.snapshot.name)

    def _behind(self, name: str, question: str, module: Any, rows: pl.DataFrame) -> Behind:
        """What stands behind a card; its notes are those of the analysis itself."""
        return Behind(name, question, _notes(module), "one row a line", self.filters.as_of, rows)


def beside(name: str) -> Any:
    """Two cards side by side, one below the other where the page is narrow."""
    return st.grid(2, min_column_width=340, key=name)


def _notes(module: Any) -> str:
    """How an analysis works, as its module says, in paragraphs."""
    return " ".join((module.__doc__ or "").split())


def _switches(name: str) -> Any:
    """A row for choices, as the filter bar has them."""
    return st.container(
        horizontal=True, key=f"filters_{name}", vertical_alignment="bottom", gap="small"
    )


def _plot(key: str, picture: Any, alt: str) -> None:
    """A picture of this page."""
    st.plotly_chart(picture, theme=None, key=f"chart_{key}", config=charts.CONFIG, alt=alt)


def _empty(sentence: str) -> None:
    """What stands where there is nothing to draw."""
    st.html(kpi.foot(f"{sentence} Widen the period or the filters, or see Data health."))


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def _chosen(
    key: tuple[object, ...],
    asked: tuple[str, str | None, str | None, str | None],
    _engine: Engine,
    _config: Config,
    _filters: Filters,
) -> answers.Chosen:
    """What a choice of survey, way, kind and scale comes to; all it depends on is in the key."""
    survey, method, kind, scale = asked
    return answers.choose(
        _engine, _config.surveys, _filters, survey, method=method, kind=kind, scale=scale
    )


def curves_of(page: Frame, filters: Filters, personas: tuple[str, ...] = ()) -> tuple[Curve, ...]:
    """The experience curve of a frame, asked once whichever page shows it."""
    return _curves(_key_of(page, filters), personas, page.engine, page.config, filters)


def _key_of(page: Frame, filters: Filters) -> tuple[object, ...]:
    """All that an answer about how customers feel depends on."""
    config = page.config
    return filters.key(), page.engine.snapshot.name, config.minimum_n, repr(config.surveys)


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def _curves(
    key: tuple[object, ...],
    personas: tuple[str, ...],
    _engine: Engine,
    _config: Config,
    _filters: Filters,
) -> tuple[Curve, ...]:
    """The curves; everything they depend on is in the first two arguments."""
    return curve.curves(_engine, _config, _filters, personas)


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def _every_method(
    key: tuple[object, ...],
    _engine: Engine,
    _config: Config,
    _filters: Filters,
    _before: Filters | None,
    _chosen: answers.Chosen,
) -> dict[str, Scores]:
    """The scores; everything they depend on is in the key."""
    return scores.every_method(_engine, _config, _filters, _before, _chosen)


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def _silence(
    key: tuple[object, ...], _engine: Engine, _config: Config, _filters: Filters
) -> tuple[Trait, ...]:
    """The differences; everything they depend on is in the key."""
    return silence.silence(_engine, _config, _filters)


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def _worth(
    key: tuple[object, ...], _engine: Engine, _config: Config, _filters: Filters
) -> tuple[Worth, ...]:
    """The slopes; everything they depend on is in the key."""
    return money.worth(_engine, _config, _filters)


@st.cache_data(max_entries=300, max_size="64MB", show_spinner=False)
def _drivers(
    key: tuple[object, ...], _engine: Engine, _config: Config, _filters: Filters
) -> Drivers:
    """The drivers; everything they depend on is in the key."""
    return drivers.drivers(_engine, _config, _filters)
