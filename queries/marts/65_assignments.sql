-- assignments: one row per person and experiment: the arm the person was put in, which is that
-- of their first touch that names a variant, and what they did after it within the conversion
-- window.
--
-- `other_arm_at` is when the person was first seen in another arm of the same experiment. What
-- is counted lies strictly after the assigning touch and not after `matures_at`: visits are
-- arrivals as in `visits`, revenue is money in the reporting currency, refunds taken off, that
-- moved by then. Segments are those of the journey the person was assigned in.
with

    named as (
        select event_number, experiment, variant,
        from events
        where experiment is not null and variant is not null
    ),

    arms as (
        select
            sequence.person_number,
            named.experiment,
            named.variant,
            min(sequence.touch_number) as touch_number,
            min(sequence.occurred_at) as seen_at,
        from named
        inner join sequence on named.event_number = sequence.event_number
        group by sequence.person_number, named.experiment, named.variant
    ),

    placed as (
        select *, row_number() over arm as place, lead(seen_at) over arm as other_arm_at,
        from arms
        window arm as (partition by person_number, experiment order by touch_number nulls last)
    ),

    assigned as (
        select
            identities.person_id,
            placed.person_number,
            placed.experiment,
            placed.variant,
            placed.touch_number,
            placed.other_arm_at,
            sequence.journey_number,
            sequence.occurred_at as assigned_at,
            sequence.occurred_at + $conversion_window_days * interval '1' day as matures_at,
            sequence.segment_number,
        from placed
        inner join
            sequence
            on placed.person_number = sequence.person_number
            and placed.touch_number = sequence.touch_number
        inner join identities on placed.person_number = identities.person_number
        where placed.place = 1
    ),

    arrivals as (
        select assigned.person_number, assigned.experiment, count(*) as visits,
        from assigned
        inner join
            visits
            on assigned.person_number = visits.person_number
            and visits.touch_number > assigned.touch_number
            and visits.arrived_at <= assigned.matures_at
        group by assigned.person_number, assigned.experiment
    ),

    income as (
        select assigned.person_number, assigned.experiment, sum(payments.amount) as revenue,
        from assigned
        inner join
            payments
            on assigned.person_id = payments.person_id
            and payments.is_reporting_currency
            and payments.order_touch_number > assigned.touch_number
            and payments.occurred_at <= assigned.matures_at
        group by assigned.person_number, assigned.experiment
    )

select
    assigned.person_id,
    assigned.person_number,
    assigned.experiment,
    assigned.variant,
    assigned.touch_number,
    assigned.journey_number,
    assigned.assigned_at,
    cast(
        assigned.assigned_at at time zone 'UTC' at time zone $time_zone as date
    ) as assigned_on,
    assigned.matures_at,
    assigned.other_arm_at,
    coalesce(arrivals.visits, 0) as visits,
    cast(coalesce(income.revenue, 0) as decimal(38, 4)) as revenue,
    segments.entry_channel,
    segments.persona,
    segments.device,
    segments.country,
from assigned
inner join segments on assigned.segment_number = segments.segment_number
left join
    arrivals
    on assigned.person_number = arrivals.person_number
    and assigned.experiment = arrivals.experiment
left join
    income
    on assigned.person_number = income.person_number
    and assigned.experiment = income.experiment
order by assigned.experiment nulls last, assigned.assigned_at nulls last, assigned.person_number
