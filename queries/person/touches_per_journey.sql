-- title:    Touches per journey
-- question: How long are journeys, in touches?
-- chart:    bar
-- unit:     journeys
-- better:   neither
-- grain:    one row per span of touches
--
-- Journeys that started in the period, by the number of their touches known by the as-of, those
-- after the order among them.
with

    began as (
        select person_id, journey_number, touches, ended_at,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and started_at <= $as_of
    ),

    -- Touch by touch only where some came after the as-of.
    counted as (
        select person_id, journey_number, touches,
        from began
        where ended_at <= $as_of
        union all
        select began.person_id, began.journey_number, count(*) as touches,
        from began
        inner join people on began.person_id = people.person_id
        inner join
            sequence
            on people.person_number = sequence.person_number
            and began.journey_number = sequence.journey_number
        where began.ended_at > $as_of and sequence.occurred_at <= $as_of
        group by began.person_id, began.journey_number
    )

select
    case
        when counted.touches = 1
        then '1 touch'
        when counted.touches <= 3
        then '2 to 3'
        when counted.touches <= 7
        then '4 to 7'
        when counted.touches <= 15
        then '8 to 15'
        else '16 or more'
    end as touches,
    count(*) as journeys,
from counted
group by all
order by min(counted.touches)
