select
    toMonday(started_at) as week,
    countIf(matures_at <= {as_of}) as mature_journeys,
    count() as journeys
from journeys
where started_at >= {since} and started_at < {until} and started_at <= {as_of}
group by week
