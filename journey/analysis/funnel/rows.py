"""The touches that a funnel needs, laid out as sorted arrays."""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from journey.analysis.funnel.query import Query
from journey.analysis.funnel.spec import HELD, Count, Funnel

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


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
    bits: NDArray[np.uint32]
    """One bit for each step, then one for each exclusion; see `query`."""
    opens: tuple[int, int]
    """When a touch of the first step opens the funnel: from the first instant on, before the
    second."""
    _touches: dict[int, Integers] = field(default_factory=dict)
    _before: dict[int, NDArray[np.int32]] = field(default_factory=dict)

    def of(self, bit: int) -> Integers:
        """The rows whose bit of this number is set, in order."""
        if bit not in self._touches:
            self._touches[bit] = np.flatnonzero((self.bits & np.uint32(1 << bit)) != 0)
        return self._touches[bit]

    def before(self, bit: int) -> NDArray[np.int32]:
        """For each row, and for the end, how many rows before it have the bit of this number: at
        which of `of` to go on from there."""
        if bit not in self._before:
            self._before[bit] = counted_before(self.of(bit), len(self.at))
        return self._before[bit]

    @property
    def openings(self) -> Integers:
        """The rows that may open the funnel."""
        first = self.of(0)
        at = self.at[first]
        return first[(at >= self.opens[0]) & (at < self.opens[1])]

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
    group, bits = scope, _bits(asked, found)
    for name in funnel.hold:
        column = found[HELD[name]]
        group = _joined(group, _codes(column))
        held.append(column.is_null().to_numpy())
    if held:
        # What has no cart shares none: such a touch is no step, though it may be excluded.
        steps = np.uint32((1 << len(funnel.steps)) - 1)
        bits = np.where(np.logical_or.reduce(held), bits & ~steps, bits)
    place = np.arange(len(bits), dtype=np.int64)
    at = found["occurred_at"].to_physical().to_numpy()
    made = Rows(found, unit, scope, group, place, at, bits, asked.opens)
    return made if group is person or (group[1:] >= group[:-1]).all() else _sorted(made)


def counted_before(rows: Integers, length: int) -> NDArray[np.int32]:
    """How many of these rows come before each row of so many, and before the end. One pass over
    all is quicker than a binary search for each of many.

    >>> counted_before(np.array([0, 2]), 3)
    array([0, 1, 1, 2], dtype=int32)
    """
    counts = np.zeros(length + 1, dtype=np.int32)
    counts[rows + 1] = 1
    return np.cumsum(counts, out=counts)


def in_order(found: pl.DataFrame) -> pl.DataFrame:
    """The touches in the order of people and their touches: as they are stored, which is looked
    at and not trusted."""
    person, touch = found["person"].to_numpy(), found["touch"].to_numpy()
    later = touch[1:] > touch[:-1]
    later |= person[1:] != person[:-1]
    if later.all() and (person[1:] >= person[:-1]).all():
        return found
    # Whatever broke the order left long runs of it, which this sort makes use of.
    keys = (person.astype(np.int64) << 32) + touch
    return found[np.argsort(keys, kind="stable")]


def shared_out(found: pl.DataFrame, parts: int) -> list[pl.DataFrame]:
    """Touches in order as so many parts of about the same length, all of a person's in one."""
    person = found["person"].to_numpy()
    middles = person[[len(person) * part // parts for part in range(1, parts)]]
    ends = [0, *np.searchsorted(person, middles).tolist(), len(person)]
    return [found[first:after] for first, after in pairwise(ends)]


def _bits(asked: Query, found: pl.DataFrame) -> NDArray[np.uint32]:
    """The bits of each touch: those of its touchpoint, and those of conditions."""
    code = found["code"].to_numpy()
    of_code = np.zeros(max([0, *asked.marks, int(code.max(initial=0))]) + 1, dtype=np.uint32)
    of_code[list(asked.marks)] = list(asked.marks.values())
    bits: NDArray[np.uint32] = of_code[code]
    if "conditional" in found.columns:
        bits |= found["conditional"].to_numpy()
    return bits


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
