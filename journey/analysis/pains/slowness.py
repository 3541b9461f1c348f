"""Where and when more deliveries are slow, and whether one place or time holds most of them.

The share of orders that arrive in time is compared as the share that goes on is: with other days,
for everyone and for each country, and between countries among people of the same channel, persona
and device. Where one country, or one span of days, holds nearly all slow orders, the pain is told
of it alone; else it is told of everyone, with what stands out beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from journey.analysis.pains import repeats
from journey.analysis.pains.cases import Cases, Place, parts
from journey.analysis.pains.dropoff import standing
from journey.analysis.pains.incidents import Scanned, scan, told
from journey.analysis.pains.loss import Loss
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

SCANNED: Scanned = ((), ("country",))
"""Whose days are looked at."""

NEARLY_ALL = 0.8
"""A country or a span is told alone where it holds this share of the slow orders."""

PLACE = Place(
    0, "order_delivered", "post_purchase", "order_delivered", "arrived in time",
    "post_purchase/slow_deliveries", detector="slow_delivery", things="orders",
)  # fmt: skip


@dataclass(frozen=True)
class Slowness:
    """Slow deliveries, what they go with, and where and when there are more of them."""

    slow: repeats.Slow
    """What the slow orders go with: those of `of` where it is set."""
    more: tuple[Loss, ...]
    """Days and countries with more slow orders, the most first."""
    of: Loss | None
    """The one of these that holds nearly all; None where none does."""


def slowness(engine: Engine, filters: Filters, days: int, minimum_n: int) -> Slowness | None:
    """Slow deliveries that go with fewer repeat orders; None where there are none that can be told
    from chance. Raises MetricError where a question takes too long."""
    found = repeats.slow(engine, filters, minimum_n)
    if found is None:
        return None
    more = more_slow(deliveries(engine, filters), days, minimum_n)
    for loss in more:
        held = loss.people * (1 - loss.observed)
        if held >= NEARLY_ALL * found.orders:
            own = repeats.slow(engine, _within(filters, loss), minimum_n)
            if own is not None:
                return Slowness(own, more, loss)
    return Slowness(found, more, None)


def more_slow(asked: Sequence[Cases], days: int, minimum_n: int) -> tuple[Loss, ...]:
    """Days and countries with more slow orders than comparable ones, those with the most first."""
    over, rest = told(scan(list(asked), days, minimum_n, SCANNED), days, minimum_n, SCANNED)
    always = (one for one in standing(rest, minimum_n)[0] if "country" in one.who)
    found = [loss for loss in (*over, *always) if loss.is_sure]
    return tuple(sorted(found, key=lambda loss: -loss.people * (1 - loss.observed)))


def deliveries(engine: Engine, filters: Filters) -> list[Cases]:
    """The orders delivered in the period, and those of them that arrived in time. Raises
    MetricError where the question takes too long."""
    rows = engine.table(_SQL, filters, {"slow_days": repeats.SLOW_DAYS})
    found = []
    for part in parts(rows, ("place",)):
        in_time = part.counts["in_time"]
        found.append(part.cases(PLACE, part.counts["orders"], in_time, in_time))
    return found


def one_of(engine: Engine, filters: Filters, loss: Loss) -> Cases:
    """The deliveries of one country, or all. Raises MetricError where the question takes too
    long."""
    (cases,) = deliveries(engine, filters)
    return cases.at(cases.of(loss.who))


def _within(filters: Filters, loss: Loss) -> Filters:
    """The days and the country of a loss."""
    where = {**filters.where, **{name: (value,) for name, value in loss.who.items()}}
    since, until = filters.since, filters.until
    if loss.first is not None:
        since = filters.since + timedelta(days=loss.first)
    if loss.after is not None:
        until = filters.since + timedelta(days=loss.after)
    return replace(filters, since=since, until=until, where=where)


_SQL = """
select
    1 as place,
    delivered_on - cast($since as date) as day,
    entry_channel,
    persona,
    device,
    country,
    count(*) as orders,
    count(*) filter (epoch(delivered_at - ordered_at) <= $slow_days * 86400) as in_time,
from orders
where
    delivered_on >= $since
    and delivered_on < $until
    and delivered_at >= ordered_at
    and delivered_at <= $as_of
group by all
"""
