-- title:    Transactional NPS
-- question: Would customers recommend us, after what just happened?
-- chart:    nps
-- unit:     points
-- better:   higher
-- grain:    one row per month answered
-- counts:   nps of nps_transactional, per answer
--
-- Transactional answers from 0 to 10: those about one touchpoint, asked right after it.
-- Promoters give 9 or 10, passives 7 or 8, detractors 6 or less; the score is the share
-- of promoters less the share of detractors, from -100 to 100. It moves with what is
-- asked about, so never put it on one line with the relational score.
select
    date_trunc('month', answered_on)::date as month,
    count(*) filter (where score >= 9) as promoters,
    count(*) filter (where score >= 7 and score < 9) as passives,
    count(*) filter (where score < 7) as detractors,
    count(*) as responses,
from responses
where
    survey = 'nps'
    and kind = 'transactional'
    and score is not null
    and scale_min = 0
    and scale_max = 10
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by month
