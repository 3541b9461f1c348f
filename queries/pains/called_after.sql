-- title:    Calls for help after an order
-- question: After what share of orders is support contacted?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week ordered
--
-- A contact with support (support_contacted) within 30 days after the order, in its
-- journey; of the orders placed in the week whose 30 days have passed by the as-of. Calls
-- before an order are in calls for help on the way.
select
    date_trunc('week', ordered_on)::date as week,
    count(*) filter (where support_at <= ordered_at + interval '30' day) as called,
    count(*) as orders,
from orders
where ordered_on >= $since and ordered_on < $until and ordered_at + interval '30' day <= $as_of
group by all
order by week
