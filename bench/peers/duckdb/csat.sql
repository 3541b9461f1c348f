select
    date_trunc('month', occurred_at)::date as month,
    count(*) filter (where score >= scale_max - 1) as satisfied,
    count(*) as responses,
from events
where
    survey = 'csat'
    and score is not null
    and occurred_at >= {since}
    and occurred_at < {until}
    and occurred_at <= {as_of}
group by all
