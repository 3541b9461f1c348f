"""Deliveries come faster: fewer are slow, and customers of slow ones come back less often.

How much less often is what slow deliveries go with among alike customers (`pains.repeats`), an
association: who waits long may differ in more than the waiting. Orders that the chain would have
follow those repeat orders are counted too.
"""

import numpy as np

from journey.analysis.pains.repeats import SLOW_DAYS, slow
from journey.analysis.pains.worth import Value
from journey.analysis.whatif import chain as chains
from journey.analysis.whatif.chain import state
from journey.analysis.whatif.effect import Effect, bridge, estimate, in_money
from journey.analysis.whatif.flows import BACK, DRAWS, MONTH, ORDER, SEED, TARGETS, Flows
from journey.errors import MetricError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

MOST_DAYS = 10.0


def effect(
    engine: Engine, filters: Filters, flows: Flows, days: float, value: Value, minimum_n: int
) -> Effect:
    """What comes of deliveries that take `days` days less. Raises MetricError where that is no
    number of days, or where slow deliveries go with nothing that is told from chance."""
    if not 0 <= days <= MOST_DAYS:
        raise MetricError(f"Deliveries can be 0 to {MOST_DAYS:g} days faster here, not {days:g}.")
    found = slow(engine, filters, minimum_n)
    if found is None:
        raise MetricError(
            "Slow deliveries of this period go with no fewer repeat orders than chance would "
            "explain, or too few of them are known, so there is nothing to win that could be "
            "told. Choose a longer period."
        )
    row = engine.table(_SQL, filters, {"slow_days": SLOW_DAYS, "faster": days}).row(0, named=True)
    months = max(1.0, row["days"] or 1) / MONTH
    spared = row["spared"] / months
    raw = row["quick_repeated"] / max(1, row["quick_closed"])
    raw -= row["slow_repeated"] / max(1, row["slow_closed"])
    before, drawn = chains.chain(flows.once), chains.chain(flows.drawn)
    order = state(BACK, "order")
    each, error = found.repeats / found.orders, found.error / found.orders
    # An order more is itself and what follows it.
    followed = float(before.orders[0, order])
    change = spared * each * followed
    random = np.random.default_rng(SEED)
    changes = spared * random.normal(each, error, DRAWS) * drawn.orders[:, order]
    parts = [("alike", spared * (each - raw))]
    return Effect(
        orders=estimate(change, changes),
        money=in_money(change, changes, value, engine.snapshot.currency),
        naive=spared * raw,
        parts=bridge(spared * raw, change, parts, "again"),
        before=float(before.per_month[0]),
        counted=float(flows.once.moves[0, :, :, TARGETS.index(ORDER)].sum()) / flows.months,
        cases=int(row["spared"]),
        is_association=True,
    )


_SQL = """
with
    delivered as (
        select
            epoch(delivered_at - ordered_at) / 86400.0 as days,
            repeat_matures_at <= $as_of as is_closed,
            coalesce(next_order_at <= repeat_matures_at, false) as is_repeated,
            delivered_on,
        from orders
        where
            delivered_on >= $since
            and delivered_on < $until
            and delivered_at >= ordered_at
            and delivered_at <= $as_of
    )
select
    count(*) filter (days > $slow_days and days - $faster <= $slow_days) as spared,
    count(*) filter (days > $slow_days and is_closed) as slow_closed,
    count(*) filter (days > $slow_days and is_closed and is_repeated) as slow_repeated,
    count(*) filter (days <= $slow_days and is_closed) as quick_closed,
    count(*) filter (days <= $slow_days and is_closed and is_repeated) as quick_repeated,
    1 + max(delivered_on) - min(delivered_on) as days,
from delivered
"""
