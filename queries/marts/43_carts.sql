-- carts: one row per cart.
--
-- A cart begins at the first decision touch with its cart id, else at the first product_added
-- of a person's session. It is bought by an order with its id, or by an order in its session
-- where either of the two has no cart id. `bought_at` is the first such order from its start
-- on.
with

    identified as (
        select cart_id, person_id, session_number, touch_number,
        from
            (
                select
                    cart_id,
                    person_id,
                    session_number,
                    touch_number,
                    row_number() over (
                        partition by cart_id
                        order by
                            occurred_at nulls last,
                            person_id nulls last,
                            touch_number nulls last
                    ) as place,
                from touches
                where stage = 'decision' and cart_id is not null
            )
        where place = 1
    ),

    unnamed as (
        select
            cast(null as varchar) as cart_id,
            person_id,
            session_number,
            min(touch_number) as touch_number,
        from touches
        where touchpoint = 'product_added' and cart_id is null
        group by person_id, session_number
    ),

    begun as (
        select *,
        from identified
        union all
        select *,
        from unnamed
    ),

    carts as (
        select
            begun.cart_id,
            begun.person_id,
            begun.session_number,
            begun.touch_number,
            touches.person_number,
            touches.journey_number,
            touches.occurred_at,
            touches.occurred_on,
            touches.entry_channel,
            touches.persona,
            touches.device,
            touches.country,
        from begun
        inner join
            touches
            on begun.person_id = touches.person_id
            and begun.touch_number = touches.touch_number
    ),

    orders_placed as (
        select cart_id, person_id, session_number, occurred_at, from touches where is_order
    ),

    by_cart as (
        select carts.person_id, carts.touch_number, min(orders_placed.occurred_at) as bought_at,
        from carts
        inner join orders_placed on carts.cart_id = orders_placed.cart_id
        where orders_placed.occurred_at >= carts.occurred_at
        group by carts.person_id, carts.touch_number
    ),

    by_session as (
        select carts.person_id, carts.touch_number, min(orders_placed.occurred_at) as bought_at,
        from carts
        inner join
            orders_placed
            on carts.person_id = orders_placed.person_id
            and carts.session_number = orders_placed.session_number
        where
            orders_placed.occurred_at >= carts.occurred_at
            and (orders_placed.cart_id is null or carts.cart_id is null)
        group by carts.person_id, carts.touch_number
    )

select
    carts.cart_id,
    carts.person_id,
    carts.person_number,
    carts.journey_number,
    carts.occurred_at as created_at,
    carts.occurred_on as created_on,
    carts.occurred_at + $cart_window_hours * interval '1' hour as matures_at,
    coalesce(
        least(by_cart.bought_at, by_session.bought_at), by_cart.bought_at, by_session.bought_at
    ) as bought_at,
    carts.entry_channel,
    carts.persona,
    carts.device,
    carts.country,
from carts
left join
    by_cart on carts.person_id = by_cart.person_id and carts.touch_number = by_cart.touch_number
left join
    by_session
    on carts.person_id = by_session.person_id
    and carts.touch_number = by_session.touch_number
order by carts.occurred_at nulls last, carts.person_id, carts.touch_number
