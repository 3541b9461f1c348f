"""The touches that a funnel needs, laid out as sorted arrays."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from journey.analysis.funnel.query import OPENS
from journey.analysis.funnel.spec import HELD, Count, Funnel

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """Touches sorted by group, and in the person's order within it. A group holds the touches
    among which all steps of a try must lie; it belongs to one unit, which is what is counted.
    """

    frame: pl.DataFrame
    """`person` and the columns that were asked for besides, in the same order."""
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
    _touches: dict[int, Integers] = field(default_factory=dict)

    def of(self, bit: int) -> Integers:
        """The rows whose bit of this number is set, in order."""
        if bit not in self._touches:
            self._touches[bit] = np.flatnonzero(self.bits & np.uint32(1 << bit))
        return self._touches[bit]

    @property
    def openings(self) -> Integers:
        """The rows that may open the funnel."""
        return np.flatnonzero(self.bits & np.uint32(OPENS))

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


def rows(funnel: Funnel, found: pl.DataFrame) -> Rows:
    """The answer to `query` as sorted arrays."""
    found = _in_order(found)
    person = found["person"].to_numpy()
    unit, held = person, []
    if funnel.count is Count.JOURNEYS:
        unit = _joined(person, _integers(found["journey_number"]))
    if funnel.count is Count.SESSIONS:
        unit = _joined(person, _integers(found["session_number"]))
    scope = unit
    if funnel.in_session and funnel.count is not Count.SESSIONS:
        scope = _joined(unit, _integers(found["session_number"]))
    group, bits = scope, found["bits"].to_numpy()
    for name in funnel.hold:
        column = found[HELD[name]]
        group = _joined(group, _codes(column))
        held.append(column.is_null().to_numpy())
    if held:
        # What has no cart shares none: such a touch is no step, though it may be excluded.
        steps = np.uint32(OPENS | (1 << len(funnel.steps)) - 1)
        bits = np.where(np.logical_or.reduce(held), bits & ~steps, bits)
    place = np.arange(len(bits), dtype=np.int64)
    at = found["occurred_at"].to_physical().to_numpy()
    frame = found.drop("bits", "occurred_at", "touch")
    made = Rows(frame, unit, scope, group, place, at, bits)
    return made if group is person or (group[1:] >= group[:-1]).all() else _sorted(made)


def _in_order(found: pl.DataFrame) -> pl.DataFrame:
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
