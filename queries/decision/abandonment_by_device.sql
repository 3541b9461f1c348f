-- title:    Abandonment by device
-- question: On which device do carts stay behind?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week the cart was created and device
-- counts:   share of cart to not bought, per cart, within cart, closed
--
-- Cart abandonment by the device of the journey's first touch. A jump on one device alone is
-- what a broken checkout looks like.
select
    date_trunc('week', created_on)::date as week,
    device,
    count(*) filter (where bought_at is null or bought_at > matures_at) as abandoned_carts,
    count(*) as carts,
from carts
where created_on >= $since and created_on < $until and matures_at <= $as_of
group by all
order by week, device
