-- title:    Conversion by age
-- question: On which day after its start does a journey end in an order?
-- chart:    table
-- unit:     journeys
-- better:   neither
-- grain:    one row per week of start and day since the start on which journeys left
--
-- All journeys that started in the week, each watched from its start to its order, to the end
-- of the conversion window or to the as-of. Day 1 is the first 24 hours. Only days that were
-- watched to their end count, so that a day half over is not taken for a quiet one.
-- still_watched are the journeys that began the day without an order and saw its end or their
-- order. From these the share is estimated that orders in the end, those still in their time
-- among them (Kaplan and Meier 1958).
with

    watched as (
        select
            date_trunc('week', started_on)::date as week,
            floor(epoch(least(matures_at, $as_of) - started_at) / 86400)::bigint
            as days_watched,
            case
                when purchase_at <= least(matures_at, $as_of)
                then greatest(ceil(epoch(purchase_at - started_at) / 86400), 1)::bigint
            end as day_of_order,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and started_at <= $as_of
    ),

    left_on as (
        select
            week,
            least(day_of_order, days_watched) as days_since_start,
            count(*) filter (where day_of_order <= days_watched) as converted,
            count(*) as left_then,
        from watched
        where days_watched >= 1
        group by all
    )

select
    week,
    days_since_start,
    converted,
    sum(left_then) over (
        partition by week
        order by days_since_start
        rows between current row and unbounded following
    )::bigint as still_watched,
from left_on
order by week, days_since_start
