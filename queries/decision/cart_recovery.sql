-- title:    Carts won back
-- question: What share of abandoned carts is bought after all, within 7 days?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per week the cart was created
-- counts:   share of left_cart to bought, per cart, within 7 days, closed
--
-- A cart is abandoned that did not become an order within the cart window of its start (24
-- hours unless journey.toml says otherwise); it is won back by an order of the same cart after
-- that and within 7 days of its start. Carts that have not had their 7 days by the as-of are
-- left out.
select
    date_trunc('week', created_on)::date as week,
    count(*) filter (where bought_at <= created_at + 7 * interval '1' day) as recovered_carts,
    count(*) as abandoned_carts,
from carts
where
    created_on >= $since
    and created_on < $until
    and (bought_at is null or bought_at > matures_at)
    and created_at + 7 * interval '1' day <= $as_of
group by all
order by week
