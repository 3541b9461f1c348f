"""Calls for help after an order: more of them on some days, or in some device or country.

Of the orders of the period, the share after which support was contacted within 30 days is compared
as the share that goes on is: with other days, and between devices and countries among people of the
same channel and persona. Orders whose 30 days have passed by the as-of count.
"""

from collections.abc import Sequence

from journey.analysis.pains.cases import Cases, Place, Sign, parts
from journey.analysis.pains.dropoff import standing
from journey.analysis.pains.incidents import Scanned, scan, told
from journey.analysis.pains.loss import Loss
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

SCANNED: Scanned = ((), ("device",), ("country",))
"""Whose days are looked at."""

PLACE = Place(
    0, "after the order", "post_purchase", "support_contacted", "did without",
    "pains/called_after",
    Sign("called_after", "called_after", "Calls for help", "contacted support", "orders"),
)  # fmt: skip


def calls(engine: Engine, filters: Filters) -> list[Cases]:
    """The orders of the period, and those of them that did without support. Raises MetricError
    where the question takes too long."""
    found = []
    for part in parts(engine.table(_SQL, filters), ("place",)):
        spared = part.counts["spared"]
        found.append(part.cases(PLACE, part.counts["orders"], spared, spared))
    return found


def one_of(engine: Engine, filters: Filters, loss: Loss) -> Cases:
    """The orders of one segment. Raises MetricError where the question takes too long."""
    (cases,) = calls(engine, filters)
    return cases.at(cases.of(loss.who))


def more_calls(asked: Sequence[Cases], days: int, minimum_n: int) -> list[Loss]:
    """Days and segments with more calls than comparable ones."""
    enough = [cases for cases in asked if (cases.people - cases.went_on).sum() >= minimum_n]
    over, rest = told(scan(enough, days, minimum_n, SCANNED), days, minimum_n, SCANNED)
    return [loss for loss in (*over, *standing(rest, minimum_n)[0]) if loss.is_sure]


_SQL = """
select
    1 as place,
    ordered_on - cast($since as date) as day,
    entry_channel,
    persona,
    device,
    country,
    count(*) as orders,
    count(*) filter (
        coalesce(support_at > ordered_at + interval '30' day, true)
    ) as spared,
from orders
where
    ordered_on >= $since
    and ordered_on < $until
    and ordered_at + interval '30' day <= $as_of
group by all
"""
