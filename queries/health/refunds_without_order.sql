-- title:    Refunds without an order
-- question: How many refunds name no order that we know?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per month
--
-- Refunds of the month, and those of them whose order id is missing or unknown. They belong to
-- the journey they fell into; those of an orphan journey are in no cohort number.
select
    date_trunc('month', occurred_on)::date as month,
    count(*) filter (where order_touch_number is null) as without_order,
    count(*) as refunds,
from payments
where not is_order and occurred_on >= $since and occurred_on < $until and occurred_at <= $as_of
group by all
order by month
