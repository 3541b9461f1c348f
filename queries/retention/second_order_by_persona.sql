-- title:    Second order by persona
-- question: Which customers come back, and how soon?
-- chart:    survival
-- unit:     percent
-- better:   higher
-- grain:    one row per persona and day on which someone ordered again
--
-- First orders of the period by the buyer's persona, and how many
-- days later the second one came, within a year. Those who have not ordered again by the as-of
-- count as long as they were watched (Kaplan and Meier 1958). It is an association: buyers
-- differ in other ways too.
with

    waits as (
        select
            persona as persona,
            coalesce(next_order_at <= $as_of, false) as came,
            1 + floor(
                date_diff('microsecond', ordered_at, least(next_order_at, $as_of)) / 86400e6
            )::bigint as days_since_order,
        from orders
        where
            order_number = 1
            and ordered_on >= $since
            and ordered_on < $until
            and ordered_at <= $as_of
    ),

    counted as (
        select
            persona,
            days_since_order,
            count(*) filter (where came) as ordered_again,
            count(*) as left_then,
        from waits
        group by all
    ),

    lives as (
        select
            persona,
            days_since_order,
            ordered_again,
            sum(left_then) over (
                partition by persona
                order by days_since_order
                rows between current row and unbounded following
            )::bigint as still_waiting,
        from counted
    )

select persona, days_since_order, ordered_again, still_waiting,
from lives
where ordered_again > 0 and days_since_order <= 365
order by persona, days_since_order
