-- title:    Consideration by age
-- question: On which day after its start does a journey go on to look?
-- chart:    table
-- unit:     journeys
-- better:   neither
-- grain:    one row per week of start and day since the start on which journeys left
--
-- All journeys that started in the week, each watched from its start until it first reached
-- consideration or further, to the end of the conversion window or to the as-of. Day 1 is the
-- first 24 hours; only days that were watched to their end count. still_watched are the
-- journeys that began the day without having looked and saw its end or their look. From these
-- the share is estimated that looks in the end, those still in their time among them (Kaplan
-- and Meier 1958).
with

    watched as (
        select
            date_trunc('week', started_on)::date as week,
            floor(epoch(least(matures_at, $as_of) - started_at) / 86400)::bigint
            as days_watched,
            least(consideration_at, decision_at, purchase_at) as reached_at,
            started_at,
            matures_at,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and started_at <= $as_of
    ),

    reached as (
        select
            week,
            days_watched,
            case
                when reached_at <= least(matures_at, $as_of)
                then greatest(ceil(epoch(reached_at - started_at) / 86400), 1)::bigint
            end as day_reached,
        from watched
        where days_watched >= 1
    ),

    left_on as (
        select
            week,
            least(day_reached, days_watched) as days_since_start,
            count(*) filter (where day_reached <= days_watched) as reached,
            count(*) as left_then,
        from reached
        group by all
    )

select
    week,
    days_since_start,
    reached,
    sum(left_then) over (
        partition by week
        order by days_since_start
        rows between current row and unbounded following
    )::bigint as still_watched,
from left_on
order by week, days_since_start
