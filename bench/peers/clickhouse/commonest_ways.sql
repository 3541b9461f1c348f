-- The commonest whole journeys: a person's touches folded into arrays, cut at the starts, and
-- each journey's touchpoints counted as one array. The table gives them in the person's order
-- already, so that nothing is sorted but what comes from several threads.
select arrayStringConcat(way, ' > ') as told, count() as journeys
from
    (
        select
            arraySort(
                groupArray((occurred_at, event_index, event_id, stage_number, touchpoint))
            ) as touches,
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
            arraySplit((at, start) -> start, ats, starts) as runs,
            arraySplit((name, start) -> start, touches.5, starts) as ways,
            arrayMap(place -> place = 1 and not starts[1], arrayEnumerate(runs)) as orphans
        from
            (
                select
                    person_id,
                    occurred_at,
                    event_index,
                    event_id,
                    touchpoint,
                    toUInt8(transform(toString(touchpoint), {names}, {numbers}, 0)) as stage_number
                from events
            )
        group by person_id
    )
    array join runs as occurred, ways as way, orphans as is_orphan
where
    not is_orphan
    and occurred[1] >= {since}
    and occurred[1] < {until}
    and occurred[length(occurred)] <= {as_of}
group by way
order by journeys desc, told
limit 20

settings optimize_aggregation_in_order = 1
