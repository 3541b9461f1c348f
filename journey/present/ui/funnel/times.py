"""How long steps take, and how the funnel went in time."""

from datetime import date, timedelta

import polars as pl
import streamlit as st

from journey.analysis.funnel import course, duration
from journey.analysis.funnel.rule import closes_after
from journey.errors import JourneyError
from journey.metrics.filters import Filters
from journey.present import charts, kpi, timeaxis, words
from journey.present.captions import caption
from journey.present.funnel import times as picture
from journey.present.numbers import counted
from journey.present.ui import annotated
from journey.present.ui.card import choosing, told, trouble
from journey.present.ui.funnel.asked import Asked, as_metric
from journey.present.ui.shell import colours


def beside(way: Asked) -> None:
    """Time between two steps, and the course in time, side by side."""
    with st.grid(2, min_column_width=340, key="funnel_beside"):
        with choosing("times", "Time between steps", "How long does it take?"):
            _times(way)
        with choosing("course", "In time", "How did it go, by the day of the first step?"):
            _course(way)


def _times(way: Asked) -> None:
    """Time between two steps."""
    first, last = way.between("times", "From", after_any=True)
    one, other = way.labels[first - 1], way.labels[last - 1]
    try:
        found = way.kept("times", way.page.filters, _took, first, last)
    except JourneyError as error:
        trouble(error)
        return
    said = picture.in_words(found, one, other, way.least)
    st.html(kpi.says([said]))
    if found.tries >= way.least:
        way.draw(picture.spread(found, colours(), way.least), "times", said)
    behind = way.behind("times", f"How long does it take from {one} to {other}?", found.bars)
    told("times", behind, way.snapshot)


def _course(way: Asked) -> None:
    """The course in time."""
    grain, step = _course_choices(way)
    filters, before = way.page.filters, way.page.before
    try:
        rows = _rows(way, filters, grain, step)
        earlier = _rows(way, before, grain, step) if before else None
    except JourneyError as error:
        trouble(error)
        return
    title = f"Share that gets to {way.labels[step - 1]}"
    if rows.is_empty():
        st.html(kpi.foot(f"No {way.noun} entered in this period."))
    else:
        metric = as_metric("course", title, "rate", "percent", way.noun)
        young = _immature(way)
        old = rows if young is None else rows.filter(pl.col(rows.columns[0]) < young)
        says = caption(metric, old, None, way.least, filters.since, filters.until)
        st.html(kpi.says([says]))
        picture = charts.figure(
            metric,
            rows,
            colours(),
            minimum_n=way.least,
            compare=earlier if earlier is not None and not earlier.is_empty() else None,
            against="others" if before and before.outside != filters.outside else None,
            immature_from=young,
            since=filters.since,
            until=filters.until,
            notes=(noted := annotated.notes("funnel", "course", filters)),
            height=250,
        )
        alt = charts.alt(metric, rows, None, way.least)
        annotated.plotted(picture, "course", alt, noted, timeaxis.covered(rows))
    told("course", way.behind("course", f"{title}, in time", rows), way.snapshot,
         _course_foot(way, rows))  # fmt: skip


def _course_choices(way: Asked) -> tuple[str, int]:
    """The grain, and the step whose share is shown."""
    with st.container(horizontal=True, key="filters_course", vertical_alignment="bottom"):
        to = st.selectbox(
            "Share that gets to",
            range(2, len(way.labels) + 1),
            index=len(way.labels) - 2,
            format_func=lambda n: way.labels[n - 1],
            key="way_to",
            bind="query-params",
            width=210,
        )
        grain = st.selectbox(
            "By the",
            list(course.GRAINS),
            index=1,
            format_func=words.label,
            key="way_grain",
            bind="query-params",
            width=110,
        )
    return str(grain), int(to or len(way.labels))


def _rows(way: Asked, filters: Filters, grain: str, step: int) -> pl.DataFrame:
    """The course of one frame, its last column named by what is counted."""
    return way.kept("course", filters, _went, grain, step).rename({"entered": way.noun})


def _went(way: Asked, filters: Filters, grain: str, step: int) -> pl.DataFrame:
    """The course of one frame."""
    zone = way.page.engine.snapshot.time_zone
    return course.course(way.tries(filters), way.funnel, zone, grain, step)


def _took(way: Asked, filters: Filters, first: int, last: int) -> duration.Duration:
    """The time between two steps. Raises MetricError where they are not two steps."""
    return duration.duration(way.tries(filters), way.funnel, filters.as_of, first, last)


def _course_foot(way: Asked, rows: pl.DataFrame) -> str:
    """How many, and from when on they still have time."""
    entered = int(rows[way.noun].sum())
    return f"{counted(entered, way.noun)} by the day of their first step, with 95 % intervals."


def _immature(way: Asked) -> date | None:
    """The first day whose tries have not all had their time."""
    window = closes_after(way.funnel)
    filters = way.page.filters
    if window is None or way.choice.mature_only:
        return None
    day = (filters.as_of - window).date()
    return max(day, filters.since) if day < filters.until - timedelta(days=1) else None
