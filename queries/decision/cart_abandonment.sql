-- title:    Cart abandonment
-- question: What share of carts never became an order within 24 hours?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week the cart was created
-- counts:   share of cart to not bought, per cart, within cart, closed
--
-- A cart begins at the first decision touch with its cart id, else at the first product
-- added in a person's session. It is bought by an order with its cart id, or by an order
-- in its session where either of the two has no cart id, within the cart window of its
-- start (24 hours unless journey.toml says otherwise). Carts whose window has not closed
-- by the as-of are left out.
select
    date_trunc('week', created_on)::date as week,
    count(*) filter (where bought_at is null or bought_at > matures_at) as abandoned_carts,
    count(*) as carts,
from carts
where created_on >= $since and created_on < $until and matures_at <= $as_of
group by all
order by week
