-- title:    Consideration rate
-- question: What share of journeys goes on to look at what we offer?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per week of start
-- counts:   share of journey to consideration, per journey, within conversion, closed
--
-- Mature journeys that started in the week, and those of them that reached consideration or
-- further within the conversion window of their start. Journeys whose window has not closed by
-- the as-of are left out: their rate could still rise, and would read as a fall.
select
    date_trunc('week', started_on)::date as week,
    count(*) filter (where deepest_in_window >= 2) as reached,
    count(*) as journeys,
from journeys
where not is_orphan and started_on >= $since and started_on < $until and matures_at <= $as_of
group by all
order by week
