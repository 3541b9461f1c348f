-- touches: one row per event, with its place in the person's order, its journey, its
-- session and the journey's segments.
--
-- A touch that is not post-purchase starts a journey when it is the person's first such touch,
-- when the person's previous such touch was an order, or when more than the journey gap has
-- passed since the person's previous touch of any kind. Post-purchase touches belong to the
-- journey under way; before any journey they form journey 0, the orphan. Segments are those of
-- the journey's first touch; the persona is the person's latest. `reached` is how far this
-- touch takes its journey: the stage's number, and 0 for a touch in no stage and for a
-- post-purchase touch before the journey's order.
--
-- Only what decides the order and the journeys is sorted, stages as their numbers (4 is
-- purchase, 5 post-purchase); the other columns join at the end. Sorting them too costs
-- half as much again.
with

    personas as (
        select
            person_id,
            max_by(
                persona,
                struct_pack(
                    answered := occurred_at,
                    place := coalesce(event_index, 9223372036854775807),
                    tie := event_id
                )
            ) as latest_persona,
        from events
        where persona is not null
        group by person_id
    ),

    staged as (
        select
            events.event_id,
            events.person_id,
            events.occurred_at,
            events.event_index,
            coalesce(touchpoint_stages.stage_number, 0) as stage_number,
        from events
        left join touchpoint_stages on events.touchpoint = touchpoint_stages.touchpoint
    ),

    sequenced as (
        select
            event_id,
            person_id,
            occurred_at,
            stage_number,
            row_number() over person as touch_number,
            lag(occurred_at) over person as previous_at,
            lag(case when stage_number <> 5 then stage_number = 4 end ignore nulls) over person
            as follows_order,
        from staged
        window
            person as (
                partition by person_id
                order by occurred_at nulls last, event_index nulls last, event_id nulls last
            )
    ),

    marked as (
        select
            *,
            stage_number <> 5
            and (
                follows_order is null
                or follows_order
                or occurred_at > previous_at + $gap_days * interval '1' day
            ) as starts_journey,
            previous_at is null
            or occurred_at
            > previous_at + $session_timeout_minutes * interval '1' minute as starts_session,
        from sequenced
    ),

    numbered as (
        select
            event_id,
            person_id,
            touch_number,
            starts_journey or touch_number = 1 as is_entry,
            case
                when stage_number = 5 and not coalesce(follows_order, false)
                then 0
                else stage_number
            end as reached,
            cast(
                sum(case when starts_journey then 1 else 0 end) over so_far as integer
            ) as journey_number,
            cast(
                sum(case when starts_session then 1 else 0 end) over so_far as integer
            ) as session_number,
        from marked
        window
            so_far as (
                partition by person_id
                order by touch_number nulls last
                rows between unbounded preceding and current row
            )
    ),

    entries as (
        select
            numbered.person_id,
            numbered.journey_number,
            events.occurred_at as journey_started_at,
            events.channel as entry_channel,
            coalesce(events.device, 'Unknown') as device,
            coalesce(events.country, 'Unknown') as country,
            coalesce(personas.latest_persona, 'Unknown') as persona,
        from numbered
        inner join events on numbered.event_id = events.event_id
        left join personas on numbered.person_id = personas.person_id
        where numbered.is_entry
    )

select
    events.person_id,
    numbered.touch_number,
    numbered.journey_number,
    coalesce(
        events.session_id,
        concat(events.person_id, '/', cast(numbered.session_number as varchar))
    ) as session_id,
    events.event_id,
    events.customer_id is not null as is_identified,
    events.occurred_at,
    case
        when $time_zone = 'UTC'
        then cast(events.occurred_at as date)
        else cast((events.occurred_at at time zone 'UTC') at time zone $time_zone as date)
    end as occurred_on,
    entries.journey_started_at,
    events.touchpoint,
    coalesce(touchpoint_stages.stage, 'unmapped') as stage,
    coalesce(touchpoint_stages.stage, 'unmapped') = 'purchase' as is_order,
    numbered.reached,
    events.channel,
    events.channel not in (select channel from offline_channels) as is_online,
    coalesce(events.device, 'Unknown') as touch_device,
    events.product_id,
    events.category,
    events.cart_id,
    events.order_id,
    events.revenue,
    events.currency,
    events.quantity,
    entries.entry_channel,
    entries.persona,
    entries.device,
    entries.country,
from events
inner join numbered on events.event_id = numbered.event_id
left join
    entries
    on events.person_id = entries.person_id
    and numbered.journey_number = entries.journey_number
left join touchpoint_stages on events.touchpoint = touchpoint_stages.touchpoint
