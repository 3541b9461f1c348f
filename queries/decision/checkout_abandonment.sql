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
with

    checkouts as (
        select
            person_id,
            min(touch_number) as touch_number,
            min(occurred_at) as started_at,
            min(occurred_on) as started_on,
        from touches
        where touchpoint = 'checkout_started' and occurred_at <= $as_of
        group by person_id, session_number
    ),

    windows as (
        select
            checkouts.*,
            checkouts.started_at + snapshot.cart_window_hours * interval '1' hour as matures_at,
        from checkouts
        cross join snapshot
        where checkouts.started_on >= $since and checkouts.started_on < $until
    ),

    ended as (
        select
            windows.person_id,
            windows.touch_number,
            windows.started_on,
            count(touches.touch_number) > 0 as ordered,
        from windows
        left join
            touches
            on windows.person_id = touches.person_id
            and touches.is_order
            and touches.touch_number > windows.touch_number
            and touches.occurred_at <= windows.matures_at
        where windows.matures_at <= $as_of
        group by windows.person_id, windows.touch_number, windows.started_on
    )

select
    date_trunc('week', started_on)::date as week,
    count(*) filter (where not ordered) as abandoned_checkouts,
    count(*) as checkouts,
from ended
group by all
order by week
