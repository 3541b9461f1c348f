-- ways: one row per journey, orphans left out, with the number of the way it took and what
-- became of it.
--
-- Two journeys have the same `variant` exactly when they hold the same touchpoints in the same
-- order, repeats as they are; variant 1 is the commonest of the store. Lists differ from engine
-- to engine, so the order is found in sums: each touchpoint has a number (below 2^27) and each
-- place in a journey two weights that look random (below 2^36); journeys of equal length whose
-- two sums of number times weight, each modulo a prime, are equal took the same way. Two
-- different ways meet by chance once in 2^72.
--
-- `known_at` is when the last of a row was known: its last touch, or a refund that came later.
with

    steps as (
        select
            person_number,
            journey_number,
            cast(place as bigint) as place,
            cast(touchpoint_number as bigint) as number,
        from sequence
        where journey_number > 0
    ),

    seeds as (
        select
            place,
            (place * 48271 + 1234567) % 2147483647 as one,
            (place * 69621 + 7654321) % 2147483629 as two,
        from steps
        group by place
    ),

    -- Squares modulo two primes that feed each other: no polynomial of the place is left.
    stirred as (
        select
            place, (one * one + two) % 2147483647 as one, (two * two + one) % 2147483629 as two,
        from seeds
    ),

    weights as (
        select
            place,
            (one * one + two) % 2147483647 * 32 + two % 32 as one,
            (two * two + one) % 2147483629 * 32 + one % 32 as two,
        from stirred
    ),

    hashed as (
        select
            steps.person_number,
            steps.journey_number,
            count(*) as touches,
            cast(sum(steps.number * weights.one % 68719476731) as bigint) as one,
            cast(sum(steps.number * weights.two % 68719476719) as bigint) as two,
        from steps
        inner join weights on steps.place = weights.place
        group by steps.person_number, steps.journey_number
    ),

    variants as (
        select
            touches,
            one,
            two,
            cast(
                row_number() over (
                    order by
                        count(*) desc nulls last,
                        touches nulls last,
                        one nulls last,
                        two
                        nulls last
                ) as integer
            ) as variant,
        from hashed
        group by touches, one, two
    ),

    opinions as (
        select
            person_id,
            journey_number,
            sum(case when score >= scale_max - 1 then 1 else 0 end) as satisfied,
            count(*) as responses,
        from responses
        where survey = 'csat' and score is not null
        group by person_id, journey_number
    ),

    settled as (
        select person_id, journey_number, max(occurred_at) as settled_at,
        from payments
        where is_reporting_currency
        group by person_id, journey_number
    )

select
    journeys.person_number,
    journeys.journey_number,
    variants.variant,
    journeys.touches,
    journeys.started_on,
    journeys.started_at,
    journeys.ended_at,
    greatest(journeys.ended_at, coalesce(settled.settled_at, journeys.ended_at)) as known_at,
    journeys.matures_at,
    journeys.purchase_at is not null as is_bought,
    journeys.deepest_in_window >= 4 as is_converted,
    journeys.revenue,
    cast(coalesce(opinions.satisfied, 0) as bigint) as satisfied,
    coalesce(opinions.responses, 0) as responses,
    journeys.entry_channel,
    journeys.persona,
    journeys.device,
    journeys.country,
from journeys
inner join
    hashed
    on journeys.person_number = hashed.person_number
    and journeys.journey_number = hashed.journey_number
inner join
    variants
    on hashed.touches = variants.touches
    and hashed.one = variants.one
    and hashed.two = variants.two
left join
    settled
    on journeys.person_id = settled.person_id
    and journeys.journey_number = settled.journey_number
left join
    opinions
    on journeys.person_id = opinions.person_id
    and journeys.journey_number = opinions.journey_number
order by journeys.started_at nulls last, journeys.person_number, journeys.journey_number
