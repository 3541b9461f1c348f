-- The whole journey table, by arrays: one pass that folds a person's touches, cut at the starts.
drop table if exists journey.folded
;

drop table if exists journey.journeys
;

create table journey.folded engine = Memory as
select
    person_id,
    latest_persona,
    journey_number,
    ats[first_place] as started_at,
    ats[last_place] as ended_at,
    toUInt64(last_place - first_place + 1) as touches,
    length(arrayDistinct(arraySlice(sessions_of, first_place, touches))) as sessions,
    arraySlice(reaches, first_place, touches) as reached,
    arrayMax(reached) as deepest,
    arrayMap(
        stage -> if(has(reached, stage), ats[first_place + indexOf(reached, stage) - 1], null),
        [1, 2, 3, 4, 5]
    ) as first_at,
    if(has(reached, 4), first_place + indexOf(reached, 4) - 1, null) as order_touch_number,
    rows[assumeNotNull(order_touch_number)] as order_row,
    if(order_touch_number is null, null, order_row.order_id) as order_id,
    if(order_touch_number is null, null, order_row.event_id) as order_event_id,
    rows[last_place].channel as last_channel,
    rows[first_place].channel as entry_channel,
    coalesce(rows[first_place].device, 'Unknown') as entry_device,
    coalesce(rows[first_place].country, 'Unknown') as entry_country,
    arrayExists(row -> row.is_identified, arraySlice(rows, first_place, touches)) as is_identified,
    if(order_touch_number is null or order_row.is_foreign, 0, coalesce(order_row.revenue, 0))
    as gross_revenue,
    arrayMap(
        row -> (row.order_id, row.revenue),
        arrayFilter(
            row -> row.stage_number = 5 and row.revenue is not null and not row.is_foreign,
            arraySlice(rows, first_place, touches)
        )
    ) as later_amounts
from
    (
        select
            person_id,
            argMaxIf(
                persona, (occurred_at, event_index, event_id), persona is not null
            ) as latest_persona,
            arraySort(
                row -> (row.occurred_at, row.event_index, row.event_id),
                groupArray(
                    (
                        occurred_at,
                        event_index,
                        event_id,
                        stage_number,
                        channel,
                        device,
                        country,
                        is_identified,
                        session_id,
                        order_id,
                        revenue,
                        is_foreign
                    )::Tuple(
                        occurred_at DateTime64(6, 'UTC'),
                        event_index Int64,
                        event_id String,
                        stage_number UInt8,
                        channel String,
                        device Nullable(String),
                        country Nullable(String),
                        is_identified Bool,
                        session_id Nullable(String),
                        order_id Nullable(String),
                        revenue Nullable(Decimal(18, 4)),
                        is_foreign Bool
                    )
                )
            ) as rows,
            rows.occurred_at as ats,
            rows.stage_number as stages,
            arrayPopBack(arrayPushFront(arrayFill(stage -> stage != 5, stages), 5)) as before,
            arrayPopBack(arrayPushFront(ats, ats[1])) as previous_ats,
            arrayMap(
                (stage, last, at, previous) -> stage != 5
                and (last >= 4 or at > previous + interval {gap_days} day),
                stages,
                before,
                ats,
                previous_ats
            ) as starts,
            arrayMap(
                (row, number) -> coalesce(row.session_id, toString(number)),
                rows,
                arrayCumSum(
                    (at, previous) -> at > previous + interval {session_timeout_minutes} minute,
                    ats,
                    previous_ats
                )
            ) as sessions_of,
            arrayMap((stage, last) -> if(stage = 5 and last != 4, 0, stage), stages, before)
            as reaches,
            arrayFilter(
                (place, start) -> start or place = 1, arrayEnumerate(starts), starts
            ) as firsts
        from
            (
                select
                    *,
                    toUInt8(transform(toString(touchpoint), {names}, {numbers}, 0)) as stage_number,
                    customer_id is not null as is_identified,
                    coalesce(currency, '{currency}') != '{currency}' as is_foreign
                from events
            )
        group by person_id
    )
    array join
        firsts as first_place,
        arrayPushBack(
            arrayMap(place -> toUInt64(place - 1), arrayPopFront(firsts)), toUInt64(length(ats))
        ) as last_place,
        arrayMap(
            place -> toUInt32(place - if(starts[1], 0, 1)), arrayEnumerate(firsts)
        ) as journey_number
;

create table journey.journeys engine = MergeTree order by (started_at, person_id, journey_number) as
with

    placed as (
        select
            order_id as placed_order_id,
            argMin(
                (person_id, journey_number), (first_at[4], person_id, order_touch_number)
            ) as owner
        from journey.folded
        where order_id is not null
        group by order_id
    ),

    later as (
        select
            if(placed_order_id is null, (amounts.person_id, amounts.journey_number), owner)
            as receiver,
            sum(amount.2) as refunds
        from
            (
                select person_id, journey_number, arrayJoin(later_amounts) as amount
                from journey.folded
            ) as amounts
        left join placed on amount.1 = placed.placed_order_id
        group by receiver
    ),

    ordered as (
        select
            person_id,
            journey_number,
            leadInFrame(first_at[4]) over (
                partition by person_id
                order by journey_number
                rows between unbounded preceding and unbounded following
            ) as next_order_at
        from journey.folded
        where first_at[4] is not null
    )

select
    folded.person_id as person_id,
    folded.journey_number as journey_number,
    folded.journey_number = 0 as is_orphan,
    is_identified,
    started_at,
    toDate(started_at) as started_on,
    ended_at,
    started_at + interval {conversion_window_days} day as matures_at,
    touches,
    sessions,
    deepest,
    arrayMax((stage, at) -> if(at <= matures_at, stage, 0), [1, 2, 3, 4, 5], first_at) as deepest_in_window,
    first_at[1] as awareness_at,
    first_at[2] as consideration_at,
    first_at[3] as decision_at,
    first_at[4] as purchase_at,
    first_at[5] as post_purchase_at,
    if(next_order_at <= purchase_at + interval {repeat_window_days} day, next_order_at, null) as loyalty_at,
    purchase_at + interval {repeat_window_days} day as loyalty_matures_at,
    order_id,
    order_event_id,
    order_touch_number,
    gross_revenue + coalesce(refunds, 0) as revenue,
    last_channel,
    entry_channel,
    coalesce(latest_persona, 'Unknown') as persona,
    entry_device as device,
    entry_country as country
from journey.folded as folded
left join
    ordered
    on folded.person_id = ordered.person_id
    and folded.journey_number = ordered.journey_number
left join later on (folded.person_id, folded.journey_number) = later.receiver
