-- Every journey with what the questions need of it, from the touches.
with

    folded as (
        select
            person_id,
            journey_number,
            min(occurred_at) as started_at,
            min(case when reached = 1 then occurred_at end) as awareness_at,
            min(case when reached = 2 then occurred_at end) as consideration_at,
            min(case when reached = 3 then occurred_at end) as decision_at,
            min(case when reached = 4 then occurred_at end) as purchase_at,
            min(case when reached = 5 then occurred_at end) as post_purchase_at,
            min_by(channel, touch_number) as entry_channel,
        from touches
        group by person_id, journey_number
    )

select
    *,
    started_at::date as started_on,
    started_at + interval '{conversion_window_days}' day as matures_at,
    case
        when post_purchase_at <= matures_at
        then 5
        when purchase_at <= matures_at
        then 4
        when decision_at <= matures_at
        then 3
        when consideration_at <= matures_at
        then 2
        when awareness_at <= matures_at
        then 1
        else 0
    end as deepest_in_window,
from folded
where journey_number > 0
