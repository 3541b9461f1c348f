-- title:    Unhappy comments by stage
-- question: Where on the journey are comments unhappy?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per stage
--
-- Comments whose mood is negative, of all whose mood could be told, by the stage of the
-- touchpoint that they are about; comments on the business as a whole are under "overall".
select
    case when responses.kind = 'relational' then 'overall' else responses.stage end as stage,
    count(*) filter (where responses.sentiment = 'negative') as unhappy,
    count(*) as comments,
from responses
left join stages on responses.stage = stages.stage
where
    responses.sentiment is not null
    and responses.answered_on >= $since
    and responses.answered_on < $until
    and responses.answered_at <= $as_of
group by 1
order by min(coalesce(stages.stage_number, 9)), 1
