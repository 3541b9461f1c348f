select
    toStartOfMonth(first_at) as month,
    countIf(length(orders) > 1 and orders[2].1 <= first_at + interval {repeat_window_days} day)
    as repeat_buyers,
    count() as first_time_buyers
from
    (
        select arraySort(groupArray((occurred_at, event_index, event_id))) as orders, orders[1].1 as first_at
        from events
        where touchpoint in ({purchase_touchpoints})
        group by person_id
    )
where
    first_at >= {since}
    and first_at < {until}
    and first_at + interval {repeat_window_days} day <= {as_of}
group by month
