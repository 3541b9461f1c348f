"""What hurts, in one list: every pain of a period, the dearest first.

No loss is counted twice. The places of the journey follow each other, and a journey lost at one of
them never stands at a later one. At one place, the people of an incident are taken out before
segments are compared, and those of a segment before the next is. So the rows add up to what all of
them miss together.
"""

from datetime import date

from journey.analysis.pains import repeats
from journey.analysis.pains.beginning import began
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

    def start(loss: Loss) -> date | None:
        return began(engine, filters, loss, cases_of) if loss.first is not None else None

    found = [
        teller.lost(loss, start(loss), evidence)
        for loss, evidence in zip(lost, beside, strict=True)
    ]
    if slow := repeats.slow(engine, filters, config.minimum_n):
        found.append(teller.slow(slow))
    said = []
    scores, themes = answers(engine, filters), comments(engine, filters)
    for asked, among in ((scores, scores), (themes, spoken(themes))):
        for loss in opinions(asked, among, days, config.minimum_n):
            first = began(engine, filters, loss, one_of) if loss.first is not None else None
            said.append(teller.sign(loss, first))
    found = folded(found, said)
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
