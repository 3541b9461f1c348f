"""A metric's course for its card: worked out once for a snapshot and a choice."""

import streamlit as st

from journey.analysis.trend import course as courses
from journey.analysis.trend.course import Course
from journey.errors import JourneyError
from journey.metrics.answer import Answer
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.metric import Metric
from journey.present.readings import has_series, is_dated
from journey.present.ui.shell import ask

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


@st.cache_data(max_entries=1_000, max_size="64MB", show_spinner=False)
def _course(
    key: tuple[object, ...], _engine: Engine, _metric: Metric, _asked: Filters
) -> Course | None:
    """The course; everything it depends on is in the key."""
    rows = ask(_engine, _metric, _asked).rows
    return courses.course(_metric, rows, _asked, _engine.snapshot, float(str(key[-1])))
