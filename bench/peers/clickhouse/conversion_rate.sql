select
    toMonday(started_at) as week,
    countIf(deepest_in_window >= 4) as converted,
    count() as journeys
from journeys
where started_at >= {since} and started_at < {until} and matures_at <= {as_of}
group by week
