"""Ways: the different paths there are, and who took each how often, as sparse tables.

Everything a model needs of the people is a sum over them, so a draw of people is one vector of
weights and the sums are products of sparse tables with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse

from journey.analysis.attribution.paths import Flags, Floats, Ints, Paths


@dataclass(frozen=True)
class Ways:
    """The different paths of a period, each once, as flat arrays."""

    channels: int
    """How many channels there are."""
    steps: Ints
    lengths: Ints
    starts: Ints
    way_of: Ints
    """The way of each step."""
    bought: Flags
    """Whether anybody took the way to an order."""

    @property
    def count(self) -> int:
        """How many ways there are."""
        return len(self.lengths)

    @property
    def ends(self) -> Ints:
        """The place of each way's last step."""
        return self.starts + self.lengths - 1

    def table(self, shares: Floats) -> sparse.csr_matrix:
        """What each channel (rows) gets of an order by each way (columns), from the share of
        each step."""
        some = self.bought[self.way_of] & (shares > 0)
        entries = (shares[some], (self.steps[some], self.way_of[some]))
        return sparse.csr_matrix(entries, shape=(self.channels, self.count))


@dataclass(frozen=True)
class Ledger:
    """Who took which way how often. Columns are rows of people: everybody with an order has a
    row, and people without one who took the same ways share a row."""

    ways: Ways
    people: Ints
    """How many people each row stands for; 1 for everybody with an order."""
    has_order: Flags
    makers: Mapping[str, Callable[[], sparse.csr_matrix]]
    """Each sum of Tally to what makes its table: its rows by rows of people."""
    made: dict[str, sparse.csr_matrix] = field(default_factory=dict)

    def table(self, name: str) -> sparse.csr_matrix:
        """The table of a sum, made when it is first asked for: few models need them all."""
        if name not in self.made:
            self.made[name] = self.makers[name]()
        return self.made[name]

    @property
    def once(self) -> Floats:
        """Everybody once, as one draw."""
        return np.asarray(self.people[:, None], dtype=np.float64)


@dataclass(frozen=True)
class Tally:
    """What people did who are counted `weights` times, one column a draw. Rows are ways or
    channels; each sum is worked out when it is asked for."""

    ledger: Ledger
    weights: Floats

    def _sum(self, name: str) -> Floats:
        return np.asarray(self.ledger.table(name) @ self.weights)

    @cached_property
    def orders(self) -> Floats:
        """Orders by way."""
        return self._sum("orders")

    @cached_property
    def values(self) -> Floats:
        """What those orders brought, by way."""
        return self._sum("values")

    @cached_property
    def nulls(self) -> Floats:
        """Paths to no order, by way."""
        return self._sum("nulls")

    @cached_property
    def decayed_orders(self) -> Floats:
        """Orders by channel, shared by time decay, which differs between paths of one way."""
        return self._sum("decayed_orders")

    @cached_property
    def decayed_values(self) -> Floats:
        """What they brought, shared the same."""
        return self._sum("decayed_values")

    @cached_property
    def own_orders(self) -> Floats:
        """Orders by the channel that the order's own touch names."""
        return self._sum("own_orders")

    @cached_property
    def own_values(self) -> Floats:
        """What those brought."""
        return self._sum("own_values")


def ledger(paths: Paths, decay: Callable[[Paths], Floats]) -> Ledger:
    """The paths counted. `decay` gives the share of each step by time decay."""
    way, ways = find_ways(paths)
    row, people, has_order = _rows(paths, way)
    order, value, size = paths.is_order, paths.values, len(people)

    def table(
        rows: Ints, of: Ints, amounts: Floats, which: Flags, height: int
    ) -> sparse.csr_matrix:
        entries = (amounts[which], (rows[which], of[which]))
        return sparse.csr_matrix(entries, shape=(height, size))

    # A row that stands for many people holds what one of them did: the first one's paths.
    first = np.zeros(size, dtype=np.int64)
    first[row[::-1]] = paths.persons[::-1]
    shown = ~order & (first[row] == paths.persons)
    one, named = np.ones(len(order)), order & (paths.own >= 0)
    of_step, bought = row[paths.path_of], order[paths.path_of]
    count, channels = ways.count, ways.channels

    def by_age(worth: Floats) -> sparse.csr_matrix:
        return table(paths.steps, of_step, decay(paths) * worth[paths.path_of], bought, channels)

    makers = {
        "orders": lambda: table(way, row, one, order, count),
        "values": lambda: table(way, row, value, order, count),
        "nulls": lambda: table(way, row, one, shown, count),
        "decayed_orders": lambda: by_age(one),
        "decayed_values": lambda: by_age(value),
        "own_orders": lambda: table(paths.own, row, one, named, channels),
        "own_values": lambda: table(paths.own, row, value, named, channels),
    }
    return Ledger(ways, people, has_order, makers)


def find_ways(paths: Paths) -> tuple[Ints, Ways]:
    """The way of each path, and the ways."""
    way, first = _alike(paths.steps, paths.starts, paths.lengths, len(paths.channels))
    lengths = paths.lengths[first]
    starts = np.cumsum(lengths) - lengths
    way_of = np.repeat(np.arange(len(first)), lengths)
    places = paths.starts[first][way_of] + np.arange(len(way_of)) - starts[way_of]
    bought = np.bincount(way[paths.is_order], minlength=len(first)) > 0
    return way, Ways(len(paths.channels), paths.steps[places], lengths, starts, way_of, bought)


def _rows(paths: Paths, way: Ints) -> tuple[Ints, Ints, Flags]:
    """The row of people that each path belongs to, how many people each row stands for, and
    whether they ordered."""
    persons, person = np.unique(paths.persons, return_inverse=True)
    has_order = np.zeros(len(persons), dtype=np.bool_)
    has_order[person[paths.is_order]] = True
    # People without an order are alike who took the same ways, in whatever order of time.
    by_person = np.lexsort((way, person))
    by_person = by_person[~has_order[person[by_person]]]
    others = np.flatnonzero(~has_order)
    lengths = np.bincount(person[by_person], minlength=len(persons))[others]
    starts = np.cumsum(lengths) - lengths
    alike, first = _alike(way[by_person], starts, lengths, int(way.max(initial=0)) + 1)
    own = int(has_order.sum())
    row = np.empty(len(persons), dtype=np.int64)
    row[has_order] = np.arange(own)
    row[others] = own + alike
    people = np.concatenate(
        [np.ones(own, dtype=np.int64), np.bincount(alike, minlength=len(first))]
    )
    return row[person], people, np.arange(len(people)) < own


def _alike(steps: Ints, starts: Ints, lengths: Ints, kinds: int) -> tuple[Ints, Ints]:
    """A number for each sequence of steps, the same for equal ones, and the first sequence of
    each number; numbered in the order in which they first come.

    Place by place, sequences that have been alike so far and go on alike keep a number together.
    """
    number, used = np.zeros(len(lengths), dtype=np.int64), 1
    going = np.arange(len(lengths))
    for place in range(int(lengths.max(initial=0))):
        going = going[lengths[going] > place]
        key = number[going] * kinds + steps[starts[going] + place]
        together = np.unique(key, return_inverse=True)[1]
        number[going] = together + used
        used += int(together.max()) + 1
    _, first, alike = np.unique(number, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty(len(first), dtype=np.int64)
    rank[order] = np.arange(len(first))
    return rank[alike], first[order]
