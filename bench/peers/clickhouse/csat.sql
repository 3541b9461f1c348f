select
    toStartOfMonth(occurred_at) as month,
    countIf(score >= scale_max - 1) as satisfied,
    count() as responses
from events
where
    survey = 'csat'
    and score is not null
    and occurred_at >= {since}
    and occurred_at < {until}
    and occurred_at <= {as_of}
group by month
