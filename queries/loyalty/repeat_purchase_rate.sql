-- title:    Repeat purchase
-- question: What share of first-time buyers orders again within the repeat window?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per month of first order
-- counts:   share of order to next_order, per person, within repeat, closed
--
-- People by the month of their first order, and those of them whose second order came within
-- the repeat window of it (90 days unless journey.toml says otherwise). Only buyers whose
-- window has closed by the as-of count, person by person. Filters select by the journey of the
-- first order.
select
    date_trunc('month', ordered_on)::date as month,
    count(*) filter (where next_order_at <= repeat_matures_at) as repeat_buyers,
    count(*) as first_time_buyers,
from orders
where
    order_number = 1
    and ordered_on >= $since
    and ordered_on < $until
    and repeat_matures_at <= $as_of
group by all
order by month
