"""The touches that a funnel needs, laid out as sorted arrays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from journey.analysis.funnel.carried import Carried
from journey.analysis.funnel.query import QUERIED, Query
from journey.analysis.funnel.spec import HELD, Count, Entry, Funnel
from journey.errors import MetricError

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Bits = NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True)
class Rows:
    """Touches sorted by group, and in the person's order within it. A group holds the touches
    among which all steps of a try must lie; it belongs to one unit, which is what is counted.
    """

    frame: pl.DataFrame
    """The answer to the query, in the same order."""
    unit: Integers
    scope: Integers
    """The unit, or its session where that is the window: what an exclusion looks through."""
    group: Integers
    place: Integers
    """The place in the order of people and their touches."""
    at: Integers
    """Microseconds."""
    bits: Bits
    """One bit for each step, then one for each exclusion; see `query`."""
    opens: tuple[int, int]
    """When a touch of the first step opens the funnel: from the first instant on, before the
    second."""
    words: Mapping[str, Carried]
    """What `frame` holds as numbers, by its name."""
    _touches: dict[int, Integers] = field(default_factory=dict)
    _before: dict[int, NDArray[np.int32]] = field(default_factory=dict)

    def of(self, bit: int) -> Integers:
        """The rows whose bit of this number is set, in order."""
        if bit not in self._touches:
            self._touches[bit] = np.flatnonzero(self._has(bit))
        return self._touches[bit]

    def before(self, bit: int) -> NDArray[np.int32]:
        """For each row, and for the end, how many rows before it have the bit of this number: at
        which of `of` to go on from there."""
        if bit not in self._before:
            self._before[bit] = counted_before(self._has(bit))
        return self._before[bit]

    def _has(self, bit: int) -> Flags:
        """Which rows have the bit of this number."""
        has: Flags = self.bits & (1 << bit) != 0
        return has

    @property
    def others(self) -> list[str]:
        """What the touches carry besides what every query gives, by name."""
        numbers = {one.number for one in self.words.values()}
        own = (name for name in self.frame.columns if name not in QUERIED)
        return [*(name for name in own if name not in numbers), *self.words]

    def carried(self, name: str, rows: Integers) -> pl.Series:
        """What these rows carry of a name in `others`; words may be of a fixed list."""
        if name not in self.words:
            return self.frame[name].gather(rows)
        one = self.words[name]
        return one.of(self.frame[one.number].gather(rows))

    @property
    def openings(self) -> Integers:
        """The rows that may open the funnel."""
        first, (since, until) = self.of(0), self.opens
        if self.at.min(initial=since) >= since and self.at.max(initial=since) < until:
            return first  # as nearly all are, where the period is all there is
        at = self.at[first]
        return first[(at >= since) & (at < until)]

    def first_at(self, groups: Integers, instants: Integers) -> Integers:
        """For each group, the first of its rows at or after an instant; the row after the
        group's last where there is none. A binary search in all groups at once.
        """
        low = np.searchsorted(self.group, groups, side="left")
        high = np.searchsorted(self.group, groups, side="right")
        while (open_ := low < high).any():
            middle = (low + high) // 2
            early = open_ & (self.at[np.minimum(middle, len(self.at) - 1)] < instants)
            low = np.where(early, middle + 1, low)
            high = np.where(open_ & ~early, middle, high)
        return low


def rows(funnel: Funnel, asked: Query, found: pl.DataFrame) -> Rows:
    """The answer to a query, or some people's part of it in order, as sorted arrays."""
    person = found["person"].to_numpy()
    unit, held = person, []
    if funnel.count is Count.JOURNEYS:
        unit = _joined(person, _integers(found["journey_number"]))
    if funnel.count is Count.SESSIONS:
        unit = _joined(person, _integers(found["session_number"]))
    scope = unit
    if funnel.in_session and funnel.count is not Count.SESSIONS:
        scope = _joined(unit, _integers(found["session_number"]))
    group, bits = scope, _bits(funnel, asked, found)
    for name in funnel.hold:
        column = found[HELD[name]]
        group = _joined(group, _codes(column))
        held.append(column.is_null().to_numpy())
    if held:
        # What has no cart shares none: such a touch is no step, though it may be excluded.
        others = np.iinfo(bits.dtype).max & ~((1 << len(funnel.steps)) - 1)
        bits = np.where(np.logical_or.reduce(held), bits & others, bits)
    place = np.arange(len(bits), dtype=np.int64)
    at = found["occurred_at"].to_physical().to_numpy()
    made = Rows(found, unit, scope, group, place, at, bits, asked.opens, asked.words)
    return made if group is person or (group[1:] >= group[:-1]).all() else _sorted(made)


def counted_before(flags: Flags) -> NDArray[np.int32]:
    """How many flags are set before each row, and before the end. One pass over all is quicker
    than a binary search for each of many.

    >>> counted_before(np.array([True, False, True]))
    array([0, 1, 1, 2], dtype=int32)
    """
    counts = np.zeros(len(flags) + 1, dtype=np.int32)
    np.cumsum(flags, out=counts[1:])
    return counts


