"""Carts that are left: the first cart of each journey, and whether it was bought in time.

Carts are compared as places are: with a segment's own other days, and between devices and countries
among people of the same channel and persona. A cart that carries an id is found again in a later
session, one without ends with its session: so the two are never compared with each other.

A cart that is lost is an order lost, unless the journey orders later after all: of the carts left
so many are won back, and only the others count. Journeys that a loss at the decision or at the
checkout holds are told there, and are left out here on both sides, by what they are and not by how
far they got: their days, channel, persona, device and country.
"""

from collections.abc import Sequence

from journey.analysis.pains.cases import Cases, Place, parts, with_codes
from journey.analysis.pains.claimed import settled
from journey.analysis.pains.dropoff import standing
from journey.analysis.pains.incidents import Scanned, scan, told
from journey.analysis.pains.loss import Loss
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

SCANNED: Scanned = ((), ("device",), ("country",))
"""Whose days are looked at."""

NAMED, UNNAMED = (
    Place(0, name, "decision", "product_added", "were bought in time", "decision/cart_abandonment",
          detector="abandoned_carts", things="carts")
    for name in ("carts", "carts_without_id")
)  # fmt: skip


def carts(engine: Engine, filters: Filters) -> list[Cases]:
    """The carts of the period, those with an id first. Of those bought, `ordered` is the share of
    carts like them that would else not be won back. Raises MetricError where the question takes
    too long."""
    rows = engine.table(_SQL, filters)
    found = []
    for part in parts(with_codes(rows, "checkout_device", "device"), ("is_unnamed",)):
        people, bought = part.counts["people"], part.counts["bought"]
        left, won_back = (float(part.counts[name].sum()) for name in ("left_closed", "won_back"))
        lost_for_good = 1 - won_back / left if left else 1.0
        place = UNNAMED if part.kind[0] else NAMED
        found.append(part.cases(place, people, bought, bought * lost_for_good))
    return found


def one_of(engine: Engine, filters: Filters, loss: Loss) -> Cases:
    """The carts of one segment and kind. Raises MetricError where the question takes too long."""
    (cases,) = (one for one in carts(engine, filters) if one.place == loss.place)
    return cases.at(cases.of(loss.who))


def abandoned(
    asked: Sequence[Cases], losses: Sequence[Loss], days: int, minimum_n: int
) -> tuple[list[Loss], list[list[Loss]]]:
    """Days and segments in which more carts are left, among journeys that no loss holds; and for
    each loss those that it explains."""
    return settled(asked, losses, lambda some: _found(some, days, minimum_n))


def _found(asked: Sequence[Cases], days: int, minimum_n: int) -> list[Loss]:
    """Days and segments in which more carts are left than by comparable people."""
    over, rest = told(scan(list(asked), days, minimum_n, SCANNED), days, minimum_n, SCANNED)
    return [*over, *standing(rest, minimum_n)[0]]


_SQL = """
with
    ranked as (
        select
            *,
            row_number() over (
                partition by person_number, journey_number order by created_at, cart_id
            ) as place,
        from carts
        where journey_number > 0 and created_at <= $as_of
    ),
    firsts as (
        select *
        from ranked
        where
            place = 1
            and created_on >= $since
            and created_on < $until
            and matures_at <= $as_of
    )
select
    (firsts.cart_id is null)::integer as is_unnamed,
    firsts.created_on - cast($since as date) as day,
    firsts.entry_channel,
    firsts.persona,
    firsts.device,
    firsts.country,
    (decided.stood_on - cast($since as date))::double as decision_day,
    (checked.stood_on - cast($since as date))::double as checkout_day,
    checked.shown_device as checkout_device,
    count(*) as people,
    count(*) filter (firsts.bought_at <= firsts.matures_at) as bought,
    count(*) filter (
        not coalesce(firsts.bought_at <= firsts.matures_at, false)
        and decided.matures_at <= $as_of
    ) as left_closed,
    count(*) filter (
        not coalesce(firsts.bought_at <= firsts.matures_at, false)
        and decided.matures_at <= $as_of
        and decided.ordered
    ) as won_back,
from firsts
left join
    standings as decided
    on firsts.person_number = decided.person_number
    and firsts.journey_number = decided.journey_number
    and decided.place_number = 3
left join
    standings as checked
    on firsts.person_number = checked.person_number
    and firsts.journey_number = checked.journey_number
    and checked.place_number = 4
group by all
"""
