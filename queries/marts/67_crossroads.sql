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

    -- Of each journey: the touch that first brought it to a stage, and the one that first
    -- brought
    -- it further.
    firsts as (
        select
            person_number,
            journey_number,
            min(touch_number) as first_number,
            max(segment_number) as segment_number,
            min(case when reached = 1 then touch_number end) as at_1,
            min(case when reached = 2 then touch_number end) as at_2,
            min(case when reached = 3 then touch_number end) as at_3,
            min(case when reached = 4 then touch_number end) as at_4,
            min(case when reached = 5 then touch_number end) as at_5,
            min(case when reached > 1 then touch_number end) as past_1,
            min(case when reached > 2 then touch_number end) as past_2,
            min(case when reached > 3 then touch_number end) as past_3,
            min(case when reached > 1 then occurred_at end) as past_at_1,
            min(case when reached > 2 then occurred_at end) as past_at_2,
            min(case when reached > 3 then occurred_at end) as past_at_3,
        from sequence
        where journey_number > 0
        group by person_number, journey_number
    ),

    -- Purchase and post-purchase have no stage that comes before the next order.
    stood as (
        select
            firsts.person_number,
            firsts.journey_number,
            firsts.first_number,
            firsts.segment_number,
            stages.stage,
            stages.stage_number,
            case
                stages.stage_number
                when 1
                then at_1
                when 2
                then at_2
                when 3
                then at_3
                when 4
                then at_4
                when 5
                then at_5
            end as touch_number,
            case
                stages.stage_number when 1 then past_1 when 2 then past_2 when 3 then past_3
            end as past_number,
            case
                stages.stage_number
                when 1
                then past_at_1
                when 2
                then past_at_2
                when 3
                then past_at_3
            end as past_at,
        from firsts
        cross join stages
    ),

    placed as (
        select
            stood.*,
            here.occurred_at as stood_at,
            here.session_number,
            here.occurred_at + case
                when stood.stage_number >= 4
                then $repeat_window_days
                else $conversion_window_days
            end
            * interval '1' day as matures_at,
            case
                when stood.stage_number >= 4 then journeys.loyalty_at else stood.past_at
            end as further_at,
        from stood
        inner join
            sequence as here
            on stood.person_number = here.person_number
            and stood.touch_number = here.touch_number
        inner join
            journeys
            on stood.person_number = journeys.person_number
            and stood.journey_number = journeys.journey_number
        where stood.past_number is null or stood.touch_number < stood.past_number
    )

select
    placed.person_number,
    placed.journey_number,
    placed.stage,
    placed.stage_number,
    placed.stood_at,
    cast(placed.stood_at at time zone 'UTC' at time zone $time_zone as date) as stood_on,
    placed.matures_at,
    placed.touch_number,
    placed.touch_number - placed.first_number + 1 as touches,
    after.occurred_at as next_at,
    touchpoints.touchpoint as next_touchpoint,
    touchpoints.stage_number as next_stage_number,
    case
        when after.session_number <> placed.session_number then traits.channel
    end as next_channel,
    coalesce(after.touch_number = placed.past_number, false) as is_next_further,
    case when placed.further_at <= placed.matures_at then placed.further_at end as went_on_at,
    segments.entry_channel,
    segments.persona,
    segments.device,
    segments.country,
from placed
inner join segments on placed.segment_number = segments.segment_number
left join
    sequence as after
    on placed.person_number = after.person_number
    and placed.touch_number + 1 = after.touch_number
    and placed.journey_number = after.journey_number
    and after.occurred_at <= placed.matures_at
left join touchpoints on after.touchpoint_number = touchpoints.touchpoint_number
left join traits on after.trait_number = traits.trait_number
order by
    placed.stood_at nulls last, placed.person_number, placed.journey_number, placed.stage_number