def in_order(found: pl.DataFrame) -> pl.DataFrame:
    """The touches in the order of people and their touches, where `touch` says which that is.
    Without it they are as they are stored, which is that order; see `check_order`."""
    if "touch" not in found.columns:
        return found
    person, touch = found["person"].to_numpy(), found["touch"].to_numpy()
    later = touch[1:] > touch[:-1]
    later |= person[1:] != person[:-1]
    if later.all() and (person[1:] >= person[:-1]).all():
        return found
    # Whatever broke the order left long runs of it, which this sort makes use of.
    keys = (person.astype(np.int64) << 32) + touch
    return found[np.argsort(keys, kind="stable")]


def check_order(found: pl.DataFrame) -> None:
    """Raises MetricError where touches are not in the order of people and time."""
    person, at = found["person"].to_numpy(), found["occurred_at"].to_physical().to_numpy()
    earlier = person[1:] == person[:-1]
    earlier &= at[1:] < at[:-1]
    if earlier.any() or (person[1:] < person[:-1]).any():
        raise MetricError(
            "The touches of this snapshot are not stored in the order they came in. Run "
            "`python -m journey build` to make a new one."
        )


def thinned(funnel: Funnel, asked: Query, found: pl.DataFrame) -> pl.DataFrame:
    """The touches in order without those that cannot matter where people are counted: of entries
    with nothing between them, all but the one that is tried. Left as they are where entries are
    few, since leaving out is work as well."""
    first, last = funnel.in_order and funnel.chosen is Entry.FIRST, funnel.takes_last_entry
    apart = funnel.count is not Count.PEOPLE or funnel.in_session or funnel.hold
    if apart or not (first or last) or "conditional" in found.columns:
        return found
    entries = [number for number, marks in asked.marks.items() if marks == 1]
    enters = found["code"].is_in(entries).to_numpy()
    if np.count_nonzero(enters) < len(enters) / 2:
        return found
    person, at = found["person"].to_numpy(), found["occurred_at"].to_physical().to_numpy()
    spare = enters[:-1] & enters[1:] & (person[1:] == person[:-1])
    kept = np.ones(len(enters), dtype=np.bool_)
    # A neighbour outside the period is no entry.
    if first:
        kept[1:] = ~(spare & (at[:-1] >= asked.opens[0]))
    else:
        kept[:-1] = ~(spare & (at[1:] < asked.opens[1]))
    return found.filter(pl.Series(kept))


def shared_out(found: pl.DataFrame, parts: int) -> list[pl.DataFrame]:
    """Touches in order as so many parts of about the same length, all of a person's in one.
    Raises MetricError where a part begins with a person who does not come after the last."""
    person = found["person"].to_numpy()
    middles = person[[len(person) * part // parts for part in range(1, parts)]]
    found_ends = np.maximum.accumulate(np.searchsorted(person, middles))
    ends = [0, *found_ends.tolist(), len(person)]
    for end in ends[1:-1]:
        check_order(found[max(end - 1, 0) : end + 1])
    return [found[first:after] for first, after in pairwise(ends)]


def _bits(funnel: Funnel, asked: Query, found: pl.DataFrame) -> Bits:
    """The bits of each touch: those of its touchpoint, and those of conditions; in one byte each
    where that holds the bits of every step and exclusion, since they are looked through once a
    step."""
    code = found["code"].to_numpy()
    conditional = found["conditional"].to_numpy() if "conditional" in found.columns else None
    few = len(funnel.steps) + len(funnel.exclusions) <= 8 and not funnel.ignore
    length = max([0, *asked.marks, int(code.max(initial=0))]) + 1
    of_code = np.zeros(length, dtype=np.uint8 if few and conditional is None else np.uint32)
    of_code[list(asked.marks)] = list(asked.marks.values())
    bits: Bits = of_code[code]
    return bits if conditional is None else bits | conditional


def _sorted(made: Rows) -> Rows:
    """The rows in the order of their groups."""
    order = np.argsort(made.group, kind="stable")
    return Rows(
        made.frame[order],
        made.unit[order],
        made.scope[order],
        made.group[order],
        made.place[order],
        made.at[order],
        made.bits[order],
        made.opens,
        made.words,
    )


def _codes(column: pl.Series) -> Integers:
    """A number for each value, the same for the same value; 0 where there is none."""
    return _integers(column.rank("dense").fill_null(0))


def _integers(column: pl.Series) -> Integers:
    """The column as an array."""
    found: Integers = column.to_numpy().astype(np.int64, copy=False)
    return found


def _joined(one: Integers, other: Integers) -> Integers:
    """A number for each pair of values, in the order of the pairs."""
    least = int(other.min(initial=0))
    pairs = one.astype(np.int64) * (int(other.max(initial=0)) - least + 1) + (other - least)
    numbers: Integers = np.unique(pairs, return_inverse=True)[1]
    return numbers
