-- title:    Slow deliveries
-- question: What share of orders takes more than five days to arrive?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week of delivery
-- counts:   share of delivery to slow, per order
--
-- Orders delivered in the week, and those of them that took more than five days of 24 hours
-- from the order.
select
    date_trunc('week', delivered_on)::date as week,
    count(*) filter (where epoch(delivered_at - ordered_at) > 5 * 86400) as slow,
    count(*) as delivered,
from orders
where delivered_on >= $since and delivered_on < $until and delivered_at <= $as_of
group by all
order by week
