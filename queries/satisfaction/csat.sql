-- title:    Satisfaction (CSAT)
-- question: What share of answers is satisfied?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per month answered
-- counts:   share of csat to satisfied, per answer
--
-- Top two boxes: answers in the two highest points of their scale (4 and 5 of 5, 6 and 7 of 7),
-- of all CSAT answers. It counts what was answered in the period. People who do not answer are
-- not in it.
select
    date_trunc('month', answered_on)::date as month,
    count(*) filter (where score >= scale_max - 1) as satisfied,
    count(*) as responses,
from responses
where
    survey = 'csat'
    and score is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by month
