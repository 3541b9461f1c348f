"""What hurts, in one list: every pain of a period, the dearest first.

No loss is counted twice. The places of the journey follow each other, and a journey lost at one of
them never stands at a later one. At one place, the people of an incident are taken out before
segments are compared, and those of a segment before the next is. Carts, and hand-overs between
channels, are looked at without the journeys of the losses before them. So the rows add up to what
all of them miss together.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import date
from functools import partial
from typing import Any

from journey.analysis.pains import aftercalls, carts, handovers, opinions, slowness, wording
from journey.analysis.pains.beginning import Ask, began
from journey.analysis.pains.carts import abandoned
from journey.analysis.pains.cases import Cases
from journey.analysis.pains.consequence import Consequence, Consequences
from journey.analysis.pains.dropoff import standing
from journey.analysis.pains.incidents import incidents
from journey.analysis.pains.influx import influx
from journey.analysis.pains.loss import Loss
from journey.analysis.pains.opinions import answers, comments, of_touchpoints, spoken
from journey.analysis.pains.pain import Pain, folded, months
from journey.analysis.pains.places import cases, cases_of
from journey.analysis.pains.signs import settled, signs
from journey.analysis.pains.telling import Teller
from journey.analysis.pains.worth import Values
from journey.config import Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

ASKED: Mapping[str, Ask] = {
    "called_after": aftercalls.one_of,
    "abandoned_carts": carts.one_of,
    "hand_over": handovers.one_of,
    "low_score": opinions.one_of,
    "negative_theme": opinions.one_of,
    "slow_delivery": slowness.one_of,
}
"""Where a detector's cases are asked for; all others look at places of the way."""


def find(engine: Engine, config: Config, filters: Filters) -> list[Pain]:
    """The pains of a period, by money, the dearest first; the same question gets the same list.
    Raises MetricError where the question takes too long."""
    context, other = copy_context(), ThreadPoolExecutor(1)

    def ask(question: Callable[..., Any], *more: int) -> Future[Any]:
        return other.submit(lambda: context.run(question, engine, filters, *more))

    try:
        return _found(engine, config, filters, ask)
    finally:
        # What failed is told at once, and not after what else was to be asked.
        other.shutdown(wait=False, cancel_futures=True)


def _found(
    engine: Engine, config: Config, filters: Filters, ask: Callable[..., Future[Any]]
) -> list[Pain]:
    """The pains of a period. What needs nothing of the losses on the way is asked beside them, on
    another thread, by `ask`."""
    days = min(filters.days, (filters.as_of.date() - filters.since).days + 1)
    asked_carts = ask(carts.carts)
    asked_ways = ask(handovers.handovers)
    asked_slow = ask(slowness.slowness, days, config.minimum_n)
    asked_scores = ask(answers)
    asked_themes = ask(comments)
    asked_calls = ask(aftercalls.calls)
    teller = Teller(
        values=Values(engine, filters, config.minimum_n),
        first_day=filters.since,
        days=days,
        months=months(filters),
        currency=engine.snapshot.currency,
    )
    everyone = cases(engine, filters)
    flood = influx(everyone, days)
    places = flood.without(everyone)
    lost = losses(places, days, config.minimum_n)
    alone, beside = settled(signs(places, days, config.minimum_n), places, lost, config.minimum_n)

    def start(loss: Loss) -> date | None:
        if loss.first is None:
            return None
        detector = loss.place.sign.detector if loss.place.sign else loss.place.detector
        return began(engine, filters, loss, ASKED.get(detector, cases_of))

    left, by_carts = abandoned(asked_carts.result(), lost, days, config.minimum_n)
    seen = [[*by_sign, *by_cart] for by_sign, by_cart in zip(beside, by_carts, strict=True)]
    held, seen = [*lost, *left], [*seen, *([] for _ in left)]
    ways = flood.without(asked_ways.result())
    handed, by_ways = handovers.losing(ways, held, days, config.minimum_n)
    found = [
        teller.lost(loss, start(loss), [*evidence, *by_way])
        for loss, evidence, by_way in zip(held, seen, by_ways, strict=True)
    ]
    found += (teller.lost(loss, start(loss)) for loss in handed)
    if slow := asked_slow.result():
        found.append(teller.slow(slow, start(slow.of) if slow.of else None))
    scores, themes = asked_scores.result(), asked_themes.result()
    said = opinions.opinions(
        [*scores, *themes], [*of_touchpoints(scores), *spoken(themes)], days, config.minimum_n
    )
    said += aftercalls.more_calls(asked_calls.result(), days, config.minimum_n)
    said.sort(key=lambda loss: (len(loss.who), loss.first is not None, -loss.people))
    prices = _Prices(Consequences(engine, config, filters), is_slow=slow is not None)

    def row(loss: Loss) -> Pain:
        return prices.kept(teller.sign(loss, start(loss), prices.of(loss)))

    # Where a loss began before the period matters to whether it is a row; elsewhere to its name.
    found = folded(
        found,
        (
            (teller.sign(loss, start(loss) if loss.first == 0 else None), partial(row, loss))
            for loss in said
        ),
    )
    found += (teller.sign(sign, start(sign)) for sign in alone)
    return sorted(found, key=_rank)


class _Prices:
    """What low scores cost in repeat orders, none of which is counted twice."""

    def __init__(self, consequences: Consequences, *, is_slow: bool) -> None:
        self._consequences, self._is_slow = consequences, is_slow
        self._kept: list[Pain] = []

    def of(self, loss: Loss) -> Consequence | str:
        """What a loss among answers or comments goes with, or why it has no price."""
        sign = loss.place.sign
        if sign is not None and sign.detector == "negative_theme":
            return wording.NO_PRICE
        if sign is not None and sign.detector == "called_after":
            return wording.AFTER_ORDER
        if self._is_slow:
            return wording.counted_with("Slow delivery")
        found = self._consequences.of(loss)
        if found is None:
            return wording.NOT_YET
        if not found.is_sure:
            return wording.no_less_often(found.orders)
        for pain in self._kept:
            if all(pain.who.get(name, value) == value for name, value in loss.who.items()):
                return wording.counted_with(pain.title)
        return found

    def kept(self, pain: Pain) -> Pain:
        """A row, remembered where orders are lost."""
        if pain.lost is not None:
            self._kept.append(pain)
        return pain


def losses(places: list[Cases], days: int, minimum_n: int) -> list[Loss]:
    """All losses on the way to an order that stand out, those in time first; no case is held by
    two of them."""
    found, rest = incidents(places, days, minimum_n)
    return [*found, *standing(rest, minimum_n)[0]]


def _rank(pain: Pain) -> tuple[float, float, int, str]:
    """By money, then by orders lost; what is no loss comes last, by people."""
    return (*pain.rank, -pain.affected, pain.key)
