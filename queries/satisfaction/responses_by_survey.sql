-- title:    Answers
-- question: How many answers come in, each week?
-- chart:    stacked
-- unit:     answers
-- better:   neither
-- grain:    one row per week and survey
-- counts:   count of answer, per answer
--
-- Survey answers of the period. Few answers make wide intervals, not bad scores.
select date_trunc('week', answered_on)::date as week, survey, count(*) as answers,
from responses
where
    survey is not null
    and score is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by week, survey
