-- title:    Journeys by entry channel
-- question: Which channels do journeys start in, each week?
-- chart:    stacked
-- unit:     journeys
-- better:   higher
-- grain:    one row per week of start and entry channel
-- counts:   count of journey, per journey
--
-- Every journey that started in the period, mature or not, by the channel of its first touch.
-- Orphans (post-purchase touches with nothing before them) are left out.
select
    date_trunc('week', started_on)::date as week,
    entry_channel as channel,
    count(*) as journeys,
from journeys
where not is_orphan and started_on >= $since and started_on < $until and started_at <= $as_of
group by all
order by week, channel
