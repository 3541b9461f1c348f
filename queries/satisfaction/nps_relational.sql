-- title:    Relational NPS
-- question: Would customers recommend us, all in all?
-- chart:    nps
-- unit:     points
-- better:   higher
-- grain:    one row per month answered
-- counts:   nps of nps_relational, per answer
--
-- Relational answers from 0 to 10: those about the business as a whole, asked whatever
-- has just happened. Promoters give 9 or 10, passives 7 or 8, detractors 6 or less; the
-- score is the share of promoters less the share of detractors, from -100 to 100. An
-- answer is relational where its `survey_kind` says so, where it is about what the
-- configuration calls relational, or where it names no touchpoint at all. Never compare
-- it with the transactional score.
select
    date_trunc('month', answered_on)::date as month,
    count(*) filter (where score >= 9) as promoters,
    count(*) filter (where score >= 7 and score < 9) as passives,
    count(*) filter (where score < 7) as detractors,
    count(*) as responses,
from responses
where
    survey = 'nps'
    and kind = 'relational'
    and score is not null
    and scale_min = 0
    and scale_max = 10
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by month
