-- title:    How the scores spread
-- question: Which scores do people give?
-- chart:    table
-- unit:     answers
-- better:   neither
-- grain:    one row per survey, kind and score
--
-- Every answer of the period by its score, those about the business as a whole
-- (relational) apart from those about a touchpoint (transactional). A mean hides whether
-- people agree; this does not.
select survey, kind, scale_min, scale_max, score, count(*) as answers,
from responses
where
    survey is not null
    and score is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by survey, kind, scale_min, scale_max, score
