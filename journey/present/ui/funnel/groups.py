"""Who gets further: broken down, with what else they did, and against another span or group."""

from contextlib import suppress
from threading import Thread

import duckdb
import polars as pl
import streamlit as st

from journey.analysis.funnel import breakdown, compare
from journey.analysis.funnel import drivers as odds_ratios
from journey.analysis.funnel.spec import Mode
from journey.errors import JourneyError
from journey.metrics.filters import Filters
from journey.present import charts, kpi, words
from journey.present.captions import caption
from journey.present.captions import found as steps_said
from journey.present.funnel import odds, tables
from journey.present.ui.card import choosing, panel, problem, told, trouble
from journey.present.ui.funnel.asked import Asked, against, as_metric
from journey.present.ui.shell import colours


def broken_down(way: Asked) -> None:
    """The funnel for each value of something."""
    with choosing("by", "Broken down", f"Which {way.noun} get further than the others?"):
        _broken_down(way)


def _broken_down(way: Asked) -> None:
    """The choices, and the table."""
    with st.container(horizontal=True, key="filters_by", vertical_alignment="bottom"):
        by = str(
            st.selectbox(
                "By",
                list(breakdown.COLUMNS),
                format_func=words.label,
                key="way_by",
                bind="query-params",
                width=190,
            )
        )
        at = str(
            st.selectbox(
                "Value at",
                ["first", "last", *(str(n) for n in range(2, len(way.labels) + 1))],
                format_func=lambda one: _place(way, one),
                key="way_at",
                bind="query-params",
                width=230,
            )
        )
    try:
        found = way.kept("breakdown", way.page.filters, _broken, by, at)
    except JourneyError as error:
        trouble(error)
        return
    rows = _measures(found, way.labels)
    if rows.is_empty():
        st.html(kpi.foot(f"No {way.noun} entered in this period."))
    else:
        metric = as_metric("breakdown", "Who gets through", "measures", "percent", way.noun)
        st.html(kpi.says([caption(metric, rows, None, way.least)]))
        st.html(str(charts.html(metric, rows, colours(), minimum_n=way.least)))
    who = f"Only those who got to {way.labels[int(at) - 1]}. " if at.isdigit() else ""
    foot = (
        f"{who}Share of all that entered who reached each step, with 95 % intervals; above and "
        "below the rest where more than chance would explain, at most one time in ten by mistake "
        f"(Benjamini and Hochberg), n from {way.least} on both sides. At most 12 values and Other."
    )
    question = f"Which {words.label(by).lower()} gets further?"
    told("by", way.behind("breakdown", question, found.rows), way.snapshot, foot)


def begin(way: Asked) -> None:
    """Begin on a thread beside with what goes with going on, which is asked last of all touches:
    it is there, or nearly so, when the page gets to it."""
    if way.funnel.mode is Mode.ANY:
        return
    one, other = (place + 1 for place in way.funnel.required[:2])
    first, last = map(int, str(st.session_state.get("way_drivers") or f"{one}-{other}").split("-"))

    def asked() -> None:
        # What fails here fails again, in words, where it is shown.
        with suppress(JourneyError, duckdb.Error):
            way.kept("drivers", way.page.filters, _driving, first, last)

    Thread(target=asked, daemon=True).start()


def drivers(way: Asked) -> None:
    """What goes with going on between two steps."""
    if way.funnel.mode is Mode.ANY:
        return
    question = "What did those who went on do, or bring, that those who left did not?"
    with choosing("drivers", "What goes with going on", question):
        _drivers(way, question)


def _drivers(way: Asked, question: str) -> None:
    """The choice, and the picture."""
    first, last = way.between("drivers", "From")
    try:
        found = way.kept("drivers", way.page.filters, _driving, first, last)
    except JourneyError as error:
        trouble(error)
        return
    one, other = way.labels[first - 1], way.labels[last - 1]
    said = odds.in_words(found.rows, one, other)
    st.html(kpi.says([said]))
    if odds.told(found.rows):
        way.draw(odds.odds(found.rows, colours()), "drivers", said)
    late = words.listed([words.label(name) for name in found.left_out]) or "nothing"
    foot = (
        f"{found.went_on:,} went on and {found.left:,} left, of those who have had their time. "
        f"Watched from {one} to {other}, or for as long as the window. Odds ratios with 95 % "
        "intervals (Haldane, Woolf), at most one in ten shown by mistake; no call under "
        f"{way.least}. Left out, as possible only after it: {late}."
    )
    told("drivers", way.behind("drivers", question, found.rows), way.snapshot, foot)


def _broken(way: Asked, filters: Filters, by: str, at: str) -> breakdown.Breakdown:
    """The funnel for each value. Raises MetricError."""
    tries = way.tries(filters, breakdown.column_of(by))
    return breakdown.breakdown(tries, way.funnel, by, at, way.least)


def _driving(way: Asked, filters: Filters, first: int, last: int) -> odds_ratios.Drivers:
    """What goes with going on. Raises MetricError."""
    return odds_ratios.drivers(way.page.engine, way.funnel, filters, first, last, way.least)


def compared(way: Asked) -> None:
    """The funnel against the span before, or another group, step by step; nothing where the data
    has no day of what it would be compared with."""
    before = way.page.before or way.page.filters.before()
    if not way.page.engine.snapshot.has_before(before.until):
        return
    try:
        now, earlier = way.counts(way.page.filters), way.counts(before)
    except JourneyError as error:
        problem("Compared", error)
        return
    found = compare.shifts(now.steps, earlier.steps, way.least)
    behind = way.behind("compared", _against_what(way, before), compare.rows(found))
    foot = (
        "Difference in points with Newcombe's 95 % interval; a verdict from "
        f"{way.least} on both sides, at most one in ten a mistake (Benjamini and Hochberg)."
    )
    with panel("compared", "More than chance?", behind, way.snapshot, foot):
        if not found:
            st.html(kpi.foot(f"No {way.noun} entered on one of the two sides in this period."))
            return
        labels = dict(zip((step.text for step in way.funnel.steps), way.labels, strict=True))
        st.html(kpi.says([steps_said.shifts(found, labels)]))
        st.html(tables.shifts(found, labels, way.least))


def _against_what(way: Asked, before: Filters) -> str:
    """The question, with what it is compared with."""
    return f"How does each step differ from {against(way.page.filters, before)}?"


def _place(way: Asked, at: str) -> str:
    """Where a value is taken."""
    fixed = {"first": "The first step", "last": "The last step reached"}
    return fixed.get(at) or f"{way.labels[int(at) - 1]} (who got there)"


def _measures(found: breakdown.Breakdown, labels: list[str]) -> pl.DataFrame:
    """The breakdown as a table of measures: entered, then the share at each step."""
    columns = [pl.col("value").alias(found.by), pl.col("step_1").cast(pl.Int64).alias("entered")]
    for number in range(2, len(labels) + 1):
        columns += [
            pl.col(f"step_{number}").cast(pl.Int64).alias(f"step {number}_part"),
            pl.col("step_1").cast(pl.Int64).alias(f"step {number}_whole"),
        ]
    rows = found.rows.select(columns)
    names = {f"step {n}_{end}": f"{label}_{end}" for n, label in enumerate(labels, 1)
             for end in ("part", "whole")}  # fmt: skip
    unique = len(set(labels)) == len(labels)
    return rows.rename(names, strict=False) if unique else rows
