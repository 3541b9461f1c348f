-- title:    Customer effort (CES)
-- question: How easy do customers find it?
-- chart:    score
-- unit:     score
-- better:   higher
-- grain:    one row per month answered
-- counts:   mean of ces, per answer
--
-- CES 2.0: how far people agree that it was made easy for them, from 1 (strongly disagree) to 7
-- (strongly agree); higher is easier. The score is the mean; those who agree give 5 to 7.
-- Answers on another scale, or on one that runs down, are left out: `experience scores` has
-- them.
select
    date_trunc('month', answered_on)::date as month,
    sum(score) as score_sum,
    count(*) filter (where score >= 5) as agree,
    count(*) as responses,
from responses
where
    survey = 'ces'
    and score is not null
    and scale_min = 1
    and scale_max = 7
    and is_up
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by month
