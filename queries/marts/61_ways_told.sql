-- ways_told: the commonest ways step by step, one row per place in a way.
--
-- The words of the 20,000 commonest variants of `ways`, read off one journey that took each.
-- Those of a rarer one are read off its journey in `touches`. Not filtered by segments: a way
-- is
-- the same way whoever takes it.
with

    examples as (
        select variant, min(person_id) as person_id,
        from ways
        where variant <= 20000
        group by variant
    ),

    journeys_of_examples as (
        select ways.variant, ways.person_id, min(ways.journey_number) as journey_number,
        from ways
        inner join
            examples on ways.variant = examples.variant and ways.person_id = examples.person_id
        group by ways.variant, ways.person_id
    )

select
    journeys_of_examples.variant,
    cast(
        row_number() over (
            partition by journeys_of_examples.variant order by touches.touch_number nulls last
        ) as integer
    ) as place,
    touches.touchpoint,
from touches
inner join
    journeys_of_examples
    on touches.person_id = journeys_of_examples.person_id
    and touches.journey_number = journeys_of_examples.journey_number
order by journeys_of_examples.variant, place
