with

    orders as (
        select
            person_id,
            occurred_at,
            row_number() over person as order_number,
            lead(occurred_at) over person as next_order_at,
        from events
        where
            touchpoint
            in (select touchpoint from touchpoint_stages where stage = 'purchase')
        window
            person as (
                partition by person_id order by occurred_at, event_index nulls last, event_id
            )
    )

select
    date_trunc('month', occurred_at)::date as month,
    count(*) filter (
        where next_order_at <= occurred_at + interval '{repeat_window_days}' day
    ) as repeat_buyers,
    count(*) as first_time_buyers,
from orders
where
    order_number = 1
    and occurred_at >= {since}
    and occurred_at < {until}
    and occurred_at + interval '{repeat_window_days}' day <= {as_of}
group by all
