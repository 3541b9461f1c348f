-- title:    Refunded orders
-- question: What share of orders is refunded?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week ordered
-- counts:   share of order to refund, per order
--
-- Orders placed in the week, and those of them with a refund known by the as-of, whole or in
-- part. Recent weeks may still rise, since refunds take their time.
select
    date_trunc('week', ordered_on)::date as week,
    count(*) filter (where first_refund_at <= $as_of) as refunded,
    count(*) as orders,
from orders
where ordered_on >= $since and ordered_on < $until and ordered_at <= $as_of
group by all
order by week
