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

    counted as (
        select person_number, journey_number, count(*) as touches,
        from sequence
        where journey_number > 0 and occurred_at <= $as_of
        group by all
    ),

    began as (
        select person_id, journey_number,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and started_at <= $as_of
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
from began
inner join people using (person_id)
inner join counted using (person_number, journey_number)
group by all
order by min(counted.touches)
