-- Every journey with what most questions need of it: one pass that folds a person's touches
-- into arrays and cuts them at the starts. Half the time that window functions take.
select
    occurred[1] as started_at,
    started_at + interval {conversion_window_days} day as matures_at,
    arrayMax((stage, at) -> if(at <= matures_at, stage, 0), reached, occurred) as deepest_in_window,
    purchase_at,
    next_order_at
from
    (
        select
            arraySort(groupArray((occurred_at, event_index, event_id, stage_number))) as touches,
            touches.1 as ats,
            touches.4 as stages,
            -- the last stage before each touch that is not post-purchase; 5 where there is none
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
            arrayMap(
                (journey, reach) -> if(has(reach, 4), journey[indexOf(reach, 4)], null),
                journeys,
                reaches
            ) as purchases,
            arrayPushBack(
                arrayPopFront(
                    arrayReverse(arrayFill(at -> at is not null, arrayReverse(purchases)))
                ),
                null
            ) as next_orders,
            arrayMap(place -> place = 1 and not starts[1], arrayEnumerate(journeys)) as orphans
        from
            (
                select
                    person_id,
                    occurred_at,
                    event_index,
                    event_id,
                    toUInt8(transform(toString(touchpoint), {names}, {numbers}, 0)) as stage_number
                from events
            )
        group by person_id
    )
    array join
        journeys as occurred,
        reaches as reached,
        purchases as purchase_at,
        next_orders as next_order_at,
        orphans as is_orphan
where not is_orphan
