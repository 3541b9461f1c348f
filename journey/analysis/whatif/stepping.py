"""A step of the chain goes better: so many points more of those who stand at a place go on.

The points are per stay, and a journey may stand there more than once. Those who newly go on are
taken to fare like those who go on already, which is too hopeful where the less willing stop.
"""

from journey.analysis.pains.worth import Value
from journey.analysis.whatif import chain as chains
from journey.analysis.whatif.chain import Chain, chance, moved, onward, state
from journey.analysis.whatif.effect import Effect, bridge, estimate, in_money
from journey.analysis.whatif.flows import (
    BACK,
    LEFT,
    NEW,
    ORDER,
    SOURCES,
    TARGETS,
    Flows,
)
from journey.errors import MetricError, suggest

MOST_POINTS = 50.0


def effect(
    flows: Flows,
    source: str,
    target: str,
    points: float,
    value: Value,
    currency: str | None,
    minimum_n: int,
) -> Effect:
    """What comes of it. Raises MetricError where there is no such step, too few stand there, or
    the chance would leave 0 to 100 %."""
    known(source, target, points)
    once = flows.once
    cases = int(once.passes[0, :, SOURCES.index(source)].sum())
    if cases < minimum_n:
        many = f"Only {cases:,}" if cases else "No"
        raise MetricError(
            f"{many} journeys of this period stood at {source}, too few to say what would come of "
            f"a change there. Choose a longer period (from {minimum_n} on it is told)."
        )
    before = chains.chain(once)
    now = float(chance(before, NEW, source, target)[0])
    if before.seen[0, state(NEW, source)] and not 0 <= now + points / 100 <= 1:
        raise MetricError(
            f"From {source} to {target} it is {100 * now:.1f} % now, so it cannot be {points:+g} "
            "points. Move it by less."
        )
    after = moved(before, source, target, points)
    change = float((after.per_month - before.per_month)[0])
    drawn = chains.chain(flows.drawn)
    changes = moved(drawn, source, target, points).per_month - drawn.per_month
    naive, parts = _parts(once, before, after, source, target, points / 100)
    return Effect(
        orders=estimate(change, changes),
        money=in_money(change, changes, value, currency),
        naive=naive,
        parts=bridge(naive, change, parts, "again"),
        before=float(before.per_month[0]),
        counted=float(once.moves[0, :, :, TARGETS.index(ORDER)].sum()) / once.months,
        cases=cases,
        is_association=False,
    )


def known(source: str, target: str, points: float) -> None:
    """Raise MetricError where there is no such step, or it is moved by nothing that makes sense."""
    sources, targets = SOURCES[1:], [name for name in TARGETS if name != source]
    if source not in sources:
        raise MetricError(
            f"There is no place {source!r}.{suggest(source, sources)} "
            f"Choose one of {', '.join(sources)}."
        )
    if target not in targets:
        raise MetricError(
            f"No step leads from {source} to {target!r}.{suggest(target, targets)} "
            f"Choose one of {', '.join(targets)}."
        )
    if not abs(points) <= MOST_POINTS:
        raise MetricError(
            f"A chance can be moved by at most {MOST_POINTS:g} points, not by {points:g}."
        )


def _parts(
    flows: Flows, before: Chain, after: Chain, source: str, target: str, moved_by: float
) -> tuple[float, list[tuple[str, float]]]:
    """The naive product and what it leaves out within one journey, in orders a month.

    Naive: journeys that stood there, times the points, times how often those who got to the
    target ordered. Ceiling: no chance is above 1, and of those who come back after an order some
    are near it. Passes: they stand there more than once, and each time the points are gained.
    Further: what the target leads to after the change, not what it led to. Anyway: those who go
    on now are taken from others, some of whom would have come to order another way.
    """
    place, end = SOURCES.index(source), TARGETS.index(target)
    naive, parts = 0.0, dict.fromkeys(("ceiling", "passes", "further", "anyway"), 0.0)
    values = after.orders_of_journey
    for layer in (NEW, BACK):
        stood = float(flows.passes[0, layer, place].sum()) / flows.months
        passed = float(flows.moves[0, layer, place].sum()) / flows.months
        led_to = _led_to(flows, layer, place, end)
        gained = float(
            (chance(after, layer, source, target) - chance(before, layer, source, target))[0]
        )
        # The exact difference of two chains: visits of the old one, values of the new one.
        reached = 0.0 if target == LEFT else float(values[0, state(layer, target)])
        others = float(onward(before, layer, source, target, values)[0])
        naive += stood * moved_by * led_to
        parts["ceiling"] += stood * (gained - moved_by) * led_to
        parts["passes"] += (passed - stood) * gained * led_to
        lost_elsewhere = passed * gained * others
        parts["further"] += passed * gained * (reached - led_to)
        # Leaving leads nowhere: what others lead to is then how far those get who stay.
        parts["further" if target == LEFT else "anyway"] -= lost_elsewhere
    return naive, list(parts.items())


def _led_to(flows: Flows, layer: int, place: int, end: int) -> float:
    """What a step more to a target is worth, rate by rate: the share of journeys at the target that
    ended in an order."""
    if TARGETS[end] == ORDER:
        return 1.0
    if TARGETS[end] == LEFT:
        # Who no longer leaves is taken to order as often as those who did not leave there.
        left = float(flows.moves[0, layer, place, end])
        stood = float(flows.passes[0, layer, place].sum()) - left
        return -float(flows.ordered[0, layer, place].sum()) / stood if stood else 0.0
    stood = float(flows.passes[0, layer, end + 1].sum())
    return float(flows.ordered[0, layer, end + 1].sum()) / stood if stood else 0.0
