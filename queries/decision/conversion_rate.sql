-- title:    Conversion
-- question: What share of journeys ends in an order?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per week of start
-- counts:   share of journey to purchase, per journey, within conversion, closed
--
-- Mature journeys that started in the week, and those of them with an order within the
-- conversion window of their start. Journeys whose window has not closed by the as-of are left
-- out: counting only those that closed early would flatter the newest weeks.
select
    date_trunc('week', started_on)::date as week,
    count(*) filter (where deepest_in_window >= 4) as converted,
    count(*) as journeys,
from journeys
where not is_orphan and started_on >= $since and started_on < $until and matures_at <= $as_of
group by all
order by week
