-- title:    How soon the next order comes
-- question: Of those who ordered once, twice, three times: how many order again, and when?
-- chart:    survival
-- unit:     percent
-- better:   higher
-- grain:    one row per order to come and day on which someone placed it
--
-- Orders of the period that are a person's first, second or third, and how many days later the
-- next one came, within a year. Those who have not ordered again by the as-of count as long as
-- they were watched (Kaplan and Meier 1958), so recent buyers belong here too. Each line is of
-- those who got that far: the third order is of those who placed a second.
with

    waits as (
        select
            case
                order_number
                when 1
                then 'Second order'
                when 2
                then 'Third order'
                else 'Fourth order'
            end as order_to_come,
            coalesce(next_order_at <= $as_of, false) as came,
            1 + floor(
                date_diff('microsecond', ordered_at, least(next_order_at, $as_of)) / 86400e6
            )::bigint as days_since_order,
        from orders
        where
            order_number <= 3
            and ordered_on >= $since
            and ordered_on < $until
            and ordered_at <= $as_of
    ),

    counted as (
        select
            order_to_come,
            days_since_order,
            count(*) filter (where came) as ordered_again,
            count(*) as left_then,
        from waits
        group by all
    ),

    lives as (
        select
            order_to_come,
            days_since_order,
            ordered_again,
            sum(left_then) over (
                partition by order_to_come
                order by days_since_order
                rows between current row and unbounded following
            )::bigint as still_waiting,
        from counted
    )

select order_to_come, days_since_order, ordered_again, still_waiting,
from lives
where ordered_again > 0 and days_since_order <= 365
order by
    case order_to_come when 'Second order' then 2 when 'Third order' then 3 else 4 end,
    days_since_order
