-- title:    The chain of places
-- question: From each place of the journey, where do the next steps lead?
-- chart:    matrix
-- unit:     percent
-- better:   neither
-- grain:    one row per place and place stepped to
--
-- Steps between places, of mature journeys that started in the period, within their conversion
-- window: of all times that journeys left a place, how many led where. A journey passes a place
-- as often as it comes back to it. Touches in a row at one place are one stay; a checkout is a
-- touch checkout_started and what of the decision follows it in the same visit; a journey that
-- ends without an order in its window has left. This is what "What if" moves.
with

    named as (
        select
            case
                from_place
                when 0
                then 'start'
                when 1
                then 'awareness'
                when 2
                then 'consideration'
                when 3
                then 'decision'
                else 'checkout'
            end as from_place,
            from_place as place,
            case
                to_place
                when 1
                then 'awareness'
                when 2
                then 'consideration'
                when 3
                then 'decision'
                when 4
                then 'checkout'
                when 5
                then 'order'
                else 'left'
            end as to_place,
            to_place as end_place,
            moves,
        from moves
        where started_on >= $since and started_on < $until and matures_at <= $as_of
    ),

    counted as (
        select from_place, place, to_place, end_place, sum(moves)::bigint as steps,
        from named
        group by all
    )

select
    from_place,
    to_place,
    steps as steps_there,
    sum(steps) over (partition by from_place)::bigint as steps_from_there,
from counted
order by place, end_place
