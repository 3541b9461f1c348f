-- standings: one row per journey and place it stood at on its way to an order: when, until when
-- it had time to go on, and whether it went on and ordered.
--
-- The places follow each other: 1 awareness (every journey but the orphans), 2 consideration,
-- 3 decision, 4 checkout. At the first three stand the journeys that got at least that far
-- within their conversion window; they go on when they get further within it, from the decision
-- to a checkout, or to an order where none was seen. At the checkout stand those that started
-- one, whenever; they go on with an order within the cart window of the first one. `ordered` is
-- an order within the same window. `shown_device` is the device of that first checkout, since a
-- page breaks on the device it is shown on; elsewhere it is the journey's.
with

    firsts as (
        select
            sequence.person_number,
            sequence.journey_number,
            min(sequence.occurred_at) as started_at,
            min(case when sequence.reached >= 2 then sequence.occurred_at end) as considered_at,
            min(case when sequence.reached >= 3 then sequence.occurred_at end) as decided_at,
            min(case when sequence.reached = 4 then sequence.occurred_at end) as purchase_at,
            min(
                case
                    when touchpoints.touchpoint = 'checkout_started' then sequence.touch_number
                end
            ) as checkout_number,
            max(sequence.segment_number) as segment_number,
        from sequence
        inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
        where sequence.journey_number > 0
        group by sequence.person_number, sequence.journey_number
    ),

    windows as (
        select
            firsts.person_number,
            firsts.journey_number,
            firsts.started_at,
            firsts.considered_at,
            firsts.decided_at,
            firsts.purchase_at,
            firsts.segment_number,
            firsts.started_at + $conversion_window_days * interval '1' day as matures_at,
            checkouts.occurred_at as checkout_at,
            checkouts.occurred_at
            + $cart_window_hours * interval '1' hour as checkout_matures_at,
            checkouts.trait_number as checkout_trait_number,
        from firsts
        left join
            sequence as checkouts
            on firsts.person_number = checkouts.person_number
            and firsts.checkout_number = checkouts.touch_number
    ),

    stood as (
        select
            person_number,
            journey_number,
            segment_number,
            1 as place_number,
            started_at as stood_at,
            matures_at,
            considered_at as further_at,
            purchase_at,
            cast(null as bigint) as trait_number,
        from windows
        union all
        select
            person_number,
            journey_number,
            segment_number,
            2,
            considered_at,
            matures_at,
            decided_at,
            purchase_at,
            null,
        from windows
        where considered_at <= matures_at
        union all
        select
            person_number,
            journey_number,
            segment_number,
            3,
            decided_at,
            matures_at,
            coalesce(checkout_at, purchase_at),
            purchase_at,
            null,
        from windows
        where decided_at <= matures_at
        union all
        select
            person_number,
            journey_number,
            segment_number,
            4,
            checkout_at,
            checkout_matures_at,
            purchase_at,
            purchase_at,
            checkout_trait_number,
        from windows
        where checkout_at is not null
    )

select
    stood.person_number,
    stood.journey_number,
    stood.place_number,
    stood.stood_at,
    cast(stood.stood_at at time zone 'UTC' at time zone $time_zone as date) as stood_on,
    stood.matures_at,
    case when stood.further_at <= stood.matures_at then stood.further_at end as went_on_at,
    coalesce(stood.purchase_at <= stood.matures_at, false) as ordered,
    coalesce(traits.device, segments.device) as shown_device,
    segments.entry_channel,
    segments.persona,
    segments.device,
    segments.country,
from stood
inner join segments on stood.segment_number = segments.segment_number
left join traits on stood.trait_number = traits.trait_number
order by stood_on nulls last, stood.place_number, stood.person_number, stood.journey_number
