-- sequence: one row per touch in the person's order, in numbers alone: what journeys, funnels
-- and paths are made of.
--
-- A touch that is not post-purchase starts a journey when it is the person's first such touch,
-- when the person's previous such touch was an order, or when more than the journey gap has
-- passed since the person's previous touch of any kind. Post-purchase touches belong to the
-- journey under way; before any journey they form journey 0, the orphan. `reached` is how far
-- this touch takes its journey: the stage's number, and 0 for a touch in no stage and for a
-- post-purchase touch before the journey's order. `segment_number` stands for channel, device
-- and country of the journey's first touch and the person's persona: a rule's, else the latest.
--
-- Sorting is what costs, and every window more, so that only numbers are sorted (stage 4 is
-- purchase, 5 post-purchase), all other columns join later, and what can be is one number, in
-- steps of 2^31: sessions are counted in one sum with journeys, and what a journey takes from
-- its first touch is the touch's number with the trait behind it. `thing` is equal for the same
-- touchpoint and product. Three columns are for other marts alone: `is_repeat` of the thing of
-- the person's touch before; `place` in the journey, from 1; `starts_session` by the clock,
-- whatever sessions a source gave.
with

    sizes as (
        select
            (select count(*) from personas) as persona_room,
            (select count(*) + 1 from touchpoints) as touchpoint_room,
    ),

    staged as (
        select
            events.event_number,
            events.event_id,
            events.occurred_at,
            events.event_index,
            events.customer_id is not null as is_identified,
            identities.person_number,
            coalesce(products.product_number, 0) * sizes.touchpoint_room
            + touchpoints.touchpoint_number as thing,
            touchpoints.stage_number,
            traits.trait_number,
            coalesce(identities.ruled_persona, personas.persona_number) as persona_number,
            given_sessions.session_number,
        from labelled_events as events
        inner join identities on events.person_id = identities.person_id
        inner join touchpoints on events.touchpoint = touchpoints.touchpoint
        inner join
            traits
            on events.channel = traits.channel
            and coalesce(events.device, 'Unknown') = traits.device
            and coalesce(events.country, 'Unknown') = traits.country
        left join personas on events.persona = personas.persona
        left join products on events.product_id = products.product_id
        left join
            given_sessions
            on events.person_id = given_sessions.person_id
            and events.session_id = given_sessions.session_id
        cross join sizes
    ),

    sequenced as (
        select
            *,
            cast(row_number() over person as integer) as touch_number,
            lag(occurred_at) over person as previous_at,
            lag(thing) over person as previous_thing,
            lag(case when stage_number <> 5 then stage_number = 4 end ignore nulls) over person
            as follows_order,
            last_value(persona_number ignore nulls) over (
                person rows between unbounded preceding and unbounded following
            ) as latest_persona,
        from staged
        window
            person as (
                partition by person_number
                order by occurred_at nulls last, event_index nulls last, event_id nulls last
            )
    ),

    marked as (
        select
            event_number,
            occurred_at,
            is_identified,
            person_number,
            thing,
            stage_number,
            trait_number,
            session_number,
            touch_number,
            follows_order,
            latest_persona,
            coalesce(thing = previous_thing, false) as is_repeat,
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
            marked.*,
            cast(
                sum(
                    case when starts_journey then 1 else 0 end
                    + case when starts_session then 2147483648 else 0 end
                ) over so_far as bigint
            ) as starts,
            last_value(
                case
                    when starts_journey or touch_number = 1
                    then touch_number * 2147483648 + trait_number
                end ignore nulls
            ) over so_far as entry,
            last_value(
                case when starts_journey or touch_number = 1 then occurred_at end ignore nulls
            ) over so_far as journey_started_at,
        from marked
        window
            so_far as (
                partition by person_number
                order by touch_number nulls last
                rows between unbounded preceding and current row
            )
    )

select
    person_number,
    touch_number,
    cast(starts % 2147483648 as integer) as journey_number,
    coalesce(session_number, cast(floor(starts / 2147483648) as bigint)) as session_number,
    event_number,
    occurred_at,
    cast(thing % touchpoint_room as integer) as touchpoint_number,
    stage_number,
    case
        when stage_number = 5 and not coalesce(follows_order, false) then 0 else stage_number
    end as reached,
    stage_number = 4 as is_order,
    is_identified,
    trait_number,
    journey_started_at,
    (entry % 2147483648) * persona_room + coalesce(latest_persona, 0) as segment_number,
    thing,
    is_repeat,
    cast(touch_number - floor(entry / 2147483648) + 1 as integer) as place,
    starts_session,
from numbered
cross join sizes
order by person_number, touch_number
