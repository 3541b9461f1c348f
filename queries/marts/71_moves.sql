-- moves: one row per journey and step between two places that it took within its conversion
-- window: what the chain of `what-if` is counted from.
--
-- Places are 1 awareness, 2 consideration, 3 decision, 4 checkout and 5 the order, with 0 for
-- the start and 9 for having left: the end of a journey without an order in its window. A touch
-- stands where its stage is, one named `checkout_started` at the checkout; what of the decision
-- follows a checkout in one visit is still checkout. Touches in a row at one place are one
-- stay, touches in no stage and post-purchase touches are none. `moves` counts how often the
-- journey took the step, `passes` is 1 on the first step by which it left the place, so that
-- their sum counts journeys. `ordered` says whether the journey ended in an order.
--
-- `is_back` marks journeys that began within the repeat window after an order of the person.
-- `came_back` says of a step to an order whether such a journey followed it; it is known for
-- sure from `back_matures_at` on.
with

    spans as (
        select
            journeys.person_number,
            journeys.journey_number,
            journeys.started_on,
            journeys.started_at,
            journeys.matures_at,
            journeys.purchase_at + $repeat_window_days * interval '1' day as back_matures_at,
            coalesce(
                journeys.started_at <= max(journeys.purchase_at) over (
                    partition by journeys.person_number
                    order by journeys.journey_number nulls last
                    rows between unbounded preceding and 1 preceding
                )
                + $repeat_window_days * interval '1' day,
                false
            ) as is_back,
            coalesce(
                lead(journeys.started_at) over (
                    partition by journeys.person_number
                    order by journeys.journey_number nulls last
                )
                <= journeys.purchase_at + $repeat_window_days * interval '1' day,
                false
            ) as came_back,
            journeys.deepest_in_window >= 4 as ordered,
            outlines.segment_number,
        from journeys
        inner join
            outlines
            on journeys.person_number = outlines.person_number
            and journeys.journey_number = outlines.journey_number
        where not journeys.is_orphan
    ),

    stood as (
        select
            sequence.person_number,
            sequence.journey_number,
            sequence.touch_number,
            sequence.session_number,
            case
                when sequence.is_order
                then 5
                when touchpoints.touchpoint = 'checkout_started'
                then 4
                else sequence.stage_number
            end as place,
        from sequence
        inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
        where
            sequence.journey_number > 0
            and (
                sequence.stage_number between 1 and 4
                or touchpoints.touchpoint = 'checkout_started'
            )
            and sequence.occurred_at
            <= sequence.journey_started_at + $conversion_window_days * interval '1' day
    ),

    -- Few visits come to a checkout, so that only those are put in order for what follows one.
    visits_with_checkout as (
        select person_number, journey_number, session_number,
        from stood
        where place = 4
        group by person_number, journey_number, session_number
    ),

    still_checkout as (
        select person_number, touch_number,
        from
            (
                select
                    stood.person_number,
                    stood.touch_number,
                    stood.place,
                    last_value(
                        case when stood.place <> 3 then stood.place end ignore nulls
                    ) over (
                        partition by
                            stood.person_number, stood.journey_number, stood.session_number
                        order by stood.touch_number nulls last
                        rows between unbounded preceding and 1 preceding
                    ) as place_before,
                from stood
                inner join
                    visits_with_checkout
                    on stood.person_number = visits_with_checkout.person_number
                    and stood.journey_number = visits_with_checkout.journey_number
                    and stood.session_number = visits_with_checkout.session_number
            )
        where place = 3 and place_before = 4
    ),

    settled as (
        select
            stood.person_number,
            stood.journey_number,
            stood.touch_number,
            case
                when still_checkout.touch_number is not null then 4 else stood.place
            end as place,
        from stood
        left join
            still_checkout
            on stood.person_number = still_checkout.person_number
            and stood.touch_number = still_checkout.touch_number
    ),

    followed as (
        select
            person_number,
            journey_number,
            touch_number,
            place,
            lag(place) over journey as place_before,
            lead(place) over journey as place_after,
        from settled
        window
            journey as (
                partition by person_number, journey_number order by touch_number nulls last
            )
    ),

    steps as (
        select
            person_number,
            journey_number,
            touch_number,
            coalesce(place_before, 0) as from_place,
            place as to_place,
        from followed
        where place_before is null or place_before <> place
        union all
        select person_number, journey_number, touch_number + 1, place, 9,
        from followed
        where place_after is null and place <> 5
        union all
        select spans.person_number, spans.journey_number, 0, 0, 9,
        from spans
        left join
            (
                select person_number, journey_number, from followed where place_before is null
            ) as begun
            on spans.person_number = begun.person_number
            and spans.journey_number = begun.journey_number
        where begun.person_number is null
    ),

    counted as (
        select
            person_number,
            journey_number,
            from_place,
            to_place,
            count(*) as moves,
            sum(case when place_number = 1 then 1 else 0 end) as passes,
        from
            (
                select
                    *,
                    row_number() over (
                        partition by person_number, journey_number, from_place
                        order by touch_number nulls last, to_place nulls last
                    ) as place_number,
                from steps
            )
        group by person_number, journey_number, from_place, to_place
    )

select
    spans.person_number,
    spans.journey_number,
    spans.started_on,
    spans.started_at,
    spans.matures_at,
    counted.from_place,
    counted.to_place,
    counted.moves,
    cast(counted.passes as bigint) as passes,
    spans.ordered,
    spans.is_back,
    case when counted.to_place = 5 then spans.came_back end as came_back,
    case when counted.to_place = 5 then spans.back_matures_at end as back_matures_at,
    spans.segment_number,
from counted
inner join
    spans
    on counted.person_number = spans.person_number
    and counted.journey_number = spans.journey_number
order by
    spans.started_at nulls last,
    spans.person_number,
    spans.journey_number,
    counted.from_place,
    counted.to_place
