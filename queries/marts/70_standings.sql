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

    -- Numbers alone, so that many touches are quick to look through.
    told as (
        select
            touches.person_number,
            touches.journey_number,
            touches.touch_number,
            touches.occurred_at,
            touches.reached,
            touches.touchpoint = 'checkout_started' as is_checkout,
            touches.touchpoint = 'support_contacted' as is_help,
            error_touchpoints.touchpoint is not null as is_error,
            coalesce(
                touches.touchpoint = lag(touches.touchpoint, 1) over session
                and touches.touchpoint = lag(touches.touchpoint, 2) over session
                and coalesce(touches.product_id, '')
                = coalesce(lag(touches.product_id, 1) over session, '')
                and coalesce(touches.product_id, '')
                = coalesce(lag(touches.product_id, 2) over session, ''),
                false
            ) as is_circle,
            touches.segment_number,
        from touches
        left join error_touchpoints on touches.touchpoint = error_touchpoints.touchpoint
        where touches.journey_number > 0
        window
            session as (
                partition by touches.person_number, touches.session_number
                order by touches.touch_number nulls last
            )
    ),

    firsts as (
        select
            person_number,
            journey_number,
            min(occurred_at) as started_at,
            min(case when reached >= 2 then occurred_at end) as considered_at,
            min(case when reached >= 3 then occurred_at end) as decided_at,
            min(case when reached = 4 then occurred_at end) as purchase_at,
            min(case when is_checkout then touch_number end) as checkout_number,
            max(segment_number) as segment_number,
        from told
        group by person_number, journey_number
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
    ),

    ended as (
        select
            *,
            case when further_at <= matures_at then further_at end as went_on_at,
            case when further_at <= matures_at then further_at else matures_at end as until_at,
        from stood
    ),

    -- What stands out of the ordinary is rare, so that this stays small.
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
        where
            told.is_error
            or told.is_help
            or told.is_circle
            or (told.reached > 0 and told.reached < least(ended.place_number, 3))
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
    cast(ended.stood_at at time zone 'UTC' at time zone $time_zone as date) as stood_on,
    ended.matures_at,
    ended.went_on_at,
    coalesce(ended.purchase_at <= ended.matures_at, false) as ordered,
    coalesce(befell.errors = 1, false) as met_error,
    coalesce(befell.helps = 1, false) as needed_help,
    coalesce(befell.returns = 1, false) as went_back,
    coalesce(befell.circles = 1, false) as circled,
    coalesce(traits.device, segments.device) as shown_device,
    segments.entry_channel,
    segments.persona,
    segments.device,
    segments.country,
from ended
inner join segments on ended.segment_number = segments.segment_number
left join traits on ended.trait_number = traits.trait_number
left join
    befell
    on ended.person_number = befell.person_number
    and ended.journey_number = befell.journey_number
    and ended.place_number = befell.place_number
order by stood_on nulls last, ended.place_number, ended.person_number, ended.journey_number
