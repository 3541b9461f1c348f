"""What hurts, in one list: every pain of a period, the dearest first.

No loss is counted twice. The places of the journey follow each other, and a journey lost at one of
them never stands at a later one. At one place, the people of an incident are taken out before
segments are compared, and those of a segment before the next is. So the rows add up to what all of
them miss together.
"""

from datetime import date

from journey.analysis.pains import repeats
from journey.analysis.pains.beginning import Ask, began
from journey.analysis.pains.carts import abandoned, carts
from journey.analysis.pains.carts import one_of as carts_of_loss
from journey.analysis.pains.cases import Cases
from journey.analysis.pains.dropoff import standing
from journey.analysis.pains.incidents import incidents
from journey.analysis.pains.influx import without_influx
from journey.analysis.pains.loss import Loss
from journey.analysis.pains.opinions import answers, comments, one_of, opinions, spoken
from journey.analysis.pains.pain import Pain, folded, months
from journey.analysis.pains.places import cases, cases_of
from journey.analysis.pains.signs import settled, signs
from journey.analysis.pains.telling import Teller
from journey.analysis.pains.worth import Values
from journey.config import Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


def find(engine: Engine, config: Config, filters: Filters) -> list[Pain]:
    """The pains of a period, by money, the dearest first; the same question gets the same list.
    Raises MetricError where the question takes too long."""
    days = min(filters.days, (filters.as_of.date() - filters.since).days + 1)
    teller = Teller(
        values=Values(engine, filters, config.minimum_n),
        first_day=filters.since,
        days=days,
        months=months(filters),
        currency=engine.snapshot.currency,
    )
    places = without_influx(cases(engine, filters), days)
    lost = losses(places, days, config.minimum_n)
    alone, beside = settled(signs(places, days, config.minimum_n), places, lost, config.minimum_n)

    def start(loss: Loss, ask: Ask = cases_of) -> date | None:
        return began(engine, filters, loss, ask) if loss.first is not None else None

    left, by_carts = abandoned(carts(engine, filters), lost, days, config.minimum_n)
    found = [
        teller.lost(loss, start(loss), [*signs_of, *carts_of])
        for loss, signs_of, carts_of in zip(lost, beside, by_carts, strict=True)
    ]
    found += (teller.lost(loss, start(loss, carts_of_loss)) for loss in left)
    if slow := repeats.slow(engine, filters, config.minimum_n):
        found.append(teller.slow(slow))
    scores, themes = answers(engine, filters), comments(engine, filters)
    said = opinions([*scores, *themes], [*scores, *spoken(themes)], days, config.minimum_n)
    found = folded(found, [teller.sign(loss, start(loss, one_of)) for loss in said])
    found += (teller.sign(sign, start(sign)) for sign in alone)
    return sorted(found, key=_rank)


def losses(places: list[Cases], days: int, minimum_n: int) -> list[Loss]:
    """All losses on the way to an order that stand out, those in time first; no case is held by
    two of them."""
    found, rest = incidents(places, days, minimum_n)
    return [*found, *standing(rest, minimum_n)[0]]


def _rank(pain: Pain) -> tuple[float, int, str]:
    """By money; what has no price comes last, by people."""
    return -(pain.money.value if pain.money else float("-inf")), -pain.affected, pain.key
