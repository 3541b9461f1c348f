-- outcomes: one row per assignment and touchpoint that the person did after it: strictly after
-- the assigning touch and within the conversion window.
--
-- An experiment may have been run for any touchpoint's sake, so that each is here; a person who
-- did nothing more has no row. To join with `assignments` by person and experiment.
select
    assignments.person_id,
    assignments.person_number,
    assignments.experiment,
    touchpoints.touchpoint,
    touchpoints.stage,
    count(*) as touches,
    min(sequence.occurred_at) as first_at,
    assignments.entry_channel,
    assignments.persona,
    assignments.device,
    assignments.country,
from assignments
inner join
    sequence
    on assignments.person_number = sequence.person_number
    and sequence.touch_number > assignments.touch_number
    and sequence.occurred_at <= assignments.matures_at
inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
group by
    assignments.person_id,
    assignments.person_number,
    assignments.experiment,
    touchpoints.touchpoint,
    touchpoints.stage,
    assignments.entry_channel,
    assignments.persona,
    assignments.device,
    assignments.country
order by assignments.experiment nulls last, assignments.person_number, touchpoints.touchpoint
