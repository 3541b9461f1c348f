"""A metric's course for its card: worked out once for a snapshot and a choice."""

from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from journey.analysis.trend import course as courses
from journey.analysis.trend.course import Course
from journey.analysis.trend.forecast import Forecast, forecast
from journey.config import Config
from journey.errors import JourneyError
from journey.metrics.answer import Answer
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.goals import wants_lower
from journey.metrics.metric import Metric
from journey.present import ahead
from journey.present.readings import has_series, is_dated
from journey.present.ui.asking import Frame
from journey.present.ui.shell import ask

A_QUARTER = timedelta(weeks=13)
"""How far a forecast looks where the target has no day, or one that is past."""

CHARTS = ("rate", "line", "stacked", "nps", "score")
"""Kinds of chart that may be in time."""


def course(engine: Engine, answer: Answer, minimum_n: int) -> Course | None:
    """The course of an answer up to the end of its period; None where its picture has no one line
    in time, or where it cannot be asked so far back: the card says itself what is wrong."""
    metric = answer.metric
    if metric.chart not in CHARTS or not is_dated(answer.rows) or has_series(metric, answer.rows):
        return None
    asked = courses.history(answer.filters, engine.snapshot)
    key = (metric.full_name, metric.sql, asked.key(), engine.snapshot.name, minimum_n)
    try:
        return _course(key, engine, metric, asked)
    except JourneyError:
        return None


def again(frame: Frame, name: str, *, compared: bool) -> None:
    """Ask a metric of another frame, as a card does: its answer, its course and whether there is a
    case at all, or, where it is `compared`, all that its answer is compared with. Raises
    MetricError."""
    if compared:
        for filters in frame.compared():
            frame.ask(name, filters)
        return
    answer = frame.ask(name)
    frame.is_measured(name)
    course(frame.engine, answer, frame.config.minimum_n)


@st.cache_data(max_entries=1_000, max_size="64MB", show_spinner=False)
def _course(
    key: tuple[object, ...], _engine: Engine, _metric: Metric, _asked: Filters
) -> Course | None:
    """The course; everything it depends on is in the key."""
    rows = ask(_engine, _metric, _asked).rows
    return courses.course(_metric, rows, _asked, _engine.snapshot, float(str(key[-1])))


@dataclass(frozen=True)
class Leading:
    """What the switch adds to a card: the forecast to draw, and a sentence for its foot."""

    forecast: Forecast | None = None
    sentence: str | None = None


def leads(engine: Engine, answer: Answer, found: Course | None, config: Config) -> Leading:
    """The switch, where the metric has a target and a course; where the course leads, or why that
    cannot be said."""
    metric = answer.metric
    target = config.targets.get(metric.name)
    if found is None or target is None or found.points.kind == "count":
        return Leading()
    end = found.steps.at[-1]
    by = target.by if target.by and target.by > end else end + A_QUARTER
    asked = st.toggle(
        "Forecast to the target",
        key=f"forecast_{metric.name}",
        bind="query-params",
        help=f"Where the course leads by {by}, with its interval, and how likely the target is.",
    )
    if not asked:
        return Leading()
    scale = 100 if metric.unit == "percent" else 1
    asked_of = courses.history(answer.filters, engine.snapshot)
    key = (
        metric.full_name, metric.sql, asked_of.key(), engine.snapshot.name, by, target.value,
        wants_lower(metric, target),
    )  # fmt: skip
    try:
        led = _forecast(key, found, by, target.value / scale, wants_lower(metric, target))
    except JourneyError as error:
        return Leading(sentence=str(error))
    return Leading(led, ahead.sentence(metric, found, led, engine.snapshot.currency))


@st.cache_data(max_entries=300, max_size="16MB", show_spinner=False)
def _forecast(
    key: tuple[object, ...], _found: Course, by: date, target: float, lower: bool
) -> Forecast:
    """The forecast; everything it depends on is in the key."""
    return forecast(_found, by, target, wants_lower=lower)
