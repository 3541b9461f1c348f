"""Occasions to answer, one a person and touchpoint, with what was known of the person then.

Which occasions count, and what answers one, is told in `silence.py`, which compares the sides.
"""

NUMBERS = {
    "orders_before": "number",
    "value_before": "money",
    "order_value": "money",
    "delivery_days": "days",
    "ordered_again": "percent",
}
"""Number compared to its unit."""

SHARES = ("channel", "persona", "device")
"""Segments whose values are compared by their shares."""

_OCCASIONS = """
with
    given as (
        select event_id, person_id, about_touchpoint, answered_at,
        from responses
        where survey is not null and score is not null and kind = 'transactional'
    ),
    requested as (select distinct about_touchpoint from requests),
    asked as (
        select
            person_id, touchpoint, event_id, journey_number, occurred_at as asked_at,
            occurred_on as asked_on, touch_number as place,
        from touches
        where
            touchpoint in (select about_touchpoint from given)
            and touchpoint not in (select about_touchpoint from requested)
        union all
        select
            person_id, about_touchpoint, event_id, journey_number, sent_at, sent_on,
            row_number() over (partition by person_id order by sent_at, event_id),
        from requests
        where about_touchpoint is not null
    ),
    answered as (
        select distinct latest as event_id
        from (
            select max_by(asked.event_id, asked.place) as latest
            from given
            inner join
                asked
                on given.person_id = asked.person_id
                and given.about_touchpoint = asked.touchpoint
                and asked.asked_at <= given.answered_at
                and asked.asked_at > given.answered_at - interval 14 day
            where given.answered_at <= $as_of
            group by given.event_id
        )
    ),
    places as (
        select person_id, touchpoint, min(place) as place,
        from asked
        where
            asked_on >= $since
            and asked_on < $until
            and asked_on < ($as_of - interval 14 day)::date
        group by person_id, touchpoint
    ),
    firsts as (
        select asked.person_id, asked.touchpoint, event_id, journey_number, asked_at,
        from places
        inner join
            asked
            on places.person_id = asked.person_id
            and places.touchpoint = asked.touchpoint
            and places.place = asked.place
    ),
    earlier as (
        select
            firsts.person_id, firsts.touchpoint,
            count(*) as orders_before,
            sum(orders.gross_revenue)::double as value_before,
        from firsts
        inner join
            orders
            on firsts.person_id = orders.person_id
            and orders.ordered_at < firsts.asked_at
            and orders.journey_number <> firsts.journey_number
        group by firsts.person_id, firsts.touchpoint
    ),
    occasions as materialized (
        select
            firsts.touchpoint,
            answered.event_id is not null as answered,
            journeys.entry_channel as channel,
            journeys.persona,
            journeys.device,
            coalesce(earlier.orders_before, 0)::double as orders_before,
            coalesce(earlier.value_before, 0) as value_before,
            case when orders.ordered_at <= firsts.asked_at
                then orders.gross_revenue::double end as order_value,
            case when orders.delivered_at <= firsts.asked_at
                then epoch(orders.delivered_at - orders.ordered_at) / 86400 end as delivery_days,
            case when orders.ordered_at <= firsts.asked_at
                and orders.repeat_matures_at <= $as_of
                then coalesce(orders.next_order_at <= orders.repeat_matures_at, false)::double
            end as ordered_again,
        from firsts
        inner join
            journeys
            on firsts.person_id = journeys.person_id
            and firsts.journey_number = journeys.journey_number
        left join answered on firsts.event_id = answered.event_id
        left join
            earlier
            on firsts.person_id = earlier.person_id and firsts.touchpoint = earlier.touchpoint
        left join
            orders
            on firsts.person_id = orders.person_id
            and firsts.journey_number = orders.journey_number
    )
"""

_NUMBER = """
select
    touchpoint, '{name}' as name, null::varchar as value, answered,
    count({name}) as people, round(sum({name}), 6) as total,
    round(sum({name} * {name}), 6) as squares,
from occasions
group by touchpoint, answered
"""

_SHARE = """
select
    touchpoint, '{name}' as name, {name} as value, answered, count(*) as people,
    null::double as total, null::double as squares,
from occasions
group by touchpoint, {name}, answered
"""

TRAITS = (
    _OCCASIONS
    + " union all ".join(
        [_NUMBER.format(name=name) for name in NUMBERS]
        + [_SHARE.format(name=name) for name in SHARES]
    )
    + " order by name, touchpoint, value, answered"
)
"""One row for each trait, touchpoint, value and side: `name`, `touchpoint`, `value` of a segment,
`answered`, `people`, and `total` and `squares` of a number."""
