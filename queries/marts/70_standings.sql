-- standings: one row per journey and place it stood at on its way to an order: when, until when
-- it had time to go on, whether it went on and ordered, and what befell it there.
--
-- The places follow each other: 1 awareness (every journey but the orphans), 2 consideration,
-- 3 decision, 4 checkout. At the first three stand the journeys that got at least that far
-- within their conversion window; they go on when they get further within it, from the decision
-- to a checkout, or to an order where none was seen. At the checkout stand those that started
-- one, whenever; they go on with an order within the cart window of the first one. `ordered` is
-- an order within the same window. `shown_device` is the device of that first checkout, since a
-- page breaks on the device it is shown on; elsewhere it is the journey's.
--
-- Until it goes on, or its time is up, a journey may meet an error (a touchpoint that the
-- configuration calls one), need help (a contact with support), go back (to a touch of an
-- earlier stage than the decision, or than the place) or circle (the same touchpoint, of the
-- same product where there is one, for the third time in a row within a session). Each counts
-- once.
with

    -- Only sessions in which a thing was repeated can hold a circle. Sessions that a
    -- source gave may lie in between each other, so that of people with one, all sessions
    -- are looked at.
    repeated as (
        select person_number, session_number,
        from sequence
        where is_repeat
        group by person_number, session_number
        union
        select sequence.person_number, sequence.session_number,
        from sequence
        inner join
            (
                select person_number,
                from outlines
                where has_given_sessions
                group by person_number
            ) as given
            on sequence.person_number = given.person_number
        group by sequence.person_number, sequence.session_number
    ),

    circles as (
        select person_number, touch_number,
        from
            (
                select
                    sequence.person_number,
                    sequence.touch_number,
                    sequence.thing,
                    lag(sequence.thing, 1) over session as thing_before,
                    lag(sequence.thing, 2) over session as thing_before_that,
                from sequence
                inner join
                    repeated
                    on sequence.person_number = repeated.person_number
                    and sequence.session_number = repeated.session_number
                where sequence.journey_number > 0
                window
                    session as (
                        partition by sequence.person_number, sequence.session_number
                        order by sequence.touch_number nulls last
                    )
            )
        where thing = thing_before and thing = thing_before_that
    ),

    -- What stands out of the ordinary is rare, but for touches of the first two stages.
    told as (
        select
            sequence.person_number,
            sequence.journey_number,
            sequence.occurred_at,
            sequence.reached,
            circles.touch_number is not null as is_circle,
            touchpoints.touchpoint = 'support_contacted' as is_help,
            error_touchpoints.touchpoint is not null as is_error,
        from sequence
        inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
        left join error_touchpoints on touchpoints.touchpoint = error_touchpoints.touchpoint
        left join
            circles
            on sequence.person_number = circles.person_number
            and sequence.touch_number = circles.touch_number
        where
            sequence.journey_number > 0
            and (
                sequence.reached in (1, 2)
                or circles.touch_number is not null
                or touchpoints.touchpoint = 'support_contacted'
                or error_touchpoints.touchpoint is not null
            )
    ),

    checkouts as (
        select
            sequence.person_number,
            sequence.journey_number,
            min(sequence.occurred_at) as checkout_at,
            min_by(sequence.trait_number, sequence.touch_number) as trait_number,
        from sequence
        inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
        where touchpoints.touchpoint = 'checkout_started'
        group by sequence.person_number, sequence.journey_number
    ),

    windows as (
        select
            outlines.person_number,
            outlines.journey_number,
            outlines.started_at,
            least(
                outlines.reached_2, outlines.reached_3, outlines.reached_4, outlines.reached_5
            ) as considered_at,
            least(outlines.reached_3, outlines.reached_4, outlines.reached_5) as decided_at,
            outlines.reached_4 as purchase_at,
            outlines.segment_number,
            outlines.started_at + $conversion_window_days * interval '1' day as matures_at,
            checkouts.checkout_at,
            checkouts.checkout_at
            + $cart_window_hours * interval '1' hour as checkout_matures_at,
            checkouts.trait_number as checkout_trait_number,
        from outlines
        left join
            checkouts
            on outlines.person_number = checkouts.person_number
            and outlines.journey_number = checkouts.journey_number
        where outlines.journey_number > 0
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
    ),

    ended as (
        select
            *,
            case when further_at <= matures_at then further_at end as went_on_at,
            case when further_at <= matures_at then further_at else matures_at end as until_at,
        from stood
    ),

    befell as (
        select
            ended.person_number,
            ended.journey_number,
            ended.place_number,
            max(case when told.is_error then 1 else 0 end) as errors,
            max(case when told.is_help then 1 else 0 end) as helps,
            max(
                case
                    when told.reached > 0 and told.reached < least(ended.place_number, 3)
                    then 1
                    else 0
                end
            ) as returns,
            max(case when told.is_circle then 1 else 0 end) as circles,
        from ended
        inner join
            told
            on ended.person_number = told.person_number
            and ended.journey_number = told.journey_number
            and told.occurred_at > ended.stood_at
            and told.occurred_at <= ended.until_at
            and (
                told.is_error
                or told.is_help
                or told.is_circle
                or told.reached < least(ended.place_number, 3)
            )
        group by ended.person_number, ended.journey_number, ended.place_number
    )

select
    ended.person_number,
    ended.journey_number,
    ended.place_number,
    case
        ended.place_number
        when 1
        then 'awareness'
        when 2
        then 'consideration'
        when 3
        then 'decision'
        else 'checkout'
    end as place,
    ended.stood_at,
    case
        when $time_zone = 'UTC'
        then cast(ended.stood_at as date)
        else cast(ended.stood_at at time zone 'UTC' at time zone $time_zone as date)
    end as stood_on,
    ended.matures_at,
    ended.went_on_at,
    coalesce(ended.purchase_at <= ended.matures_at, false) as ordered,
    coalesce(befell.errors = 1, false) as met_error,
    coalesce(befell.helps = 1, false) as needed_help,
    coalesce(befell.returns = 1, false) as went_back,
    coalesce(befell.circles = 1, false) as circled,
    coalesce(traits.device, segments.device) as shown_device,
    ended.segment_number,
from ended
inner join segments on ended.segment_number = segments.segment_number
left join traits on ended.trait_number = traits.trait_number
left join
    befell
    on ended.person_number = befell.person_number
    and ended.journey_number = befell.journey_number
    and ended.place_number = befell.place_number
order by stood_on nulls last, ended.place_number, ended.person_number, ended.journey_number
