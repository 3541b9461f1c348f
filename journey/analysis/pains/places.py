"""The places where journeys can be lost: steps from one part of the journey to the next.

The places follow each other, and a journey lost at one of them never stands at a later one. So
losses at several places may be added up, each counted in the orders that would have come of it.

From a stage to the next: of mature journeys that got at least that far within their window, those
that got further. From checkout to order: of journeys with a checkout, those that ordered within
the cart window of the first one; the device is the one the checkout was on, since a page breaks
on the device it is shown on. Where nothing is a checkout, the decision goes straight to the order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PARTS = tuple(SEGMENTS.values())
"""The columns that tell segments apart."""


@dataclass(frozen=True)
class Place:
    """One step of the journey: where people stand, and what going on from there means."""

    number: int
    """Its number in the serving table."""
    name: str
    stage: str
    touchpoint: str | None
    onward: str
    """What those who went on did, in words."""
    metric: str
    """The metric that shows whether it got better."""


PLACES = (
    Place(
        1, "awareness", "awareness", None, "looked at products", "consideration/consideration_rate"
    ),
    Place(
        2, "consideration", "consideration", None, "went on to a cart", "decision/conversion_rate"
    ),
    Place(3, "decision", "decision", None, "reached the checkout", "decision/conversion_rate"),
    Place(
        4, "checkout", "decision", "checkout_started", "ordered", "decision/checkout_abandonment"
    ),
)
"""In the order of the journey."""


@dataclass(frozen=True)
class Cases:
    """Those who stood at one place: counts by day and segment, a row for each that occurs."""

    place: Place
    day: Ints
    """Days since the first day of the period."""
    segment: dict[str, Ints]
    """Filter to a code for each row; `values` spells them out."""
    values: dict[str, list[str]]
    people: Floats
    went_on: Floats
    ordered: Floats
    """Of those who went on, how many ordered in the end."""
    number: Ints
    """Each row's number among all of its place."""

    def __len__(self) -> int:
        return len(self.day)

    def at(self, which: Flags) -> "Cases":
        """Some of the rows."""
        segment = {name: codes[which] for name, codes in self.segment.items()}
        return Cases(
            self.place,
            self.day[which],
            segment,
            self.values,
            self.people[which],
            self.went_on[which],
            self.ordered[which],
            self.number[which],
        )

    def codes(self, names: Sequence[str]) -> Ints:
        """A number for each combination of the values of these filters."""
        code = np.zeros(len(self), dtype=np.int64)
        for name in names:
            code = code * len(self.values[name]) + self.segment[name]
        return code

    def onward(self, group: Flags) -> tuple[float, float]:
        """Of those of a group who go on from here, the share that orders in the end, with its
        standard error."""
        n, x = float(self.went_on[group].sum()), float(self.ordered[group].sum())
        share = x / n if n else 0.0
        return share, float(np.sqrt(share * (1 - share) / n)) if n else 0.0

    def of(self, who: Mapping[str, str]) -> Flags:
        """The rows of a segment (filter to value); all of them where nobody is named."""
        chosen = np.ones(len(self), dtype=np.bool_)
        for name, value in who.items():
            chosen &= self.segment[name] == self.values[name].index(value)
        return chosen


def cases(engine: Engine, filters: Filters) -> list[Cases]:
    """The cases of each place that has any, in the order of the journey. Raises MetricError where
    the question takes too long."""
    rows = engine.table(_SQL, filters)
    values, codes = {}, {}
    key = rows["place_number"].to_numpy().astype(np.int64) * filters.days + rows["day"].to_numpy()
    for name, column in SEGMENTS.items():
        values[name] = sorted(rows[column].unique())
        kind = pl.Enum(values[name])
        codes[name] = rows[column].cast(kind).to_physical().to_numpy().astype(np.int64)
        key = key * len(values[name]) + codes[name]
    # The rows come in any order; a fixed one makes the same question give the same digits.
    order = np.argsort(key)
    day = rows["day"].to_numpy()
    number = rows["place_number"].to_numpy()
    counts = [rows[name].to_numpy().astype(np.float64)[order] for name in _COUNTS]
    ends = np.searchsorted(number[order], range(1, len(PLACES) + 2))
    found = []
    for place, first, after in zip(PLACES, ends, ends[1:], strict=False):
        if first < after:
            own = order[first:after]
            segment = {name: code[own] for name, code in codes.items()}
            people, went_on, ordered = (count[first:after] for count in counts)
            numbers = np.arange(after - first)
            found.append(Cases(place, day[own], segment, values, people, went_on, ordered, numbers))
    return found


_COUNTS = ("people", "went_on", "ordered")

_SQL = """
select
    place_number,
    stood_on - cast($since as date) as day,
    entry_channel,
    persona,
    shown_device as device,
    country,
    count(*) as people,
    count(went_on_at) as went_on,
    count(went_on_at) filter (ordered) as ordered,
from standings
where stood_on >= $since and stood_on < $until and matures_at <= $as_of
group by all
"""
