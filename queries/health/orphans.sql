-- title:    Orphans
-- question: How many people have post-purchase touches with nothing before them?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week of the first touch
--
-- Journeys by the week they began, and those of them that are orphans: touches after a purchase
-- that we never saw. They are kept and counted here, and left out of every cohort number. Many
-- of them mean that the data begins too late or that ids do not match.
select
    date_trunc('week', started_on)::date as week,
    count(*) filter (where is_orphan) as orphans,
    count(*) as journeys,
from journeys
where started_on >= $since and started_on < $until and started_at <= $as_of
group by all
order by week
