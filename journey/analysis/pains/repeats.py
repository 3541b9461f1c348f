"""Customers who do not come back: what slow deliveries go with.

An order is slow when it took more than five days to arrive (as in `slow_deliveries`). Those who
waited are compared with those who did not, of the same persona and as new or as known to the
business: how many fewer were satisfied with the delivery, of those who said so, and how many fewer
ordered again within the repeat window, of those whose window has passed.

The loss is repeat orders, estimated in two ways: directly, as fewer repeat orders; and through
satisfaction, as how much less satisfied the slow are times how much more often the satisfied order
again, both among alike people (the product of coefficients with its variance; Sobel 1982). The
first needs no more than the orders but is blurred, since most customers do not order again anyway;
the second is sharper, but takes it that the silent felt as those who answered. The two are averaged
by their precision; with too few answers the first stands alone. Slow orders may differ from others
in more than their delivery: this is an association.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from journey.analysis.pains.standard import Gap, gap
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

SLOW_DAYS = 5
LEAST_Z = 2.326
"""Standard deviations by which repeats must fall short: by chance in one case of a hundred."""


@dataclass(frozen=True)
class Slow:
    """Slow deliveries and what they go with."""

    orders: int
    """Slow orders delivered in the period."""
    delivered: int
    repeats: float
    """Repeat orders lost."""
    error: float
    satisfied: Gap | None
    repeated: Gap
    answers: int


def slow(engine: Engine, filters: Filters, minimum_n: int) -> Slow | None:
    """What slow deliveries cost in repeat orders; None where it is no more than chance would
    explain, or too few are known."""
    rows = engine.table(_SQL, filters, {"slow_days": SLOW_DAYS})
    late = int(rows.filter("slow")["orders"].sum())
    if late < minimum_n:
        return None
    direct = _gap(rows, "repeat_closed", "repeated")
    mood = _gap(rows, "answered", "satisfied")
    if direct is None or direct.people < minimum_n:
        return None
    ways = [(direct.lost / direct.people, direct.error / direct.people)]
    if mood is not None and mood.people >= minimum_n and (worth := _worth_of_satisfaction(rows)):
        drop, drop_error = mood.lost / mood.people, mood.error / mood.people
        through = float(np.hypot(drop * worth[1], worth[0] * drop_error))
        ways.append((drop * worth[0], through))
    weights = [1 / error**2 for _, error in ways]
    each = sum(weight * size for weight, (size, _) in zip(weights, ways, strict=True))
    each /= sum(weights)
    error = sum(weights) ** -0.5
    if each < LEAST_Z * error:
        return None
    return Slow(
        orders=late,
        delivered=int(rows["orders"].sum()),
        repeats=late * each,
        error=late * error,
        satisfied=mood,
        repeated=direct,
        answers=int(rows["answered"].sum()),
    )


def _gap(rows: pl.DataFrame, whole: str, part: str) -> Gap | None:
    """Slow orders against the others."""
    n, x = (rows[name].to_numpy().astype(np.float64) for name in (whole, part))
    stratum = rows["stratum"].to_numpy().astype(np.int64)
    return gap(n, x, stratum, rows["slow"].to_numpy())


def _worth_of_satisfaction(rows: pl.DataFrame) -> tuple[float, float] | None:
    """How many more of satisfied customers order again than of others, among alike ones, and its
    error."""
    # The unsatisfied are the group that loses.
    kinds = [("satisfied_closed", "satisfied_repeated", False)]
    kinds.append(("unsatisfied_closed", "unsatisfied_repeated", True))
    n, x = (
        np.concatenate([rows[kind[place]].to_numpy().astype(np.float64) for kind in kinds])
        for place in (0, 1)
    )
    stratum = np.tile(rows["stratum"].to_numpy().astype(np.int64), 2)
    group = np.repeat([kind[2] for kind in kinds], rows.height)
    found = gap(n, x, stratum, group)
    if found is None:
        return None
    return found.lost / found.people, found.error / found.people


_SQL = """
with
    delivered as (
        select
            *,
            dense_rank() over (order by persona, order_number = 1) - 1 as stratum,
            epoch(delivered_at - ordered_at) > $slow_days * 86400 as slow,
            repeat_matures_at <= $as_of as is_closed,
            coalesce(next_order_at <= repeat_matures_at, false) as is_repeated,
        from orders
        where
            delivered_on >= $since
            and delivered_on < $until
            and delivered_at >= ordered_at
            and delivered_at <= $as_of
    ),
    answers as (
        select person_id, journey_number, avg(normalised) >= 0.5 as satisfied,
        from responses
        where
            survey = 'csat' and about_touchpoint = 'order_delivered' and answered_at <= $as_of
        group by person_id, journey_number
    )
select
    stratum,
    slow,
    count(*) as orders,
    count(*) filter (is_closed) as repeat_closed,
    count(*) filter (is_closed and is_repeated) as repeated,
    count(satisfied) as answered,
    count(*) filter (satisfied) as satisfied,
    count(*) filter (satisfied and is_closed) as satisfied_closed,
    count(*) filter (satisfied and is_closed and is_repeated) as satisfied_repeated,
    count(*) filter (not satisfied and is_closed) as unsatisfied_closed,
    count(*) filter (not satisfied and is_closed and is_repeated) as unsatisfied_repeated,
from delivered
left join answers using (person_id, journey_number)
group by all
order by all
"""
