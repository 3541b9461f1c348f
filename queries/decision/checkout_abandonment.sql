-- title:    Checkout abandonment
-- question: What share of checkouts is left without an order within 24 hours?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week the checkout was started
-- counts:   share of checkout to not bought, per checkout, within cart, closed
--
-- A checkout begins at the first checkout started in a person's session; more starts in one
-- session are one checkout. It ends well with the person's next order, whatever its cart,
-- within the cart window of its start (24 hours unless journey.toml says otherwise). Checkouts
-- whose window has not closed by the as-of are left out. Carts that never saw a checkout are
-- not in here; see cart abandonment.
select
    date_trunc('week', started_on)::date as week,
    count(*) filter (
        where ordered_at is null or ordered_at > matures_at
    ) as abandoned_checkouts,
    count(*) as checkouts,
from checkouts
where started_on >= $since and started_on < $until and matures_at <= $as_of
group by all
order by week
