with

    ordered as (
        select
            *,
            lead(purchase_at) over (
                partition by person_id order by journey_number
            ) as next_order_at,
        from journeys
        where purchase_at is not null
    )

select
    'loyalty' as stage,
    count(*) filter (
        where next_order_at <= purchase_at + interval '{repeat_window_days}' day
    ) as returned,
    count(*) as buying_journeys,
from ordered
where
    started_on >= {since}
    and started_on < {until}
    and matures_at <= {as_of}
    and deepest_in_window >= 4
    and purchase_at + interval '{repeat_window_days}' day <= {as_of}
