"""The places where journeys can be lost: steps from one part of the journey to the next.

The places follow each other, and a journey lost at one of them never stands at a later one. So
losses at several places may be added up, each counted in the orders that would have come of it.

From a stage to the next: of mature journeys that got at least that far within their window, those
that got further. From checkout to order: of journeys with a checkout, those that ordered within
the cart window of the first one; the device is the one the checkout was on, since a page breaks
on the device it is shown on. Where nothing is a checkout, the decision goes straight to the order.
"""

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

    name: str
    stage: str
    touchpoint: str | None
    onward: str
    """What those who went on did, in words."""
    metric: str
    """The metric that shows whether it got better."""


PLACES = (
    Place("awareness", "awareness", None, "looked at products", "consideration/consideration_rate"),
    Place("consideration", "consideration", None, "went on to a cart", "decision/conversion_rate"),
    Place("decision", "decision", None, "reached the checkout", "decision/conversion_rate"),
    Place("checkout", "decision", "checkout_started", "ordered", "decision/checkout_abandonment"),
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
        )

    def of(self, who: dict[str, str]) -> Flags:
        """The rows of a segment; all of them where nobody is named."""
        chosen = np.ones(len(self), dtype=np.bool_)
        for name, value in who.items():
            chosen &= self.segment[name] == self.values[name].index(value)
        return chosen


def cases(engine: Engine, filters: Filters) -> list[Cases]:
    """The cases of each place that has any, in the order of the journey. Raises MetricError where
    the question takes too long."""
    rows = engine.table(_SQL, filters)
    codes = {}
    values = {}
    for name, column in SEGMENTS.items():
        values[name] = sorted(rows[column].unique())
        kind = pl.Enum(values[name])
        codes[name] = rows[column].cast(kind).to_physical().to_numpy().astype(np.int64)
    day = (rows["day"] - filters.since).dt.total_days().to_numpy().astype(np.int64)
    counts = [rows[name].to_numpy().astype(np.float64) for name in _COUNTS]
    number = rows["place"].to_numpy()
    found = []
    for place_number, place in enumerate(PLACES, 1):
        own = number == place_number
        if own.any():
            segment = {name: codes[name][own] for name in SEGMENTS}
            numbers = (count[own] for count in counts)
            found.append(Cases(place, day[own], segment, values, *numbers))
    return found


_COUNTS = ("people", "went_on", "ordered")

_SQL = f"""
with
    local as (
        select
            journeys.*,
            snapshot.time_zone,
            snapshot.cart_window_hours * interval '1' hour as cart_window,
        from journeys
        cross join snapshot
        where not is_orphan
    ),
    checkouts as (
        select
            person_id,
            journey_number,
            min(occurred_at) as checkout_at,
            min(occurred_on) as checkout_on,
            arg_min(touch_device, touch_number) as checkout_device,
        from touches
        where touchpoint = 'checkout_started' and occurred_at <= $as_of
        group by person_id, journey_number
    ),
    mature as (
        select
            local.*,
            checkouts.checkout_at,
            coalesce(checkouts.checkout_at, purchase_at) <= matures_at as has_checkout,
            cast(
                coalesce(consideration_at, decision_at, purchase_at)
                at time zone 'UTC' at time zone time_zone as date
            ) as considered_on,
            cast(
                coalesce(decision_at, checkouts.checkout_at, purchase_at)
                at time zone 'UTC' at time zone time_zone as date
            ) as decided_on,
        from local
        left join checkouts using (person_id, journey_number)
        where matures_at <= $as_of
    ),
    steps as (
        select
            1 as place,
            started_on as day,
            {", ".join(PARTS)},
            deepest_in_window >= 2 as went_on,
            deepest_in_window >= 4 as ordered,
        from mature
        union all
        select
            2,
            considered_on,
            {", ".join(PARTS)},
            deepest_in_window >= 3,
            deepest_in_window >= 4
        from mature
        where deepest_in_window >= 2
        union all
        select
            3,
            decided_on,
            {", ".join(PARTS)},
            coalesce(has_checkout, false)
            or (deepest_in_window >= 4 and not exists (from checkouts)),
            deepest_in_window >= 4,
        from mature
        where deepest_in_window >= 3
        union all
        select
            4,
            checkout_on,
            entry_channel,
            persona,
            checkout_device,
            country,
            coalesce(purchase_at <= checkout_at + cart_window, false),
            coalesce(purchase_at <= checkout_at + cart_window, false),
        from checkouts
        inner join local using (person_id, journey_number)
        where checkout_at + cart_window <= $as_of
    )
select
    place,
    day,
    {", ".join(PARTS)},
    count(*) as people,
    count(*) filter (went_on) as went_on,
    count(*) filter (went_on and ordered) as ordered,
from steps
where day >= $since and day < $until
group by all
order by all
"""
