select
    date_trunc('week', started_on)::date as week,
    count(*) filter (where matures_at <= {as_of}) as mature_journeys,
    count(*) as journeys,
from journeys
where started_on >= {since} and started_on < {until} and started_at <= {as_of}
group by all
