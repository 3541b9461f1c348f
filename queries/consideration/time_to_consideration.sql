-- title:    Time to consideration
-- question: How long until people look at what we offer?
-- chart:    quantiles
-- unit:     days
-- better:   lower
-- grain:    one row
-- counts:   median of journey to looking, per journey, within conversion, closed
--
-- Mature journeys that started in the period and reached consideration within the conversion
-- window, from their first touch to the first touch of consideration, in days of 24 hours.
-- Journeys that begin in consideration count as 0 days.
select
    quantile_cont(epoch(consideration_at - started_at) / 86400.0, 0.25) as p25_days,
    quantile_cont(epoch(consideration_at - started_at) / 86400.0, 0.5) as median_days,
    quantile_cont(epoch(consideration_at - started_at) / 86400.0, 0.75) as p75_days,
    quantile_cont(epoch(consideration_at - started_at) / 86400.0, 0.9) as p90_days,
    count(*) as journeys,
from journeys
where
    not is_orphan
    and started_on >= $since
    and started_on < $until
    and matures_at <= $as_of
    and consideration_at <= matures_at
order by journeys
