-- title:    Conversion by persona
-- question: Who buys?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per persona
-- counts:   share of journey to purchase, per journey, within conversion, closed
--
-- The conversion rate of mature journeys that started in the period, by the person's persona.
select
    persona, count(*) filter (where deepest_in_window >= 4) as converted, count(*) as journeys,
from journeys
where not is_orphan and started_on >= $since and started_on < $until and matures_at <= $as_of
group by all
order by journeys desc, persona
