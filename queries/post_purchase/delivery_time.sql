-- title:    Time to delivery
-- question: How long do orders take to arrive?
-- chart:    quantiles
-- unit:     days
-- better:   lower
-- grain:    one row
-- counts:   median of delivery to arrived, per order
--
-- Orders delivered in the period, from the order to the delivery, in days of 24 hours.
select
    quantile_cont(epoch(delivered_at - ordered_at) / 86400.0, 0.25) as p25_days,
    quantile_cont(epoch(delivered_at - ordered_at) / 86400.0, 0.5) as median_days,
    quantile_cont(epoch(delivered_at - ordered_at) / 86400.0, 0.75) as p75_days,
    quantile_cont(epoch(delivered_at - ordered_at) / 86400.0, 0.9) as p90_days,
    count(*) as orders,
from orders
where delivered_on >= $since and delivered_on < $until and delivered_at <= $as_of
order by orders
