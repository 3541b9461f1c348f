-- title:    Journeys per person
-- question: How many journeys do people take?
-- chart:    bar
-- unit:     people
-- better:   neither
-- grain:    one row per number of journeys
-- counts:   count of journey, per person_in_period
--
-- People with a journey that started in the period and was known by the as-of, by how many such
-- journeys they have. Orphans, touches after an order that nobody saw, are no journeys.
with

    counted as (
        select person_id, count(*) as journeys,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and started_at <= $as_of
        group by person_id
    )

select
    case
        when journeys >= 5
        then '5 or more'
        when journeys = 1
        then '1 journey'
        else concat(journeys, ' journeys')
    end as journeys,
    count(*) as people,
from counted
group by all
order by journeys
