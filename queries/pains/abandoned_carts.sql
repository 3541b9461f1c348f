-- title:    Carts left, by kind
-- question: What share of first carts is not bought in time, by device and country?
-- chart:    matrix
-- unit:     percent
-- better:   lower
-- grain:    one row per device or country and kind of cart
--
-- The first cart of each journey that was created in the period and whose cart window has
-- closed by the as-of; left where it was not bought within that window. A cart with an id is
-- found again in a later session, one without ends with its session, so the two columns are not
-- to be compared. As they come: the detector compares people of the same channel and persona,
-- each kind of cart on its own.
with

    ranked as (
        select
            *,
            row_number() over (
                partition by person_number, journey_number order by created_at, cart_id
            ) as place,
        from carts
        where journey_number > 0 and created_at <= $as_of
    ),

    firsts as (
        select
            device,
            country,
            case when cart_id is null then 'without an id' else 'with an id' end as kind,
            not coalesce(bought_at <= matures_at, false) as is_left,
        from ranked
        where
            place = 1 and created_on >= $since and created_on < $until and matures_at <= $as_of
    ),

    by_segment as (
        select concat('device ', device) as segment, kind, is_left,
        from firsts
        union all
        select concat('country ', country), kind, is_left,
        from firsts
    )

select segment, kind, count(*) filter (is_left) as left_carts, count(*) as carts,
from by_segment
group by segment, kind
order by segment, kind
