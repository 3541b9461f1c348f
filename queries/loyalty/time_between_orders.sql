-- title:    Time between orders
-- question: How long do people take to order again?
-- chart:    quantiles
-- unit:     days
-- better:   lower
-- grain:    one row
-- counts:   median of order to repeated, per order
--
-- Orders placed in the period that are not the person's first, from the order before, in days
-- of 24 hours. People who have not ordered again are not in it.
select
    quantile_cont(epoch(ordered_at - previous_order_at) / 86400.0, 0.25) as p25_days,
    quantile_cont(epoch(ordered_at - previous_order_at) / 86400.0, 0.5) as median_days,
    quantile_cont(epoch(ordered_at - previous_order_at) / 86400.0, 0.75) as p75_days,
    quantile_cont(epoch(ordered_at - previous_order_at) / 86400.0, 0.9) as p90_days,
    count(*) as repeat_orders,
from orders
where order_number > 1 and ordered_on >= $since and ordered_on < $until and ordered_at <= $as_of
order by repeat_orders
