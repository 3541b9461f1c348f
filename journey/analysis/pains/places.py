"""The places where journeys can be lost: steps from one part of the journey to the next.

The places follow each other, and a journey lost at one of them never stands at a later one. So
losses at several places may be added up, each counted in the orders that would have come of it.

From a stage to the next: of mature journeys that got at least that far within their window, those
that got further. From checkout to order: of journeys with a checkout, those that ordered within
the cart window of the first one; the device is the one the checkout was on, since a page breaks
on the device it is shown on. Where nothing is a checkout, the decision goes straight to the order.
"""

from dataclasses import replace

from journey.analysis.pains.cases import Cases, Place, parts
from journey.analysis.pains.loss import Loss
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters

PLACES = (
    Place(
        1, "awareness", "awareness", None, "looked at products", "consideration/consideration_rate"
    ),
    Place(
        2, "consideration", "consideration", None, "went on to a cart", "decision/conversion_rate"
    ),
    Place(3, "decision", "decision", None, "reached the checkout", "decision/conversion_rate"),
    Place(
        4, "checkout", "decision", "checkout_started", "ordered", "decision/checkout_abandonment"
    ),
)
"""In the order of the journey, in the words of a shop."""

SHOP = {"product_viewed", "product_added"}
"""Without these touchpoints there are no product pages and carts to speak of."""

_ELSEWHERE = (
    replace(PLACES[0], onward="went on to consider"),
    replace(PLACES[1], called="consideration stage", onward="went on to a decision"),
    replace(PLACES[2], called="decision stage", onward="went on"),
    PLACES[3],
)
"""The same in the words of the stages, where the business is no shop."""


SLOW = 0.9
"""A step is slow that took longer than this share of all who went on in the period."""


def cases(engine: Engine, filters: Filters) -> list[Cases]:
    """The cases of each place that has any, in the order of the journey, with what befell people
    there among the counts. Raises MetricError where the question takes too long."""
    rows = engine.table(_SQL, filters, {"slow": SLOW})
    places = named(engine, filters)
    found = []
    for part in parts(rows, ("place_number",)):
        people, went_on, ordered = (part.counts.pop(n) for n in ("people", "went_on", "ordered"))
        found.append(part.cases(places[part.kind[0] - 1], people, went_on, ordered))
    return found


def named(engine: Engine, filters: Filters) -> tuple[Place, ...]:
    """The places in the words of the business: a shop's, or those of the stages."""
    known = engine.table("select touchpoint from touchpoints", filters)["touchpoint"]
    return PLACES if set(known) >= SHOP else _ELSEWHERE


def cases_of(engine: Engine, filters: Filters, loss: Loss) -> Cases:
    """The cases of one segment at the place of a loss. Raises MetricError where the question takes
    too long."""
    rows = engine.table(
        _ONE,
        filters,
        {
            "place": loss.place.number,
            "sign": loss.place.sign.name if loss.place.sign else "",
            "slow": SLOW,
            **{name: loss.who.get(name) for name in SEGMENTS},
        },
    )
    (part,) = parts(rows, ("place_number",))
    people, went_on = part.counts["people"], part.counts["went_on"]
    return part.cases(loss.place, people, went_on, went_on)


_SQL = """
with
    asked as (
        select *, epoch(went_on_at) - epoch(stood_at) as seconds,
        from standings
        where stood_on >= $since and stood_on < $until and matures_at <= $as_of
    ),
    usual as (
        select place_number, quantile_cont(seconds, $slow) as most,
        from asked
        group by place_number
    )
select
    place_number,
    stood_on - cast($since as date) as day,
    entry_channel,
    persona,
    shown_device as device,
    country,
    count(*) as people,
    count(went_on_at) as went_on,
    count(went_on_at) filter (ordered) as ordered,
    count(*) filter (met_error) as met_error,
    count(*) filter (needed_help) as needed_help,
    count(*) filter (went_back) as went_back,
    count(*) filter (circled) as circled,
    count(*) filter (seconds > most) as slow,
from asked
inner join usual using (place_number)
group by all
"""

# What is usual is asked for only where it is the question.
_ONE = """
with
    asked as (
        select *, epoch(went_on_at) - epoch(stood_at) as seconds,
        from standings
        where
            stood_on >= $since
            and stood_on < $until
            and matures_at <= $as_of
            and place_number = $place
    ),
    usual as (
        select quantile_cont(seconds, $slow) as most,
        from asked
        where $sign = 'slow'
    )
select
    place_number,
    stood_on - cast($since as date) as day,
    entry_channel,
    persona,
    shown_device as device,
    country,
    count(*) as people,
    count(*) filter (
        case
            $sign
            when ''
            then went_on_at is not null
            when 'met_error'
            then not met_error
            when 'needed_help'
            then not needed_help
            when 'went_back'
            then not went_back
            when 'circled'
            then not circled
            else seconds <= most
        end
    ) as went_on,
from asked
cross join usual
where
    ($sign <> 'slow' or went_on_at is not null)
    and ($channel is null or entry_channel = $channel)
    and ($persona is null or persona = $persona)
    and ($device is null or shown_device = $device)
    and ($country is null or country = $country)
group by all
"""
