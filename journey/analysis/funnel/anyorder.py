"""Steps in any sequence, all inside one window, each with a touch of its own.

Whether the touches of a window can be shared out so that each step gets one is Hall's theorem
(1935): for every set of steps, at least as many touches must fit one of them as there are steps
in the set. Only steps that may take the same touch need to be looked at together.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from journey.analysis.funnel.rows import Flags, Integers, Rows
from journey.analysis.funnel.spans import micros
from journey.analysis.funnel.spec import Funnel

_LAST = np.iinfo(np.int64).max


def in_any_order(rows: Rows, funnel: Funnel, openings: Integers) -> Integers:
    """The tries that begin at these rows: an array of steps × openings, -1 where a step is not
    reached. Step k is reached where one window holds the opening and steps 1 to k.
    """
    tries = np.full((len(funnel.steps), len(openings)), -1, dtype=np.int64)
    if not len(openings):
        return tries
    starts = np.flatnonzero(rows.bits & ((1 << len(funnel.steps)) - 1) != 0)
    ends = _ends(rows, funnel, starts)
    enough = [_fits(rows, funnel, starts, ends, place) for place in range(len(funnel.steps))]
    # The windows that hold an opening begin with one of the touches from `low` to `high`.
    low = np.searchsorted(starts, _earliest(rows, funnel, openings))
    high = np.searchsorted(starts, openings, side="right")
    for place, fits in enumerate(enough):
        so_far = np.concatenate(([0], np.cumsum(fits)))
        reached = so_far[high] > so_far[low]
        begins = starts[np.minimum(np.searchsorted(so_far, so_far[low] + 1) - 1, len(starts) - 1)]
        tries[place, reached] = _touch(rows, funnel, place, begins[reached])
    tries[0] = openings
    return tries


def _ends(rows: Rows, funnel: Funnel, starts: Integers) -> Integers:
    """The row after the last of the window that begins at each start."""
    groups = rows.group[starts]
    if funnel.span is None:
        return np.searchsorted(rows.group, groups, side="right")
    return rows.first_at(groups, rows.at[starts] + micros(funnel.span) + 1)


def _earliest(rows: Rows, funnel: Funnel, openings: Integers) -> Integers:
    """The first row at which a window that holds the opening can begin."""
    groups = rows.group[openings]
    if funnel.span is None:
        return np.searchsorted(rows.group, groups, side="left")
    return rows.first_at(groups, rows.at[openings] - micros(funnel.span))


def _fits(rows: Rows, funnel: Funnel, starts: Integers, ends: Integers, place: int) -> Flags:
    """Whether the window from each start has a touch for the step and for each required step
    before it."""
    needed = [before for before in funnel.required if before < place] + [place]
    fits = np.ones(len(starts), dtype=np.bool_)
    for steps in _together(rows, needed):
        mask = sum(1 << step for step in steps)
        so_far = np.concatenate(([0], np.cumsum((rows.bits & mask) != 0)))
        fits &= so_far[ends] - so_far[starts] >= len(steps)
    return fits


def _together(rows: Rows, needed: list[int]) -> Iterator[tuple[int, ...]]:
    """The sets of steps to look at: each alone, and those that may take the same touch."""
    mask = sum(1 << step for step in needed)
    kinds = [int(kind) for kind in np.unique(rows.bits & mask)]
    parts: list[set[int]] = [{step} for step in needed]
    for kind in kinds:
        touched = [part for part in parts if any(kind >> step & 1 for step in part)]
        if len(touched) > 1:
            parts = [part for part in parts if part not in touched]
            parts.append(set().union(*touched))
    for part in parts:
        for size in range(1, len(part) + 1):
            yield from combinations(sorted(part), size)


def _touch(rows: Rows, funnel: Funnel, place: int, begins: Integers) -> Integers:
    """The first touch of the step from the beginning of its window on: the second one where the
    same step stands before it already, and so on."""
    same = sum(funnel.steps[before] == funnel.steps[place] for before in range(place))
    touches = rows.of(place)
    index = np.searchsorted(touches, begins) + same
    return touches[np.minimum(index, len(touches) - 1)]
