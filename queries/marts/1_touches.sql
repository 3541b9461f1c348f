-- touches: one row per event, in the person's order, with its journey, its session and the
-- journey's segments.
--
-- A touch that is not post-purchase starts a journey when it is the person's first such touch,
-- when the person's previous such touch was an order, or when more than the journey gap has
-- passed since the person's previous touch of any kind. Post-purchase touches belong to the
-- journey under way; before any journey they form journey 0, the orphan. Segments are those of
-- the journey's first touch; the persona is the person's latest. `reached` is how far this
-- touch takes its journey: the stage's number, and 0 for a touch in no stage and for a
-- post-purchase touch before the journey's order. `followed_touchpoint` is the person's touch
-- before this one, survey answers apart: what an answer speaks about.
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
            events.customer_id is not null as is_identified,
            events.occurred_at,
            events.event_index,
            events.session_id,
            events.touchpoint,
            coalesce(touchpoint_stages.stage, 'unmapped') as stage,
            coalesce(touchpoint_stages.stage_number, 0) as stage_number,
            events.channel,
            coalesce(events.device, 'Unknown') as touch_device,
            coalesce(events.country, 'Unknown') as touch_country,
            coalesce(personas.latest_persona, 'Unknown') as persona,
            events.product_id,
            events.category,
            events.cart_id,
            events.order_id,
            events.revenue,
            events.currency,
            events.quantity,
        from events
        left join touchpoint_stages on events.touchpoint = touchpoint_stages.touchpoint
        left join personas on events.person_id = personas.person_id
    ),

    sequenced as (
        select
            *,
            row_number() over person as touch_number,
            lag(occurred_at) over person as previous_at,
            lag(
                case when stage <> 'post_purchase' then stage = 'purchase' end ignore nulls
            ) over person as follows_order,
            lag(
                case when touchpoint <> 'survey_answered' then touchpoint end ignore nulls
            ) over person as followed_touchpoint,
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
            stage <> 'post_purchase'
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

    opened as (select *, starts_journey or touch_number = 1 as is_entry, from marked),

    numbered as (
        select
            *,
            sum(case when starts_journey then 1 else 0 end) over so_far as journeys_so_far,
            sum(case when starts_session then 1 else 0 end) over so_far as sessions_so_far,
            last_value(case when is_entry then occurred_at end ignore nulls) over so_far
            as journey_started_at,
            last_value(case when is_entry then channel end ignore nulls) over so_far
            as entry_channel,
            last_value(case when is_entry then touch_device end ignore nulls) over so_far
            as entry_device,
            last_value(case when is_entry then touch_country end ignore nulls) over so_far
            as entry_country,
        from opened
        window
            so_far as (
                partition by person_id
                order by touch_number nulls last
                rows between unbounded preceding and current row
            )
    )

select
    person_id,
    touch_number,
    cast(journeys_so_far as integer) as journey_number,
    coalesce(
        session_id, concat(person_id, '/', cast(sessions_so_far as varchar))
    ) as session_id,
    event_id,
    is_identified,
    occurred_at,
    cast((occurred_at at time zone 'UTC') at time zone $time_zone as date) as occurred_on,
    journey_started_at,
    touchpoint,
    stage,
    stage = 'purchase' as is_order,
    case
        when stage = 'post_purchase' and not coalesce(follows_order, false)
        then 0
        else stage_number
    end as reached,
    followed_touchpoint,
    channel,
    channel not in (select channel from offline_channels) as is_online,
    touch_device,
    product_id,
    category,
    cart_id,
    order_id,
    revenue,
    currency,
    quantity,
    entry_channel,
    persona,
    entry_device as device,
    entry_country as country,
from numbered
