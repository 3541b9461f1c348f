-- title:    Returning customers
-- question: What share of each month's buyers had bought before?
-- chart:    rate
-- unit:     percent
-- better:   neither
-- grain:    one row per month
-- counts:   share of order to earlier_order, per person_month
--
-- People with an order in the month, and those of them whose first order of all lies before it:
-- the returning customer rate as shops know it. It falls when many new buyers are won and rises
-- when few are, so it is no measure of loyalty by itself. Over several months a person counts
-- once in each.
select
    date_trunc('month', ordered_on)::date as month,
    count(distinct person_id) filter (
        where cohort_month < date_trunc('month', ordered_on)
    ) as returning_customers,
    count(distinct person_id) as customers,
from orders
where ordered_on >= $since and ordered_on < $until and ordered_at <= $as_of
group by all
order by month
