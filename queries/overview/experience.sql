-- title:    Experience by stage
-- question: How do customers feel at each stage?
-- chart:    table
-- unit:     score
-- better:   higher
-- grain:    one row per stage with answers
--
-- Every score answered in the period, put on one scale from -1 to +1: CSAT and CES by their
-- scale, NPS as promoter +1, passive 0, detractor -1. An answer belongs to the stage of the
-- touchpoint it speaks about. The index of a stage is the sum of scores divided by the
-- responses; the map draws it from -2 to +2. Relational answers speak of no touchpoint and are
-- left out. It is our own index, and it says nothing of people who did not answer.
select
    responses.stage,
    count(*) as responses,
    sum(responses.normalised)::double as score_sum,
    sum(responses.normalised * responses.normalised)::double as score_square_sum,
from responses
inner join stages on responses.stage = stages.stage
where
    responses.normalised is not null
    and responses.kind = 'transactional'
    and responses.answered_on >= $since
    and responses.answered_on < $until
    and responses.answered_at <= $as_of
group by responses.stage, stages.stage_number
order by stages.stage_number
