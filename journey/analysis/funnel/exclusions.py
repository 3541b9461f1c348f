"""What an excluded touch between two steps does to a try."""

import numpy as np

from journey.analysis.funnel.rows import Flags, Integers, Rows
from journey.analysis.funnel.spans import micros
from journey.analysis.funnel.spec import Funnel, OnExclusion

_FAR = np.iinfo(np.int64).max


def apply(rows: Rows, funnel: Funnel, tries: Integers) -> Flags:
    """Which tries met an excluded touch and are out; where the rule is to stop, the steps after
    it are taken away and none is out.

    An excluded touch counts when it comes after the one step and before the other; where the
    other was not reached, up to the end of the window.
    """
    out = np.zeros(tries.shape[1], dtype=np.bool_)
    ends = np.full(tries.shape[1], _FAR)
    for number, one in enumerate(funnel.exclusions):
        after, before = (one.after or 1) - 1, (one.before or len(funnel.steps)) - 1
        met = _met(rows, funnel, tries, len(funnel.steps) + number, after, before)
        out |= met < _FAR
        ends = np.minimum(ends, met)
    if funnel.on_exclusion is OnExclusion.DROP:
        return out
    reached = tries >= 0
    tries[reached & (rows.place[tries] > ends)] = -1
    return np.zeros_like(out)


def _met(
    rows: Rows, funnel: Funnel, tries: Integers, bit: int, after: int, before: int
) -> Integers:
    """The place of the first excluded touch between the two steps of each try; the largest
    number where there is none."""
    met = np.full(tries.shape[1], _FAR)
    excluded = rows.of(bit)
    live = np.flatnonzero(tries[after] >= 0)
    if not len(excluded) or not len(live):
        return met
    room = int(rows.place.max()) + 1
    scope = rows.scope.astype(np.int64)
    keys = np.sort(scope[excluded] * room + rows.place[excluded])
    start, end = tries[after, live], tries[before, live]
    index = np.searchsorted(keys, scope[start] * room + rows.place[start], side="right")
    found = keys[np.minimum(index, len(keys) - 1)]
    there = (index < len(keys)) & (found // room == scope[start])
    place = found % room
    there &= (end < 0) | (place < rows.place[end])
    if funnel.span is not None:
        at = np.empty(room, dtype=np.int64)
        at[rows.place] = rows.at
        opened = rows.at[tries[0, live]]
        there &= at[place] - opened <= micros(funnel.span)
    met[live[there]] = place[there]
    return met
