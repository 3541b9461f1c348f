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
    places as (
        select person_id, touchpoint, min(place) as place,
        from occasions
        where
            asked_on >= $since
            and asked_on < $until
            and asked_on < ($as_of - interval 14 day)::date
            and matures_at <= $as_of
        group by person_id, touchpoint
    ),
    firsts as (
        select occasions.*,
        from places
        inner join
            occasions
            on places.person_id = occasions.person_id
            and places.touchpoint = occasions.touchpoint
            and places.place = occasions.place
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
    told as materialized (
        select
            firsts.touchpoint,
            coalesce(firsts.answered_at <= $as_of, false) as answered,
            firsts.entry_channel as channel,
            firsts.persona,
            firsts.device,
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
from told
group by touchpoint, answered
"""

_SHARE = """
select
    touchpoint, '{name}' as name, {name} as value, answered, count(*) as people,
    null::double as total, null::double as squares,
from told
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
