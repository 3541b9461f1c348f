select
    transform(toString(touchpoint), {names}, {name_stages}, 'unmapped') as stage,
    toString(touchpoint) as name,
    count() as touches
from events
where occurred_at >= {since} and occurred_at < {until}
group by touchpoint
