-- title:    Going in circles
-- question: What share meets the same page for the third time in a row?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week and place
--
-- The same touchpoint, of the same product where there is one, for the third time in a row
-- within a session, before the journey goes on or its time is up.
-- Of the journeys that stood at a place in the week and whose time has passed by the as-of.
select
    date_trunc('week', stood_on)::date as week,
    place,
    count(*) filter (where circled) as circled,
    count(*) as stood,
from standings
where stood_on >= $since and stood_on < $until and matures_at <= $as_of
group by all
order by week, place
