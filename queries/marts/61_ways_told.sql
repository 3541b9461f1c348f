-- ways_told: the commonest ways step by step, one row per place in a way.
--
-- The words of the 20,000 commonest variants of `ways`, read off one journey that took each.
-- Those of a rarer one are read off its journey in `sequence`. Not filtered by segments: a way
-- is the same way whoever takes it.
with

    examples as (
        select variant, min(person_number) as person_number,
        from ways
        where variant <= 20000
        group by variant
    ),

    journeys_of_examples as (
        select ways.variant, ways.person_number, min(ways.journey_number) as journey_number,
        from ways
        inner join
            examples
            on ways.variant = examples.variant
            and ways.person_number = examples.person_number
        group by ways.variant, ways.person_number
    )

select
    journeys_of_examples.variant,
    cast(
        row_number() over (
            partition by journeys_of_examples.variant order by sequence.touch_number nulls last
        ) as integer
    ) as place,
    touchpoints.touchpoint,
from sequence
inner join
    journeys_of_examples
    on sequence.person_number = journeys_of_examples.person_number
    and sequence.journey_number = journeys_of_examples.journey_number
inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
order by journeys_of_examples.variant, place
