-- journeys: one row per journey, orphans (journey 0) among them and marked.
--
-- `deepest` is the furthest stage reached so far and `deepest_in_window` the furthest within
-- the conversion window of the start, as stage numbers; both end at post-purchase. A journey
-- `matures_at` the end of its window. Loyalty has its own clock: it is reached when the person
-- orders again within the repeat window of this journey's order.
with

    folded as (
        select
            person_number,
            journey_number,
            min(occurred_at) as started_at,
            max(occurred_at) as ended_at,
            count(*) as touches,
            max(session_number) - min(session_number) + 1 as clock_sessions,
            max(reached) as deepest,
            max(
                case
                    when
                        occurred_at
                        <= journey_started_at + $conversion_window_days * interval '1' day
                    then reached
                    else 0
                end
            ) as deepest_in_window,
            min(case when reached = 1 then occurred_at end) as awareness_at,
            min(case when reached = 2 then occurred_at end) as consideration_at,
            min(case when reached = 3 then occurred_at end) as decision_at,
            min(case when reached = 4 then occurred_at end) as purchase_at,
            min(case when reached = 5 then occurred_at end) as post_purchase_at,
            max(case when is_order then event_number end) as order_event_number,
            max(case when is_order then touch_number end) as order_touch_number,
            max_by(trait_number, touch_number) as last_trait_number,
            max(segment_number) as segment_number,
            max(case when is_identified then 1 else 0 end) = 1 as is_identified,
        from sequence
        group by person_number, journey_number
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
            (
                select person_number, journey_number,
                from sequence
                where session_number < 0
                group by person_number, journey_number
            ) as touched
            on sequence.person_number = touched.person_number
            and sequence.journey_number = touched.journey_number
        group by sequence.person_number, sequence.journey_number
    ),

    next_orders as (
        select
            person_number,
            journey_number,
            lead(purchase_at) over (
                partition by person_number order by journey_number nulls last
            ) as next_order_at,
        from folded
        where purchase_at is not null
    ),

    income as (
        select person_id, journey_number, sum(amount) as revenue,
        from payments
        where is_reporting_currency
        group by person_id, journey_number
    ),

    order_events as (
        select events.event_number, events.event_id, events.order_id,
        from folded
        inner join events on folded.order_event_number = events.event_number
    )

select
    identities.person_id,
    folded.person_number,
    folded.journey_number,
    folded.journey_number = 0 as is_orphan,
    folded.is_identified,
    folded.started_at,
    cast(folded.started_at at time zone 'UTC' at time zone $time_zone as date) as started_on,
    folded.ended_at,
    folded.started_at + $conversion_window_days * interval '1' day as matures_at,
    folded.touches,
    cast(coalesce(given.sessions, folded.clock_sessions) as bigint) as sessions,
    folded.deepest,
    folded.deepest_in_window,
    folded.awareness_at,
    folded.consideration_at,
    folded.decision_at,
    folded.purchase_at,
    folded.post_purchase_at,
    case
        when
            next_orders.next_order_at
            <= folded.purchase_at + $repeat_window_days * interval '1' day
        then next_orders.next_order_at
    end as loyalty_at,
    folded.purchase_at + $repeat_window_days * interval '1' day as loyalty_matures_at,
    order_events.order_id,
    order_events.event_id as order_event_id,
    folded.order_touch_number,
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
    on identities.person_id = income.person_id
    and folded.journey_number = income.journey_number
left join
    given
    on folded.person_number = given.person_number
    and folded.journey_number = given.journey_number
left join order_events on folded.order_event_number = order_events.event_number
order by folded.started_at nulls last, folded.person_number, folded.journey_number
