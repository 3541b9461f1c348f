-- title:    Second order by first product
-- question: Which product did those buy first who come back, and how soon?
-- chart:    survival
-- unit:     percent
-- better:   higher
-- grain:    one row per product and day on which someone ordered again
--
-- First orders of the period by the product they name, and how many days later the second one
-- came, within a year. The five products that most of them name stand alone, all others are
-- Other; an order that names none is Unknown. Those who have not ordered again by the as-of
-- count as long as they were watched (Kaplan and Meier 1958). It is an association: buyers
-- differ in other ways too.
with

    firsts as (
        select
            product_id,
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

    ranked as (
        select product_id, row_number() over (order by count(*) desc, product_id) as place,
        from firsts
        where product_id is not null
        group by product_id
    ),

    counted as (
        select
            case
                when product_id is null
                then 'Unknown'
                when place <= 5
                then product_id
                else 'Other'
            end as product,
            days_since_order,
            count(*) filter (where came) as ordered_again,
            count(*) as left_then,
        from firsts
        left join ranked using (product_id)
        group by all
    ),

    lives as (
        select
            product,
            days_since_order,
            ordered_again,
            sum(left_then) over (
                partition by product
                order by days_since_order
                rows between current row and unbounded following
            )::bigint as still_waiting,
        from counted
    )

select product, days_since_order, ordered_again, still_waiting,
from lives
where ordered_again > 0 and days_since_order <= 365
order by product, days_since_order
