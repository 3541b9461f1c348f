"""Open entry: who comes in at a later step counts from there, as if the funnel began there."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import polars as pl

from journey.analysis.funnel.chains import follow
from journey.analysis.funnel.query import PASSED_OVER, Query
from journey.analysis.funnel.report import each
from journey.analysis.funnel.rows import Integers, Rows, rows
from journey.analysis.funnel.rule import Naming, rule
from journey.analysis.funnel.spec import Count, Entry, Funnel, Mode
from journey.errors import MetricError
from journey.metrics import statistics
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


@dataclass(frozen=True)
class Joined:
    """A step of an open funnel. Shares are None of nobody."""

    step: str
    entered: int
    """How many came in here: of all steps this was their earliest in the period."""
    came: int
    """How many came on from the step before."""
    count: int
    """Both together."""
    overall: float | None
    """Their share of all that came in anywhere."""
    previous: float | None
    """The share of those at the step before, wherever they came in, that came on; None for the
    first step."""
    previous_low: float | None
    """The 95 % Wilson interval of it."""
    previous_high: float | None


def ask(
    engine: Engine, funnel: Funnel, filters: Filters, *, mature_only: bool = False
) -> list[Joined]:
    """How many come in at each step and how many come on from the step before. Everyone counts
    once, by the earliest touch of any step in the period; the window runs from that touch.

    Raises MetricError where the funnel's settings leave open entry without a meaning.
    """
    check(funnel)
    counts = np.zeros((2, len(funnel.steps)), dtype=np.int64)
    for part in each(engine, funnel, filters, _counts, mature_only=mature_only):
        counts += part
    return _steps(funnel, *counts.tolist())


def open_rule(
    funnel: Funnel, filters: Filters, *, mature_only: bool = False, naming: Naming = str
) -> str:
    """The rule of open entry in one sentence."""
    return rule(funnel, filters, mature_only=mature_only, naming=naming, is_open=True)


def check(funnel: Funnel) -> None:
    """Raises MetricError, with the remedy, where the settings contradict open entry."""
    if funnel.mode not in (Mode.ORDERED, Mode.STRICT):
        how = "In any order" if funnel.mode is Mode.ANY else "First, then last:"
        raise MetricError(
            f"{how} no step has to come before the next, so nobody can come in at a later one. "
            "Choose the mode ordered or strict."
        )
    if any(step.optional for step in funnel.steps):
        raise MetricError(
            "Whether somebody came in at an optional step or passed it cannot be told. Take the ? "
            "away."
        )
    if funnel.exclusions:
        raise MetricError(
            "An excluded touch lies between two steps, and who comes in later never took the "
            "first. Take the exclusion away."
        )
    if funnel.count is Count.ENTRIES or funnel.entry not in (None, Entry.FIRST):
        raise MetricError(
            "With open entry everyone comes in once, at the earliest step. Leave the entry out, "
            "and count people, journeys or sessions."
        )


def table(found: Sequence[Joined]) -> pl.DataFrame:
    """One row a step, with the fields of `Joined` as columns."""
    kinds = {
        "step": pl.String,
        **dict.fromkeys(("entered", "came", "count"), pl.Int64),
        **dict.fromkeys(("overall", "previous", "previous_low", "previous_high"), pl.Float64),
    }
    return pl.DataFrame([asdict(one) for one in found], schema=kinds)


def _counts(funnel: Funnel, asked: Query, found: pl.DataFrame) -> Integers:
    """Those who came in at each step, and those who came on to it, among some people's touches."""
    made = rows(funnel, asked, found)
    counts = np.zeros((2, len(funnel.steps)), dtype=np.int64)
    openings, at_step = _entries(made, len(funnel.steps))
    for place in range(len(funnel.steps)):
        mine = openings[at_step == place]
        counts[0, place] = len(mine)
        if place + 1 < len(funnel.steps) and len(mine):
            tries = follow(_beginning_at(made, place), _rest(funnel, place), mine)
            counts[1, place + 1 :] += (tries[1:] >= 0).sum(axis=1)
    return counts


def _entries(made: Rows, steps: int) -> tuple[Integers, Integers]:
    """The row of each unit's earliest touch of any step in the period, and which step it is: of
    several, the earliest."""
    bits = made.bits & np.uint32((1 << steps) - 1)
    touches = np.flatnonzero((bits != 0) & (made.at >= made.opens[0]) & (made.at < made.opens[1]))
    order = np.lexsort((made.place[touches], made.unit[touches]))
    touches = touches[order]
    units = made.unit[touches]
    is_first = np.ones(len(touches), dtype=np.bool_)
    is_first[1:] = units[1:] != units[:-1]
    openings = np.sort(touches[is_first])
    own = bits[openings]
    lowest = own & (~own + np.uint32(1))
    return openings, np.log2(np.maximum(lowest, 1)).astype(np.int64)


def _beginning_at(made: Rows, place: int) -> Rows:
    """The touches as a funnel sees them whose first step is the one at this place."""
    passed_over = np.uint32(PASSED_OVER)
    bits = (made.bits & ~passed_over) >> np.uint32(place) | (made.bits & passed_over)
    return replace(made, bits=bits, _touches={}, _before={})


def _rest(funnel: Funnel, place: int) -> Funnel:
    """The funnel from a step on."""
    first, *others = funnel.steps[place:]
    return replace(funnel, steps=(replace(first, gap=None), *others), entry=Entry.FIRST)


def _steps(funnel: Funnel, entered: list[int], came: list[int]) -> list[Joined]:
    """The counts with their shares."""
    total = sum(entered)
    steps = []
    before: int | None = None
    for step, here, on in zip(funnel.steps, entered, came, strict=True):
        low, high = statistics.wilson(on, before) if before else (None, None)
        steps.append(
            Joined(
                step.text, here, on, here + on,
                (here + on) / total if total else None,
                on / before if before else None, low, high,
            )
        )  # fmt: skip
        before = here + on
    return steps
