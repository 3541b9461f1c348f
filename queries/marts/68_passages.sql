-- passages: one row per stage and touchpoint: of the journeys that stood at the stage and went
-- on, how many did the touchpoint in between.
--
-- What most of those who go on do anyway, as a checkout before an order, is a step on the way
-- and no advice. Of the whole store, not filtered by segments: a step is on the way for all.
with

    passed as (
        select
            crossroads.stage,
            sequence.touchpoint_number,
            crossroads.person_number,
            crossroads.journey_number,
        from crossroads
        inner join
            sequence
            on crossroads.person_number = sequence.person_number
            and crossroads.journey_number = sequence.journey_number
            and sequence.touch_number > crossroads.touch_number
            and sequence.occurred_at <= crossroads.went_on_at
            and sequence.reached <= crossroads.stage_number
        where crossroads.stage_number < 4
        group by
            crossroads.stage,
            sequence.touchpoint_number,
            crossroads.person_number,
            crossroads.journey_number
    ),

    gone as (
        select stage, count(*) as went_on,
        from crossroads
        where went_on_at is not null
        group by stage
    )

select passed.stage, touchpoints.touchpoint, count(*) as passed, max(gone.went_on) as went_on,
from passed
inner join gone on passed.stage = gone.stage
inner join touchpoints on passed.touchpoint_number = touchpoints.touchpoint_number
group by passed.stage, touchpoints.touchpoint
order by passed.stage nulls last, touchpoints.touchpoint
