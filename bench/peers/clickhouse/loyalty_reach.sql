select
    'loyalty' as stage,
    countIf(next_order_at <= purchase_at + interval {repeat_window_days} day) as returned,
    count() as buying_journeys
from journeys
where
    started_at >= {since}
    and started_at < {until}
    and matures_at <= {as_of}
    and deepest_in_window >= 4
    and purchase_at + interval {repeat_window_days} day <= {as_of}
