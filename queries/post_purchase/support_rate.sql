-- title:    Orders that need support
-- question: What share of buying journeys contacts support?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week ordered
-- counts:   share of order to support, per order
--
-- Journeys with an order placed in the week, and those of them in which support was contacted
-- after the order, as known by the as-of. Recent weeks may still rise.
select
    date_trunc('week', ordered_on)::date as week,
    count(*) filter (where support_at <= $as_of) as contacted,
    count(*) as orders,
from orders
where ordered_on >= $since and ordered_on < $until and ordered_at <= $as_of
group by all
order by week
