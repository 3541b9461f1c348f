"""The cards of the satisfaction page: curve, touchpoints, scores, the silent, the money."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, TypeVar

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
from journey.errors import JourneyError
from journey.present import amounts, charts, kpi, tables, timeaxis, words
from journey.present.experience import courses, curves, estimates, quadrants, scoring, told
from journey.present.ui import annotated
from journey.present.ui.asking import Frame
from journey.present.ui.card import Behind, menu, panel, problem
from journey.present.ui.feelinganswers import curves_of, driving, key_of, silent, worths
from journey.present.ui.page import Page
from journey.present.ui.scorechoices import SURVEYS, chosen_scores
from journey.present.ui.shell import colours

_WIDTH = 190

Found = TypeVar("Found")


class Feelings:
    """The cards of one page, each asked and drawn by itself: a card that fails spoils no other."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.engine, self.config = page.engine, page.config
        self.filters, self.before = page.filters, page.before

    def _asked(self, what: str, ask: Callable[..., Found]) -> Found:
        """What one of `feelinganswers` says of the page's frame; it is asked ahead of others."""

        def of(page: Frame) -> Found:
            return ask(key_of(page, page.filters), page.engine, page.config, page.filters)

        self.page.later[what] = of
        return of(self.page)

    def _curves(self, personas: tuple[str, ...] = ()) -> tuple[curve.Curve, ...]:
        """The experience curve; it is asked ahead of other frames."""

        def of(page: Frame) -> tuple[curve.Curve, ...]:
            return curves_of(page, page.filters, personas)

        self.page.later[f"curves {personas}"] = of
        return of(self.page)

    def curve(self) -> None:
        """The experience curve of everyone, or of up to five personas."""
        title, question = "The experience curve", "How does it feel along the stages?"
        personas = self.engine.segments()["persona"]
        names = words.labels(personas)
        with st.container(border=True, key="card_curve", gap="xxsmall"):
            head = st.empty()
            head.html(kpi.head(title, question))
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
                found = self._curves(tuple(chosen))
            except JourneyError as error:
                problem(title, error)
                return
            behind = self._behind("experience", question, curve, curve.table(found))
            menu(self.engine.snapshot.name, behind, "card_curve")
            if not any(one.stages for one in found):
                _empty("No answers about a touchpoint in this period.")
                return
            head.html(kpi.head(title, question, told.curve_answer(found)))
            minimum_n = self.config.minimum_n
            for width in ("wide", "phone"):
                with st.container(key=f"{width}_curve"):
                    picture = curves.picture(found, colours(), minimum_n, narrow=width == "phone")
                    _plot(f"curve_{width}", picture, told.curve_answer(found))
            weights = self.config.surveys.weights
            st.html(kpi.foot(told.curve_foot(found, minimum_n, ribbon.DRAWS, weights)))

    def touchpoints(self) -> None:
        """The index of each touchpoint."""
        question = "Which touchpoints lift the curve, and which pull it down?"
        try:
            (found,) = self._curves()
        except JourneyError as error:
            problem("Experience by touchpoint", error)
            return
        rows = curve.table((found,)).filter(pl.col("touchpoint").is_not_null())
        points = found.touchpoints
        says = told.index_answer(points, self.config.minimum_n) if points else ""
        with self._panel("index", "Experience by touchpoint", question, curve, rows, says):
            if not points:
                _empty("No answers about a touchpoint in this period.")
                return
            picture = estimates.picture(
                told.index_rows(points), colours(), zero=True, span=(-2, 2), values=42
            )
            _plot("index", picture, question)
            st.html(kpi.foot(f"From {curves.index(-2)} to {curves.index(2)}; hover for the blend."))

    def drivers(self) -> None:
        """Which touchpoints matter to the whole, against how well they do."""
        title = "What matters, and how it does"
        question = "Which touchpoints move what customers think of us as a whole?"
        try:
            found = self._asked("drivers", driving)
        except JourneyError as error:
            problem(title, error)
            return
        says = told.drivers_answer(found) if found.each else ""
        with self._panel("drivers", title, question, drivers, drivers.table(found), says):
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
            chosen, found, months = chosen_scores(self.page)
        except JourneyError as error:
            problem("Scores", error)
            return
        own = next(iter(found.values()))
        steady = flips.flips(found)
        by = words.label(chosen.by).lower()
        question = f"{SURVEYS[chosen.survey]} by {by}: where high, where low, what moved?"
        with beside("scores"):
            count = own.total.sample.count
            says = scoring.scores_answer(own, self.config.minimum_n) if count else ""
            rows = scores.table(own)
            with self._panel("scores", f"Scores by {by}", question, scores, rows, says, own.unit):
                if count:
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
                    if steadiness := scoring.steadiness(found, steady):
                        st.html(kpi.foot(steadiness))
                else:
                    _empty(f"No {chosen.survey.upper()} answers in this period.")
            question = f"{SURVEYS[chosen.survey]}, month by month"
            course = next(iter(months.values()))
            says, rows = scoring.course_answer(course, self.config.minimum_n), scores.table(course)
            with self._panel("course", "Score over time", question, scores, rows, says, own.unit):
                if any(row.measured is not None for row in course.rows):
                    noted = annotated.notes("satisfaction", chosen.survey, self.filters)
                    picture = courses.picture(course, colours(), self.config.minimum_n, noted)
                    days = timeaxis.span(courses.months(course), "month")
                    annotated.plotted(picture, "chart_course", question, noted, days)
                    st.html(kpi.foot(scoring.score_foot(course, self.filters, None)))
                elif not course.total.sample.count:
                    _empty(f"No {chosen.survey.upper()} answers in this period.")

    def silence(self) -> None:
        """How those who answer about a touchpoint differ from those who do not."""
        title = "Who answers, who stays silent"
        try:
            found = self._asked("silence", silent)
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
        with self._panel("silence", title, question, silence, rows) as say:
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
            say(told.silence_answer(own))
            picture = estimates.picture(
                told.silence_rows(own, self.engine.snapshot.currency)[:10],
                colours(),
                zero=True,
                longest=18,
                values=112,
            )
            _plot("silence", picture, question)
            st.html(kpi.foot(told.silence_foot()))

    def money(self) -> None:
        """What one point more goes with, in repeat purchases or in money."""
        title = "From satisfaction to money"
        days = self.engine.snapshot.repeat_window_days
        question = f"What does one point more go with, in the {days} days after an order?"
        try:
            found = self._asked("worth", worths)
        except JourneyError as error:
            problem(title, error)
            return
        says = told.worth_answer(found, self.engine.snapshot.currency) if found else ""
        with self._panel("money", title, question, money, money.table(found), says):
            if not found:
                said = f"No answers to orders of this period whose {days} days have passed."
                st.html(kpi.foot(f"{said} Choose an earlier or a longer period."))
                return
            currency = self.engine.snapshot.currency
            few = 0
            with beside("outcomes"):
                for outcome, heading in told.OUTCOMES.items():
                    if outcome == "value" and currency is None:
                        st.html(kpi.foot(amounts.NONE))
                        continue
                    rows = told.worth_rows(found, outcome, currency)
                    known = [row for row in rows if row.value is not None] or rows
                    few = len(rows) - len(known)
                    with st.container(gap="xxsmall"):
                        st.html(kpi.foot(heading))
                        picture = estimates.picture(known, colours(), zero=True, values=78)
                        _plot(f"money_{outcome}", picture, f"{question} {heading}")
            st.html(kpi.foot(told.worth_foot(found, days, few)))

    def nps(self) -> tuple[str, str]:
        """The metrics of both kinds of NPS, the one that makes the headline first: unlike that of
        `nps`, their titles say the kind."""
        leads = self.engine.snapshot.nps_kind
        leading, other = sorted(answers.KINDS, key=lambda kind: kind != leads)
        return f"satisfaction/nps_{leading}", f"satisfaction/nps_{other}"

    def _panel(
        self,
        key: str,
        title: str,
        question: str,
        module: Any,
        rows: pl.DataFrame,
        says: str = "",
        unit: str = "",
    ) -> AbstractContextManager[Callable[[str], None]]:
        """A card with what stands behind it; `unit` is that of scores and their changes."""
        behind = self._behind(key, question, module, rows)
        if unit == "percent":
            shares = dict.fromkeys(("value", "low", "high", "unweighted"), tables.SHARE)
            moves = dict.fromkeys(("change", "change_low", "change_high"), tables.POINTS)
            behind = replace(behind, units=shares | moves)
        return panel(key, title, behind, self.engine.snapshot.name, says=says)

    def _behind(self, name: str, question: str, module: Any, rows: pl.DataFrame) -> Behind:
        """What stands behind a card; its notes are those of the analysis itself."""
        return Behind(name, question, _notes(module), "one row a line", self.filters.as_of, rows)


def beside(name: str) -> Any:
    """Two cards side by side, one below the other where the page is narrow."""
    return st.grid(2, min_column_width=340, key=name)


def _notes(module: Any) -> str:
    """How an analysis works, as its module says, in paragraphs."""
    return " ".join((module.__doc__ or "").split())


def _plot(key: str, picture: Any, alt: str) -> None:
    """A picture of this page."""
    st.plotly_chart(picture, theme=None, key=f"chart_{key}", config=charts.CONFIG, alt=alt)


def _empty(sentence: str) -> None:
    """What stands where there is nothing to draw."""
    st.html(kpi.foot(f"{sentence} Widen the period or the filters, or see Data health."))
