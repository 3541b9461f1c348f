"""How many reach each step, where the tries themselves need not be known: one pass a step.

Of two tries that have got as far by some touch, the one that began later has more of its window
left and can do whatever the other can. So a touch need only know the latest beginning of those
before it. What this counts is what following every try counts.
"""

import numpy as np
import polars as pl

from journey.analysis.funnel.chains import NONE
from journey.analysis.funnel.query import Query
from journey.analysis.funnel.rows import Flags, Integers, counted_before
from journey.analysis.funnel.spans import micros
from journey.analysis.funnel.spec import Count, Entry, Funnel, Mode


def is_simple(funnel: Funnel) -> bool:
    """Whether `reach` can count it: people or journeys by one try each, steps in order that all
    must happen, and nothing asked that depends on more than where a try began."""
    plain = not (funnel.exclusions or funnel.grace or funnel.hold or funnel.in_session)
    bare = not any(step.conditions or step.gap or step.optional for step in funnel.steps)
    one = funnel.count in (Count.PEOPLE, Count.JOURNEYS) and funnel.chosen is not Entry.EVERY
    return funnel.mode is Mode.ORDERED and plain and bare and one


def reach(funnel: Funnel, asked: Query, found: pl.DataFrame) -> list[int]:
    """How many of some people, or of their journeys, reach each step of a simple funnel."""
    unit, at = _units(funnel, found), found["occurred_at"].to_physical().to_numpy()
    code = found["code"].to_numpy()
    goes_on = _is_step(asked, code, 0)
    goes_on &= _enters(funnel, asked, unit, at, goes_on)
    began = np.flatnonzero(goes_on)
    counts = [_number(unit[began])]
    for place in range(1, len(funnel.steps)):
        # The latest beginning is that of the last touch before that got as far: a unit's touches
        # lie behind those of the units before it, and later ones began no earlier.
        latest = np.concatenate(([NONE], began))
        before, goes_on = counted_before(goes_on), _is_step(asked, code, place)
        touches = np.flatnonzero(goes_on)
        began, mine = latest[before[touches]], unit[touches]
        there = (began != NONE) & (unit[began] == mine)
        if funnel.span is not None:
            there &= at[touches] - at[began] <= micros(funnel.span)
        goes_on[touches] = there
        began = began[there]
        counts.append(_number(mine[there]))
    return counts


def _units(funnel: Funnel, found: pl.DataFrame) -> Integers:
    """What is counted, as a number for each touch that never falls."""
    unit: Integers = found["person"].to_numpy()
    if funnel.count is Count.JOURNEYS:
        unit = (unit.astype(np.int64) << 32) + found["journey_number"].to_numpy()
    return unit


def _is_step(asked: Query, code: Integers, place: int) -> Flags:
    """Which touches are the step at this place: a comparison for each of its touchpoints, which
    are few, is quicker than looking up what each touch is."""
    found = np.zeros(len(code), dtype=np.bool_)
    for number, marks in asked.marks.items():
        if marks >> place & 1:
            found |= code == number
    return found


def _enters(funnel: Funnel, asked: Query, unit: Integers, at: Integers, first: Flags) -> Flags:
    """Which touches may open the funnel, of those of its first step: those within the period,
    and where the first alone opens it, one a unit."""
    since, until = asked.opens
    enters: Flags = (at >= since) & (at < until)
    if funnel.chosen is Entry.FIRST:
        openings = np.flatnonzero(enters & first)
        units = unit[openings]
        enters[openings[1:][units[1:] == units[:-1]]] = False
    return enters


def _number(units: Integers) -> int:
    """How many there are, of units in order."""
    return int(np.count_nonzero(units[1:] != units[:-1])) + bool(len(units))
