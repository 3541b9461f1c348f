"""Tries: from each opening touch, which touches are its steps. All tries at once.

A try is a column of row numbers, one for each step; `NONE` where the step was not reached.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journey.analysis.funnel.anyorder import in_any_order
from journey.analysis.funnel.query import PASSED_OVER
from journey.analysis.funnel.rows import Flags, Integers, Rows, counted_before
from journey.analysis.funnel.spans import micros
from journey.analysis.funnel.spec import Entry, Funnel, Mode

NONE = -1

Numbers = NDArray[np.signedinteger[Any]]


def follow(rows: Rows, funnel: Funnel, openings: Integers) -> Integers:
    """The tries that begin at these rows: an array of steps × openings."""
    if funnel.mode is Mode.ANY:
        return in_any_order(rows, funnel, openings)
    if funnel.mode is Mode.STRICT:
        return _strict(rows, funnel, openings)
    return _ordered(rows, funnel, openings)


def _ordered(rows: Rows, funnel: Funnel, openings: Integers) -> Integers:
    """Each step is the earliest touch after the step before; what is optional is looked for
    between the two steps around it that must happen."""
    tries = np.full((len(funnel.steps), len(openings)), NONE, dtype=np.int64)
    tries[0] = openings
    seeker = _Seeker(rows, funnel, tries)
    required = funnel.required
    for before, after in pairwise(required):
        for place in range(before + 1, after):
            seeker.seek(place, before)
        seeker.seek(after, before)
        for place in range(before + 1, after):
            _not_after(rows, funnel, tries, place, after)
    return tries


def _not_after(rows: Rows, funnel: Funnel, tries: Integers, place: int, after: int) -> None:
    """Take an optional step away where it came only after the next step."""
    live = np.flatnonzero((tries[place] != NONE) & (tries[after] != NONE))
    mine, next_ = tries[place, live], tries[after, live]
    if funnel.grace:
        late = (mine == next_) | (rows.at[mine] > rows.at[next_] + micros(funnel.grace))
    else:
        late = mine >= next_
    tries[place, live[late]] = NONE


@dataclass
class _Seeker:
    """Finds the next steps of tries in ordered and flexible mode."""

    rows: Rows
    funnel: Funnel
    tries: Integers

    def __post_init__(self) -> None:
        self._latest = self.rows.at[self.tries[0]] if self.funnel.grace else None

    def seek(self, place: int, before: int) -> None:
        """Find the step at `place` after the step at `before`, in every try that has that."""
        rows, funnel, tries = self.rows, self.funnel, self.tries
        live = np.flatnonzero(tries[before] != NONE)
        previous = tries[before, live]
        touches = rows.of(place)
        if not len(touches) or not len(live):
            return
        index: Numbers = rows.before(place)[self._from(place, live, previous)]
        if funnel.grace:
            index = self._unused(touches, index, live, before)
        found = touches[np.minimum(index, len(touches) - 1)]
        there = (index < len(touches)) & (rows.group[found] == rows.group[previous])
        there &= self._in_time(place, live, previous, found)
        tries[place, live[there]] = found[there]
        if self._latest is not None and place in funnel.required:
            reached = live[there]
            self._latest[reached] = np.maximum(self._latest[reached], rows.at[found[there]])

    def _from(self, place: int, live: Integers, previous: Integers) -> Integers:
        """The first row that may be the step."""
        rows, gap = self.rows, self.funnel.steps[place].gap
        least = gap.least if gap else None
        if self._latest is None and not least:
            return previous + 1
        instants = np.full(len(live), np.iinfo(np.int64).min)
        if self._latest is not None:
            instants = self._latest[live] - micros(self.funnel.grace)
        if least:
            instants = np.maximum(instants, rows.at[previous] + micros(least))
        first = rows.first_at(rows.group[previous], instants)
        return first if self._latest is not None else np.maximum(first, previous + 1)

    def _unused(self, touches: Integers, index: Numbers, live: Integers, before: int) -> Numbers:
        """Past touches that are a step of the try already, which only a grace lets come up."""
        steps = [place for place in self.funnel.required if place <= before]
        for _ in steps:
            found = touches[np.minimum(index, len(touches) - 1)]
            used = (self.tries[steps][:, live] == found).any(axis=0)
            used &= index < len(touches)
            if not used.any():
                break
            index = index + used
        return index

    def _in_time(self, place: int, live: Integers, previous: Integers, found: Integers) -> Flags:
        """Whether the step came within the window and the longest gap."""
        rows, gap = self.rows, self.funnel.steps[place].gap
        there = np.ones(len(found), dtype=np.bool_)
        if self.funnel.span is not None:
            opened = rows.at[self.tries[0, live]]
            there &= rows.at[found] - opened <= micros(self.funnel.span)
        if gap and gap.most is not None:
            there &= rows.at[found] - rows.at[previous] <= micros(gap.most)
        return there


def _strict(rows: Rows, funnel: Funnel, openings: Integers) -> Integers:
    """Each step is the very next touch of the unit."""
    order = np.lexsort((rows.place, rows.unit))
    # A touch that is a step is never passed over.
    own = PASSED_OVER | (1 << len(funnel.steps)) - 1
    order = order[rows.bits.astype(np.uint32)[order] & own != PASSED_OVER]
    follower = np.full(len(rows.at), NONE, dtype=np.int64)
    same = rows.unit[order[1:]] == rows.unit[order[:-1]]
    follower[order[:-1][same]] = order[1:][same]
    tries = np.full((len(funnel.steps), len(openings)), NONE, dtype=np.int64)
    tries[0] = openings
    for place in range(1, len(funnel.steps)):
        live = np.flatnonzero(tries[place - 1] != NONE)
        previous = tries[place - 1, live]
        found = follower[previous]
        there = (found != NONE) & (rows.bits[found] & (1 << place) != 0)
        there &= rows.group[found] == rows.group[previous]
        passed = rows.at[found] - rows.at[previous]
        if funnel.span is not None:
            there &= rows.at[found] - rows.at[tries[0, live]] <= micros(funnel.span)
        if gap := funnel.steps[place].gap:
            there &= passed >= micros(gap.least) if gap.least is not None else True
            there &= passed <= micros(gap.most) if gap.most is not None else True
        tries[place, live[there]] = found[there]
    return tries


def worth_following(rows: Rows, funnel: Funnel) -> Integers:
    """The openings that have to be followed for the answer, in order."""
    openings = rows.openings
    if funnel.chosen is Entry.FIRST:
        units = rows.unit[openings]
        if rows.group is not rows.unit:
            order = np.lexsort((rows.place[openings], units))
            openings, units = openings[order], units[order]
        is_first = np.ones(len(openings), dtype=np.bool_)
        is_first[1:] = units[1:] != units[:-1]
        first = openings[is_first]
        return first if rows.group is rows.unit else np.sort(first)
    if funnel.takes_last_entry:
        # Of openings with no second step between them, the last gets as far as any before it.
        opens = np.zeros(len(rows.at), dtype=np.bool_)
        opens[openings] = True
        second = counted_before(opens)[rows.of(funnel.required[1])] - 1
        worth = np.zeros(len(openings), dtype=np.bool_)
        worth[second[second >= 0]] = True
        groups = rows.group[openings]
        worth[:-1] |= groups[1:] != groups[:-1]
        worth[-1:] = True
        return openings[worth]
    return openings
