-- title:    Value by cohort
-- question: What have buyers brought since their first order, one cohort after another?
-- chart:    curve
-- unit:     money
-- better:   higher
-- grain:    one row per quarter of first order and months since
--
-- First-time buyers of the period by quarter, and what each has brought on average within so
-- many months of 30 days since the first order: net of refunds known by the as-of, counted with
-- their order. Month 0 is the first order alone. A line ends where not everyone in its cohort
-- has had that many months. What they bought later counts whatever its channel.
with

    buyers as (
        select
            person_id,
            ordered_at as first_at,
            year(ordered_on) || ' Q' || quarter(ordered_on) as cohort,
            floor(date_diff('microsecond', ordered_at, $as_of) / 2592000e6)::bigint as age,
        from orders
        where
            order_number = 1
            and ordered_on >= $since
            and ordered_on < $until
            and ordered_at <= $as_of
    ),

    chosen as (select *, min(age) over (partition by cohort) as last_month, from buyers),

    amounts as (
        select person_id, journey_number, sum(amount) as amount,
        from all_payments
        where is_reporting_currency and occurred_at <= $as_of
        group by all
    ),

    months as (
        select
            chosen.person_id,
            chosen.cohort,
            chosen.last_month,
            case
                when all_orders.order_number = 1
                then 0
                else
                    1
                    + floor(date_diff('microsecond', first_at, ordered_at) / 2592000e6)::bigint
            end as month,
            sum(coalesce(amounts.amount, 0)) as amount,
        from chosen
        inner join all_orders on chosen.person_id = all_orders.person_id
        left join
            amounts
            on all_orders.person_id = amounts.person_id
            and all_orders.journey_number = amounts.journey_number
        where all_orders.ordered_at <= $as_of
        group by all
    ),

    -- What a buyer has brought so far holds from the month of an order to that of the next.
    steps as (
        select *, (sum(amount) over person)::double as so_far,
        from months
        where month <= last_month
        window person as (partition by person_id order by month)
    ),

    changes as (
        select
            cohort,
            month,
            sum(amount)::double as amount,
            sum(so_far * so_far - (so_far - amount) * (so_far - amount)) as square,
        from steps
        group by all
    ),

    courses as (
        select cohort, count(*) as people, unnest(range(any_value(last_month) + 1)) as month,
        from chosen
        group by cohort
    )

select
    cohort,
    month as months_since_first_order,
    round(sum(coalesce(amount, 0)) over course, 4) as value_per_buyer_sum,
    round(sum(coalesce(square, 0)) over course, 4) as value_per_buyer_squares,
    people as value_per_buyer_n,
from courses
left join changes using (cohort, month)
window course as (partition by cohort order by month)
order by cohort, month
