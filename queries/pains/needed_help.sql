-- title:    Calls for help on the way
-- question: At each place of the journey, what share contacts support?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week and place
--
-- A contact with support (support_contacted) before the journey goes on from the place, or
-- before its time there is up; it counts once. Contacts after the order are in support rate.
-- Of the journeys that stood at a place in the week and whose time has passed by the as-of.
select
    date_trunc('week', stood_on)::date as week,
    place,
    count(*) filter (where needed_help) as needed_help,
    count(*) as stood,
from standings
where stood_on >= $since and stood_on < $until and matures_at <= $as_of
group by all
order by week, place
