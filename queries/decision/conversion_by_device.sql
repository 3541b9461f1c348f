-- title:    Conversion by device
-- question: Do journeys buy equally well on every device?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per week of start and device
-- counts:   share of journey to purchase, per journey, within conversion, closed
--
-- The conversion rate of mature journeys that started in the week, by the device of their first
-- touch. Journeys that began away from a screen have the device Unknown.
select
    date_trunc('week', started_on)::date as week,
    device,
    count(*) filter (where deepest_in_window >= 4) as converted,
    count(*) as journeys,
from journeys
where not is_orphan and started_on >= $since and started_on < $until and matures_at <= $as_of
group by all
order by week, device
