with

    counted as (
        select touchpoint, count(*) as touches,
        from events
        where occurred_at >= {since} and occurred_at < {until}
        group by touchpoint
    )

select
    coalesce(touchpoint_stages.stage, 'unmapped') as stage,
    counted.touchpoint,
    counted.touches,
from counted
left join touchpoint_stages on counted.touchpoint = touchpoint_stages.touchpoint
