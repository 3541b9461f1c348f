-- title:    Net promoter score
-- question: Would customers recommend us?
-- chart:    nps
-- unit:     points
-- better:   higher
-- grain:    one row per month answered
-- counts:   nps of nps, per answer
--
-- Answers from 0 to 10: promoters give 9 or 10, passives 7 or 8, detractors 6 or less. The
-- score
-- is the share of promoters less the share of detractors, passives in the whole, from -100 to
-- 100. Answers on another scale are left out. Relational and transactional answers count alike
-- here, so where a business asks both, read `nps_relational` and `nps_transactional` instead.
select
    date_trunc('month', answered_on)::date as month,
    count(*) filter (where score >= 9) as promoters,
    count(*) filter (where score >= 7 and score < 9) as passives,
    count(*) filter (where score < 7) as detractors,
    count(*) as responses,
from responses
where
    survey = 'nps'
    and score is not null
    and scale_min = 0
    and scale_max = 10
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by month
