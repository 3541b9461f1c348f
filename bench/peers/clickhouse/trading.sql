-- The journeys that trade: like `journeys`, with the entry channel and the amounts of money.
select
    person_id,
    occurred[1] as started_at,
    started_at + interval {conversion_window_days} day as matures_at,
    arrayMax((stage, at) -> if(at <= matures_at, stage, 0), reached, occurred) as deepest_in_window,
    if(has(reached, 4), occurred[indexOf(reached, 4)], null) as purchase_at,
    journey_channels[1] as entry_channel,
    first_place,
    is_orphan,
    arrayFilter(
        amount -> amount.1 >= keys[first_place] and (last_place > length(keys) or amount.1 < keys[last_place]), money
    ) as amounts
from
    (
        select
            person_id,
            arraySort(groupArray((occurred_at, event_index, event_id, stage_number, channel))) as touches,
            arrayMap(touch -> (touch.1, touch.2, touch.3), touches) as keys,
            touches.1 as ats,
            touches.4 as stages,
            groupArrayIf(
                (
                    (occurred_at, event_index, event_id),
                    stage_number,
                    order_id,
                    if(coalesce(currency, '{currency}') = '{currency}', revenue, null)
                ),
                stage_number = 4 or (stage_number = 5 and revenue is not null)
            ) as money,
            arrayPopBack(arrayPushFront(arrayFill(stage -> stage != 5, stages), 5)) as before,
            arrayMap(
                (stage, last, at, previous) -> stage != 5
                and (last >= 4 or at > previous + interval {gap_days} day),
                stages,
                before,
                ats,
                arrayPopBack(arrayPushFront(ats, ats[1]))
            ) as starts,
            arraySplit((at, start) -> start, ats, starts) as journeys,
            arraySplit(
                (stage, start) -> start,
                arrayMap((stage, last) -> if(stage = 5 and last != 4, 0, stage), stages, before),
                starts
            ) as reaches,
            arraySplit((channel, start) -> start, touches.5, starts) as channels,
            arrayCumSum(journey -> length(journey), journeys) as ends,
            arrayMap(place -> place = 1 and not starts[1], arrayEnumerate(journeys)) as orphans
        from
            (
                select
                    *,
                    toUInt8(transform(toString(touchpoint), {names}, {numbers}, 0)) as stage_number
                from events
            )
        group by person_id
    )
    array join
        journeys as occurred,
        reaches as reached,
        channels as journey_channels,
        arrayMap((end, journey) -> end - length(journey) + 1, ends, journeys) as first_place,
        arrayMap(end -> end + 1, ends) as last_place,
        orphans as is_orphan
