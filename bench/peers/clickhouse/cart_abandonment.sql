create temporary table moves as
select person_id, session, move.1 as occurred_at, move.2 as touch_number, move.3 as stage_number, move.4 as touchpoint, move.5 as cart_id
from
    (
        select
            person_id,
            arraySort(groupArray((occurred_at, event_index, event_id, stage_number, touchpoint, cart_id, session_id))) as touches,
            touches.1 as ats,
            arrayCumSum(
                (at, previous) -> at > previous + interval {session_timeout_minutes} minute,
                ats,
                arrayPopBack(arrayPushFront(ats, ats[1]))
            ) as numbers,
            arrayJoin(
                arrayFilter(
                    place -> touches[place].4 in (3, 4), arrayEnumerate(ats)
                )
            ) as place,
            (touches[place].1, place, touches[place].4, touches[place].5, touches[place].6) as move,
            coalesce(touches[place].7, toString(numbers[place])) as session
        from
            (
                select
                    *,
                    toUInt8(transform(toString(touchpoint), {names}, {numbers}, 0)) as stage_number
                from events
            )
        group by person_id
    )
;

with

    carts as (
        select
            cart_id,
            argMin((person_id, session, touch_number, occurred_at), (occurred_at, person_id, touch_number)) as begun,
            begun.1 as owner, begun.2 as cart_session, begun.3 as cart_number, begun.4 as created_at
        from moves
        where stage_number = 3 and cart_id is not null
        group by cart_id
        union all
        select
            null as cart_id,
            (person_id, session, min(touch_number), argMin(occurred_at, touch_number)) as begun,
            begun.1 as owner, begun.2 as cart_session, begun.3 as cart_number, begun.4 as created_at
        from moves
        where touchpoint = 'product_added' and cart_id is null
        group by person_id, session
    ),

    orders as (select * from moves where stage_number = 4),

    bought as (
        select owner, cart_number, min(bought_at) as first_bought_at
        from
            (
                select owner, cart_number, orders.occurred_at as bought_at
                from carts
                inner join orders on carts.cart_id = orders.cart_id
                where orders.occurred_at >= created_at
                union all
                select owner, cart_number, orders.occurred_at as bought_at
                from carts
                inner join orders on owner = orders.person_id and cart_session = orders.session
                where
                    orders.occurred_at >= created_at
                    and (orders.cart_id is null or carts.cart_id is null)
            )
        group by owner, cart_number
    )

select
    toMonday(created_at) as week,
    countIf(
        first_bought_at is null
        or first_bought_at > created_at + interval {cart_window_hours} hour
    ) as abandoned_carts,
    count() as carts_begun
from carts
left join bought on carts.owner = bought.owner and carts.cart_number = bought.cart_number
where
    created_at >= {since}
    and created_at < {until}
    and created_at + interval {cart_window_hours} hour <= {as_of}
group by week
