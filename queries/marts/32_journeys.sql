-- journeys: one row per journey, orphans (journey 0) among them and marked.
--
-- `deepest` is the furthest stage reached so far and `deepest_in_window` the furthest within
-- the conversion window of the start, as stage numbers; both end at post-purchase. A journey
-- `matures_at` the end of its window. Loyalty has its own clock: it is reached when the person
-- orders again within the repeat window of this journey's order.
with

    folded as (
        select *, started_at + $conversion_window_days * interval '1' day as matures_at,
        from outlines
    ),

    -- Sessions by the clock are numbered without a gap, so that counting them needs no list of
    -- them. Only journeys with sessions that a source gave are counted one by one.
    given as (
        select
            sequence.person_number,
            sequence.journey_number,
            count(distinct sequence.session_number) as sessions,
        from sequence
        inner join
            outlines
            on sequence.person_number = outlines.person_number
            and sequence.journey_number = outlines.journey_number
        where outlines.has_given_sessions
        group by sequence.person_number, sequence.journey_number
    ),

    next_orders as (
        select
            person_number,
            journey_number,
            lead(reached_4) over (
                partition by person_number order by journey_number nulls last
            ) as next_order_at,
        from outlines
        where reached_4 is not null
    ),

    income as (
        select
            identities.person_number, payments.journey_number, sum(payments.amount) as revenue,
        from payments
        inner join identities on payments.person_id = identities.person_id
        where payments.is_reporting_currency
        group by identities.person_number, payments.journey_number
    ),

    order_events as (
        select events.event_number, events.event_id, events.order_id,
        from events
        inner join touchpoints on events.touchpoint = touchpoints.touchpoint
        where touchpoints.stage_number = 4
    )

select
    identities.person_id,
    folded.person_number,
    folded.journey_number,
    folded.journey_number = 0 as is_orphan,
    folded.is_identified,
    folded.started_at,
    case
        when $time_zone = 'UTC'
        then cast(folded.started_at as date)
        else cast(folded.started_at at time zone 'UTC' at time zone $time_zone as date)
    end as started_on,
    folded.ended_at,
    folded.matures_at,
    folded.touches,
    cast(coalesce(given.sessions, folded.clock_sessions) as bigint) as sessions,
    case
        when folded.reached_5 is not null
        then 5
        when folded.reached_4 is not null
        then 4
        when folded.reached_3 is not null
        then 3
        when folded.reached_2 is not null
        then 2
        when folded.reached_1 is not null
        then 1
        else 0
    end as deepest,
    case
        when folded.reached_5 <= folded.matures_at
        then 5
        when folded.reached_4 <= folded.matures_at
        then 4
        when folded.reached_3 <= folded.matures_at
        then 3
        when folded.reached_2 <= folded.matures_at
        then 2
        when folded.reached_1 <= folded.matures_at
        then 1
        else 0
    end as deepest_in_window,
    folded.reached_1 as awareness_at,
    folded.reached_2 as consideration_at,
    folded.reached_3 as decision_at,
    folded.reached_4 as purchase_at,
    folded.reached_5 as post_purchase_at,
    case
        when
            next_orders.next_order_at
            <= folded.reached_4 + $repeat_window_days * interval '1' day
        then next_orders.next_order_at
    end as loyalty_at,
    folded.reached_4 + $repeat_window_days * interval '1' day as loyalty_matures_at,
    order_events.order_id,
    order_events.event_id as order_event_id,
    folded.touch_4 as order_touch_number,
    cast(coalesce(income.revenue, 0) as decimal(38, 4)) as revenue,
    traits.channel as last_channel,
    segments.entry_channel,
    segments.persona,
    segments.device,
    segments.country,
from folded
inner join identities on folded.person_number = identities.person_number
inner join segments on folded.segment_number = segments.segment_number
inner join traits on folded.last_trait_number = traits.trait_number
left join
    next_orders
    on folded.person_number = next_orders.person_number
    and folded.journey_number = next_orders.journey_number
left join
    income
    on folded.person_number = income.person_number
    and folded.journey_number = income.journey_number
left join
    given
    on folded.person_number = given.person_number
    and folded.journey_number = given.journey_number
left join order_events on folded.order_event_number = order_events.event_number
order by folded.started_at nulls last, folded.person_number, folded.journey_number
