"""What an order is worth, and so what lost orders cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

import polars as pl

from journey.analysis.pains.pain import Estimate
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters
from journey.metrics.statistics import Z95


@dataclass(frozen=True)
class Value:
    """The value of an order, net of refunds known by the as-of."""

    mean: float
    error: float
    """The standard error of the mean."""
    spread: float
    """How far single orders lie from it: their standard deviation."""
    orders: int

    @property
    def is_known(self) -> bool:
        """Whether any order carried an amount: none does where a business sends none."""
        return self.orders > 0 and (self.mean != 0 or self.spread > 0)


class Values:
    """The orders of the period by segment, to tell what one of a segment is worth."""

    def __init__(self, engine: Engine, filters: Filters, minimum_n: int) -> None:
        """Ask for the orders. Raises MetricError where the question takes too long."""
        self._rows = engine.table(_SQL, filters)
        self._minimum_n = minimum_n

    def of(self, who: Mapping[str, str]) -> Value:
        """The value of an order of a segment; of all where the segment has too few of its own."""
        own = self._rows.filter(*(pl.col(SEGMENTS[name]) == value for name, value in who.items()))
        if own["orders"].sum() < self._minimum_n and who:
            own = self._rows
        n, total, squares = (float(own[name].sum()) for name in ("orders", "total", "squares"))
        if n < 1:
            return Value(0.0, 0.0, 0.0, 0)
        mean = total / n
        spread = sqrt(max(0.0, squares / n - mean * mean))
        return Value(mean, spread / sqrt(n), spread, int(n))


def estimate(value: float, error: float) -> Estimate:
    """A number with the ends of its 95 % interval."""
    return Estimate(value, value - Z95 * error, value + Z95 * error)


def money(orders: float, error: float, value: Value) -> Estimate | None:
    """Lost orders in money. Three things are not known for sure: how many orders were lost, what
    an order is worth on average, and whether those lost were dearer or cheaper than that. Their
    variances add up (the variance of a sum of a random number of terms; Wald 1944). None where no
    order carries an amount.
    """
    if not value.is_known:
        return None
    variance = (
        (error * value.mean) ** 2 + (orders * value.error) ** 2 + max(0.0, orders) * value.spread**2
    )
    return estimate(orders * value.mean, sqrt(variance))


def together(amounts: Iterable[Estimate | None]) -> Estimate | None:
    """The sum of amounts, and its interval from theirs, taken as of different people (the squares
    of the arms add up); None where no amount is known."""
    known = [one for one in amounts if one is not None]
    if not known:
        return None
    value = sum(one.value for one in known)
    down = sqrt(sum((one.value - one.low) ** 2 for one in known))
    up = sqrt(sum((one.high - one.value) ** 2 for one in known))
    return Estimate(value, value - down, value + up)


_SQL = """
select
    entry_channel,
    persona,
    device,
    country,
    count(*) as orders,
    sum(net) as total,
    sum(net * net) as squares,
from
    (
        select
            *,
            (gross_revenue + case when first_refund_at <= $as_of then refunds else 0 end)::double
            as net,
        from orders
        where ordered_on >= $since and ordered_on < $until and ordered_at <= $as_of
    )
group by all
order by all
"""
