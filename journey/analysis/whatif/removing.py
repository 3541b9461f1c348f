"""A channel is gone: every visit through it leads to nothing, as in Markov's removal effect."""

from journey.analysis.attribution.finding import Found, attribute
from journey.analysis.attribution.settings import Settings
from journey.analysis.pains.worth import Value
from journey.analysis.whatif import chain as chains
from journey.analysis.whatif.chain import thinned
from journey.analysis.whatif.effect import Effect, bridge, estimate, in_money
from journey.analysis.whatif.flows import DRAWS, ORDER, TARGETS, Flows
from journey.errors import MetricError, suggest
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

SETTINGS = Settings(with_nulls=True)
"""As `attribution --model markov --with-nulls` has it."""


def credit(engine: Engine, filters: Filters) -> Found:
    """The removal effects of the period's channels, with their draws."""
    return attribute(engine, filters, SETTINGS, ["markov"], intervals=True)


def effect(
    engine: Engine,
    filters: Filters,
    flows: Flows,
    found: Found,
    channel: str,
    value: Value,
    minimum_n: int,
) -> Effect:
    """What comes of it. Raises MetricError where there is no such channel, or too few paths hold
    it. The channels are a chain of their own, so the share of orders lost is taken from there, and
    what follows those orders from the chain of places."""
    if channel not in found.channels:
        raise MetricError(
            f"No path of this period holds the channel {channel!r}."
            f"{suggest(channel, found.channels)} There are: {', '.join(found.channels)}."
        )
    number = found.channels.index(channel)
    cases = int(found.held[number])
    if cases < minimum_n:
        raise MetricError(
            f"Only {cases:,} paths of this period hold {channel}, too few to say what it is "
            "worth. Choose a longer period."
        )
    assert found.effects is not None
    assert found.effects_drawn is not None
    lost, lost_drawn = found.effects[[number]], found.effects_drawn[number]
    before, drawn = chains.chain(flows.once), chains.chain(flows.drawn)
    change = float((thinned(before, lost).per_month - before.per_month)[0])
    # The two sets of draws are independent, so any may stand beside any.
    lost_drawn = lost_drawn[[place % len(lost_drawn) for place in range(DRAWS)]]
    changes = thinned(drawn, lost_drawn).per_month - drawn.per_month
    counted = float(flows.once.moves[0, :, :, TARGETS.index(ORDER)].sum()) / flows.months
    entered = _entered(engine, filters, channel) / flows.months
    first = -float(lost[0]) * float(before.per_month[0])
    return Effect(
        orders=estimate(change, changes),
        money=in_money(change, changes, value, engine.snapshot.currency),
        naive=-entered,
        parts=bridge(-entered, change, [("elsewhere", first + entered)], "again"),
        before=float(before.per_month[0]),
        counted=counted,
        cases=cases,
        is_association=False,
    )


def _entered(engine: Engine, filters: Filters, channel: str) -> float:
    """Orders of journeys that began through the channel, within their window."""
    rows = engine.table(_SQL, filters, {"channel": channel})
    return float(rows["orders"][0])


_SQL = """
select count(*) as orders,
from journeys
where
    not is_orphan
    and started_on >= $since
    and started_on < $until
    and matures_at <= $as_of
    and deepest_in_window >= 4
    and entry_channel = $channel
"""
