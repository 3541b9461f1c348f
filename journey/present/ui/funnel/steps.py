"""The funnel itself, and the money through its steps."""

from collections.abc import Sequence

import polars as pl
import streamlit as st

from journey.analysis.funnel import joining, maturity, report
from journey.analysis.funnel import money as amounts
from journey.errors import JourneyError
from journey.metrics.filters import Filters
from journey.present import kpi, words
from journey.present.captions import found as said
from journey.present.funnel import steps as picture
from journey.present.funnel import tables
from journey.present.funnel.steps import Bar
from journey.present.numbers import counted
from journey.present.ui.card import panel, problem
from journey.present.ui.funnel.asked import Asked
from journey.present.ui.shell import colours


def step_by_step(way: Asked) -> None:
    """The steps themselves: the leading picture."""
    try:
        found = way.counts(way.page.filters)
        before = way.counts(way.page.before) if way.page.before else None
    except JourneyError as error:
        problem("The funnel", error)
        return
    shown = _bars(way, found, before)
    told = picture.in_words(shown, way.noun, way.least)
    if shown and not shown[0].whole:
        told = f"No {way.noun} entered in this period. Widen the period or the filters."
    behind = way.behind("funnel", "How many go from step to step?", _table(found))
    with panel("steps", "Step by step", behind, way.snapshot, way.rule()):
        st.html(kpi.says([told]))
        if shown and shown[0].whole:
            way.draw(picture.bars(shown, colours(), way.least), "steps", told)


def open_entry(way: Asked) -> None:
    """The steps where people may come in at any of them."""
    question = "How many come in later than at the first step?"
    try:
        found = way.kept("open", way.page.filters, _joined)
    except JourneyError as error:
        none = way.behind("open_entry", question, pl.DataFrame())
        with panel("open", _OPEN, none, way.snapshot, says=str(error)):
            return
    behind = way.behind("open_entry", question, joining.table(found))
    later, total = (sum(one.entered for one in steps) for steps in (found[1:], found))
    told = f"Of {counted(total, way.noun)}, {later:,} came in after the first step."
    if not total:
        told = f"No {way.noun} came in at any step in this period. Widen the period or the filters."
    foot = joining.open_rule(
        way.funnel, way.page.filters, mature_only=way.choice.mature_only, naming=words.label
    )
    with panel("open", _OPEN, behind, way.snapshot, foot, says=told):
        if total:
            st.html(tables.joined(found, way.labels, way.least))


_OPEN = "Coming in at any step"


def money(way: Asked) -> None:
    """Amounts through the steps."""
    try:
        rows = way.kept("money", way.page.filters, _amounts)
    except JourneyError as error:
        problem("Money", error)
        return
    snapshot = way.page.engine.snapshot
    behind = way.behind("money", "What do the steps bring?", rows)
    left_out = int(rows["elsewhere"].sum())
    foot = (
        "Amounts as they came with the steps' own touches, refunds not taken off, each touch "
        f"once.{f' {left_out:,} in other currencies are left out.' if left_out else ''}"
    )
    with panel("money", "Money through the steps", behind, way.snapshot, foot):
        if not rows["touches"].sum():
            st.html(kpi.foot("No step's touches carry an amount in this period."))
            return
        st.html(kpi.says([said.money(rows, way.labels, snapshot.currency, _one(way.noun))]))
        st.html(tables.money(rows, way.labels, snapshot.currency, _one(way.noun)))


def _maturing(way: Asked, filters: Filters) -> Sequence[maturity.Estimate]:
    """The share that reaches each step, with tries still in their window."""
    return maturity.estimates(way.tries(filters), way.funnel, filters.as_of)


def _joined(way: Asked, filters: Filters) -> list[joining.Joined]:
    """The steps with open entry. Raises MetricError where it has no meaning."""
    asked = way.page.engine, way.funnel, filters
    return joining.ask(*asked, mature_only=way.choice.mature_only)


def _amounts(way: Asked, filters: Filters) -> pl.DataFrame:
    """The amounts of the steps' touches."""
    return amounts.money(way.page.engine, way.funnel, filters, way.tries(filters))


def _bars(way: Asked, found: report.Report, before: report.Report | None) -> list[Bar]:
    """The steps as the picture takes them."""
    if way.choice.estimated:
        return _estimated(way, found, before)
    bars = []
    for place, (label, step) in enumerate(zip(way.labels, found.steps, strict=True)):
        values = step.as_json()
        low, high = values["overall_interval"] or (None, None)
        step_low, step_high = values["previous_interval"] or (None, None)
        earlier = before.steps[place].overall if before else None
        bars.append(
            Bar(
                label, step.count, step.entered, low, high, step.before, step_low, step_high,
                step.optional, earlier=earlier,
            )
        )  # fmt: skip
    return bars


def _estimated(way: Asked, found: report.Report, before: report.Report | None) -> list[Bar]:
    """The steps by the estimate, which has no interval for a step's own rate."""
    filters = way.page.filters
    known = way.kept("estimates", filters, _maturing)
    bars: list[Bar] = []
    last = 0.0
    for place, (label, step) in enumerate(zip(way.labels, found.steps, strict=True)):
        one = known[place] if known else None
        share = one.share if one and one.share is not None else step.overall or 0.0
        count = share * step.entered
        bars.append(
            Bar(
                label,
                count,
                step.entered,
                one.low if one else None,
                one.high if one else None,
                round(last) if place else None,
                optional=step.optional,
                estimated=place > 0,
                earlier=before.steps[place].overall if before else None,
            )
        )
        last = last if step.optional else count
    return bars


def _table(found: report.Report) -> pl.DataFrame:
    """The steps' counts and rates."""
    rows = [step.as_json() for step in found.steps]
    for row in rows:
        for name in ("overall", "previous"):
            row[f"{name}_low"], row[f"{name}_high"] = row.pop(f"{name}_interval") or (None, None)
    return pl.DataFrame(rows, infer_schema_length=None)


def _one(noun: str) -> str:
    """One of those counted."""
    return {"people": "person", "entries": "entry"}.get(noun, noun.removesuffix("s"))
