-- title:    How soon journeys order
-- question: How many journeys of each channel have ordered by which day?
-- chart:    survival
-- unit:     percent
-- better:   higher
-- grain:    one row per channel and day on which a journey ended in an order
--
-- All journeys that started in the period, by the channel they began with, from their first
-- touch to the order, within the conversion window. Those that have not ordered count as long
-- as they were watched (Kaplan and Meier 1958), so recent journeys belong here too, and those
-- who never buy are not forgotten, as they are where only buyers' days are counted. Only days
-- that were watched to their end count.
with

    watched as (
        select
            entry_channel as channel,
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
            channel,
            least(day_of_order, days_watched) as days_since_start,
            count(*) filter (where day_of_order <= days_watched) as ordered,
            count(*) as left_then,
        from watched
        where days_watched >= 1
        group by all
    ),

    lives as (
        select
            channel,
            days_since_start,
            ordered,
            sum(left_then) over (
                partition by channel
                order by days_since_start
                rows between current row and unbounded following
            )::bigint as still_watched,
        from left_on
    )

select channel, days_since_start, ordered, still_watched,
from lives
where ordered > 0
order by channel, days_since_start
