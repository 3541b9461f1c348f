-- crossroads: one row per journey and stage it stood at: the moment it first got that far, what
-- came next, and whether it went on.
--
-- A journey stands at a stage when its deepest stage so far becomes that one; a journey that
-- begins further along never stood at the stages before. The clock starts there, for everyone
-- alike: what came next is the journey's next touch, if it came within the window, and the
-- journey went on when it reached a later stage (from purchase on: when the person ordered
-- again within the repeat window) within that same window. `next_channel` is the next touch's
-- channel where that touch opened another visit. `matures_at` is the end of the window.
with

    -- Of each journey and stage: the touch that first brought it there, and when it first got
    -- further. Purchase and post-purchase have no stage that comes before the next order.
    first_touches as (
        select
            person_number,
            journey_number,
            segment_number,
            first_touch,
            has_given_sessions,
            1 as stage_number,
            touch_1 as touch_number,
            least(touch_2, touch_3, touch_4, touch_5) as further_touch,
            reached_1 as stood_at,
            least(reached_2, reached_3, reached_4, reached_5) as further_at,
        from outlines
        union all
        select
            person_number,
            journey_number,
            segment_number,
            first_touch,
            has_given_sessions,
            2,
            touch_2,
            least(touch_3, touch_4, touch_5),
            reached_2,
            least(reached_3, reached_4, reached_5),
        from outlines
        union all
        select
            person_number,
            journey_number,
            segment_number,
            first_touch,
            has_given_sessions,
            3,
            touch_3,
            least(touch_4, touch_5),
            reached_3,
            least(reached_4, reached_5),
        from outlines
        union all
        select
            person_number,
            journey_number,
            segment_number,
            first_touch,
            has_given_sessions,
            4,
            touch_4,
            null,
            reached_4,
            null,
        from outlines
        union all
        select
            person_number,
            journey_number,
            segment_number,
            first_touch,
            has_given_sessions,
            5,
            touch_5,
            null,
            reached_5,
            null,
        from outlines
    ),

    placed as (
        select
            person_number,
            journey_number,
            segment_number,
            first_touch,
            has_given_sessions,
            stage_number,
            touch_number,
            stood_at,
            further_at,
            stood_at + case
                when stage_number >= 4 then $repeat_window_days else $conversion_window_days
            end
            * interval '1' day as matures_at,
        from first_touches
        where
            journey_number > 0
            and touch_number is not null
            and (further_touch is null or touch_number < further_touch)
    ),

    again as (
        select person_number, journey_number, loyalty_at,
        from journeys
        where loyalty_at is not null
    ),

    -- By the clock a touch says itself whether it starts a session; only where a source
    -- gave some must they be compared.
    given as (
        select placed.person_number, placed.touch_number, here.session_number,
        from placed
        inner join
            sequence as here
            on placed.person_number = here.person_number
            and placed.touch_number = here.touch_number
        where placed.has_given_sessions
    ),

    continued as (
        select
            placed.*,
            after.occurred_at as next_at,
            after.reached as next_reached,
            after.touchpoint_number as next_touchpoint_number,
            case
                when
                    coalesce(after.session_number <> given.session_number, after.starts_session)
                then after.trait_number
            end as next_trait_number,
        from placed
        left join
            sequence as after
            on placed.person_number = after.person_number
            and placed.touch_number + 1 = after.touch_number
            and placed.journey_number = after.journey_number
            and after.occurred_at <= placed.matures_at
        left join
            given
            on placed.person_number = given.person_number
            and placed.touch_number = given.touch_number
    )

select
    continued.person_number,
    continued.journey_number,
    stages.stage,
    stages.stage_number,
    continued.stood_at,
    case
        when $time_zone = 'UTC'
        then cast(continued.stood_at as date)
        else cast(continued.stood_at at time zone 'UTC' at time zone $time_zone as date)
    end as stood_on,
    continued.matures_at,
    continued.touch_number,
    continued.touch_number - continued.first_touch + 1 as touches,
    continued.next_at,
    touchpoints.touchpoint as next_touchpoint,
    touchpoints.stage_number as next_stage_number,
    traits.channel as next_channel,
    continued.stage_number < 4
    and coalesce(continued.next_reached > continued.stage_number, false) as is_next_further,
    case
        when continued.stage_number < 4 and continued.further_at <= continued.matures_at
        then continued.further_at
        when continued.stage_number >= 4 and again.loyalty_at <= continued.matures_at
        then again.loyalty_at
    end as went_on_at,
    continued.segment_number,
from continued
inner join stages on continued.stage_number = stages.stage_number
left join
    again
    on continued.person_number = again.person_number
    and continued.journey_number = again.journey_number
left join touchpoints on continued.next_touchpoint_number = touchpoints.touchpoint_number
left join traits on continued.next_trait_number = traits.trait_number
order by
    continued.stood_at nulls last,
    continued.person_number,
    continued.journey_number,
    continued.stage_number
