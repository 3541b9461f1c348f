-- The whole journey table, by window functions; `folded` is computed once and used three times.
drop table if exists journey.folded
;

drop table if exists journey.journeys
;

create table journey.folded engine=Memory as
with
    staged as (
        select person_id, event_id, occurred_at, event_index, touchpoint, customer_id is not null as is_identified,
          session_id, channel, device, country, order_id, revenue, currency,
          toUInt8(transform(toString(touchpoint), {names}, {numbers}, 0)) as stage_number
        from events
    ),
    sequenced as (
        select
            *,
            row_number() over person as touch_number,
            lagInFrame(toNullable(occurred_at)) over person as previous_at,
            last_value(if(stage_number = 5, null, stage_number)) ignore nulls over before as followed
        from staged
        window
            person as (partition by person_id order by occurred_at, event_index, event_id rows between unbounded preceding and current row),
            before as (partition by person_id order by occurred_at, event_index, event_id rows between unbounded preceding and 1 preceding)
    ),
    numbered as (
        select
            *,
            if(stage_number = 5 and (followed is null or followed <> 4), 0, stage_number) as reached,
            sum(stage_number <> 5 and (followed is null or followed = 4 or occurred_at > previous_at + interval {gap_days} day)) over so_far as journey_number_or_null,
            sum(previous_at is null or occurred_at > previous_at + interval {session_timeout_minutes} minute) over so_far as session_number
        from sequenced
        window so_far as (partition by person_id order by occurred_at, event_index, event_id rows between unbounded preceding and current row)
    ),
    folded as (
        select
            person_id, assumeNotNull(journey_number_or_null) as journey_number,
            min(occurred_at) as started_at, max(occurred_at) as ended_at, count() as touches,
            uniqExact(coalesce(session_id, toString(session_number))) as sessions,
            max(reached) as deepest,
            minIf(toNullable(occurred_at), reached = 1) as awareness_at,
            minIf(toNullable(occurred_at), reached = 2) as consideration_at,
            minIf(toNullable(occurred_at), reached = 3) as decision_at,
            minIf(toNullable(occurred_at), reached = 4) as purchase_at,
            minIf(toNullable(occurred_at), reached = 5) as post_purchase_at,
            maxIf(order_id, stage_number = 4) as order_id,
            maxIf(toNullable(event_id), stage_number = 4) as order_event_id,
            maxIf(toNullable(touch_number), stage_number = 4) as order_touch_number,
            argMax(channel, touch_number) as last_channel,
            argMin(channel, touch_number) as entry_channel,
            argMin(coalesce(device, 'Unknown'), touch_number) as entry_device,
            argMin(coalesce(country, 'Unknown'), touch_number) as entry_country,
            max(is_identified) as is_identified,
            sumIf(revenue, stage_number = 4 and coalesce(currency, '{currency}') = '{currency}') as gross_revenue,
            groupArrayIf((order_id, revenue), stage_number = 5 and revenue is not null and coalesce(currency, '{currency}') = '{currency}') as later_amounts
        from numbered
        group by person_id, journey_number_or_null
    )
select * from folded
;

create table journey.journeys engine=MergeTree order by (started_at, person_id, journey_number) as
with
    personas as (
        select person_id, argMax(persona, (occurred_at, event_index, event_id)) as latest_persona
        from events where persona is not null group by person_id
    ),
    placed as (
        select order_id as placed_order_id, argMin((person_id, journey_number), (purchase_at, person_id, order_touch_number)) as owner
        from journey.folded where order_id is not null group by order_id
    ),
    later as (
        select if(placed_order_id is null, (folded.person_id, folded.journey_number), owner) as receiver, sum(amount.2) as refunds
        from (select person_id, journey_number, arrayJoin(later_amounts) as amount from journey.folded) as folded
        left join placed on amount.1 = placed.placed_order_id
        group by receiver
    ),
    ordered as (
        select person_id, journey_number,
          leadInFrame(purchase_at) over (partition by person_id order by journey_number rows between unbounded preceding and unbounded following) as next_order_at
        from journey.folded as folded where purchase_at is not null
    )
select
    folded.person_id as person_id, folded.journey_number as journey_number, folded.journey_number = 0 as is_orphan, is_identified, assumeNotNull(started_at) as started_at,
    toDate(started_at) as started_on, ended_at, started_at + interval {conversion_window_days} day as matures_at, touches, sessions, deepest,
    multiIf(post_purchase_at <= matures_at, 5, purchase_at <= matures_at, 4, decision_at <= matures_at, 3, consideration_at <= matures_at, 2, awareness_at <= matures_at, 1, 0) as deepest_in_window,
    awareness_at, consideration_at, decision_at, purchase_at, post_purchase_at,
    if(next_order_at <= purchase_at + interval {repeat_window_days} day, next_order_at, null) as loyalty_at, purchase_at + interval {repeat_window_days} day as loyalty_matures_at,
    order_id, order_event_id, order_touch_number, coalesce(gross_revenue, 0) + coalesce(refunds, 0) as revenue, last_channel, entry_channel,
    coalesce(personas.latest_persona, 'Unknown') as persona, entry_device as device, entry_country as country
from journey.folded as folded
left join ordered on folded.person_id = ordered.person_id and folded.journey_number = ordered.journey_number
left join later on (folded.person_id, folded.journey_number) = later.receiver
left join personas on folded.person_id = personas.person_id
