-- title:    Repeat by age
-- question: On which day after their first order do buyers order again?
-- chart:    table
-- unit:     buyers
-- better:   neither
-- grain:    one row per month of first order and day since it on which buyers left
--
-- All first orders of the month, each buyer watched to the second order, to the end of the
-- repeat window or to the as-of. Day 1 is the first 24 hours; only days that were watched to
-- their end count. still_watched are the buyers who began the day without a second order and
-- saw its end or that order. From these the share is estimated that orders again in the end,
-- those still in their time among them (Kaplan and Meier 1958).
with

    watched as (
        select
            date_trunc('month', ordered_on)::date as month,
            floor(epoch(least(repeat_matures_at, $as_of) - ordered_at) / 86400)::bigint
            as days_watched,
            case
                when next_order_at <= least(repeat_matures_at, $as_of)
                then greatest(ceil(epoch(next_order_at - ordered_at) / 86400), 1)::bigint
            end as day_of_order,
        from orders
        where
            order_number = 1
            and ordered_on >= $since
            and ordered_on < $until
            and ordered_at <= $as_of
    ),

    left_on as (
        select
            month,
            least(day_of_order, days_watched) as days_since_order,
            count(*) filter (where day_of_order <= days_watched) as ordered_again,
            count(*) as left_then,
        from watched
        where days_watched >= 1
        group by all
    )

select
    month,
    days_since_order,
    ordered_again,
    sum(left_then) over (
        partition by month
        order by days_since_order
        rows between current row and unbounded following
    )::bigint as still_watched,
from left_on
order by month, days_since_order
