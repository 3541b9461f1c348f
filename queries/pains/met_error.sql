-- title:    Errors on the way
-- question: At each place of the journey, what share meets an error?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week and place
--
-- Errors are the touchpoints that journey.toml lists under experience, errors. A journey meets
-- one at a place before it goes on from there, or before its time there is up; it counts once.
-- Of the journeys that stood at a place in the week and whose time has passed by the as-of.
select
    date_trunc('week', stood_on)::date as week,
    place,
    count(*) filter (where met_error) as met_error,
    count(*) as stood,
from standings
where stood_on >= $since and stood_on < $until and matures_at <= $as_of
group by all
order by week, place
