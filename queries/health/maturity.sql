-- title:    Maturity
-- question: How much of the period has had its time?
-- chart:    rate
-- unit:     percent
-- better:   neither
-- grain:    one row per week of start
--
-- Journeys that started in the week, and those of them whose conversion window has closed by
-- the as-of. Cohort numbers (conversion, funnel, time to purchase) count only these.
select
    date_trunc('week', started_on)::date as week,
    count(*) filter (where matures_at <= $as_of) as mature_journeys,
    count(*) as journeys,
from journeys
where not is_orphan and started_on >= $since and started_on < $until and started_at <= $as_of
group by all
order by week
