-- title:    Time to purchase
-- question: How long do journeys take from the first touch to the order?
-- chart:    quantiles
-- unit:     days
-- better:   lower
-- grain:    one row
-- counts:   median of journey to purchase, per journey, within conversion, closed
--
-- Mature journeys that started in the period and have an order within the conversion window,
-- from their first touch to the order, in days of 24 hours; percentiles are interpolated. It
-- says how long buyers took, nothing of those who did not buy.
select
    quantile_cont(epoch(purchase_at - started_at) / 86400.0, 0.25) as p25_days,
    quantile_cont(epoch(purchase_at - started_at) / 86400.0, 0.5) as median_days,
    quantile_cont(epoch(purchase_at - started_at) / 86400.0, 0.75) as p75_days,
    quantile_cont(epoch(purchase_at - started_at) / 86400.0, 0.9) as p90_days,
    count(*) as journeys,
from journeys
where
    not is_orphan
    and started_on >= $since
    and started_on < $until
    and matures_at <= $as_of
    and deepest_in_window >= 4
order by journeys
