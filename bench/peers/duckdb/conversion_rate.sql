select
    date_trunc('week', started_on)::date as week,
    count(*) filter (where deepest_in_window >= 4) as converted,
    count(*) as journeys,
from journeys
where started_on >= {since} and started_on < {until} and matures_at <= {as_of}
group by all
