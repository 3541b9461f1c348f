with

    moves as materialized (
        select person_id, session_id, touch_number, touchpoint, stage_number, cart_id, occurred_at,
        from touches
        where stage_number in (3, 4)
    ),

    identified as (
        select
            cart_id,
            unnest(
                min_by(
                    struct_pack(
                        person_id := person_id,
                        session_id := session_id,
                        touch_number := touch_number,
                        created_at := occurred_at
                    ),
                    struct_pack(a := occurred_at, b := person_id, c := touch_number)
                )
            ),
        from moves
        where stage_number = 3 and cart_id is not null
        group by cart_id
    ),

    unnamed as (
        select
            null::varchar as cart_id,
            person_id,
            session_id,
            min(touch_number) as touch_number,
            min_by(occurred_at, touch_number) as created_at,
        from moves
        where touchpoint = 'product_added' and cart_id is null
        group by person_id, session_id
    ),

    carts as (
        select *,
        from identified
        union all
        select *,
        from unnamed
    ),

    bought as (
        select carts.person_id, carts.touch_number, moves.occurred_at as bought_at,
        from carts
        inner join moves on carts.cart_id = moves.cart_id
        where moves.stage_number = 4 and moves.occurred_at >= carts.created_at
        union all
        select carts.person_id, carts.touch_number, moves.occurred_at as bought_at,
        from carts
        inner join
            moves
            on carts.person_id = moves.person_id
            and carts.session_id = moves.session_id
        where
            moves.stage_number = 4
            and moves.occurred_at >= carts.created_at
            and (moves.cart_id is null or carts.cart_id is null)
    ),

    first_bought as (
        select person_id, touch_number, min(bought_at) as bought_at,
        from bought
        group by person_id, touch_number
    )

select
    date_trunc('week', carts.created_at)::date as week,
    count(*) filter (
        where
            first_bought.bought_at is null
            or first_bought.bought_at
            > carts.created_at + interval '{cart_window_hours}' hour
    ) as abandoned_carts,
    count(*) as carts,
from carts
left join
    first_bought
    on carts.person_id = first_bought.person_id
    and carts.touch_number = first_bought.touch_number
where
    carts.created_at >= {since}
    and carts.created_at < {until}
    and carts.created_at + interval '{cart_window_hours}' hour <= {as_of}
group by all
