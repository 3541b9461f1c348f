-- title:    Answers in words
-- question: What share of those who give a score also write?
-- chart:    rate
-- unit:     percent
-- better:   neither
-- grain:    one row per month answered
--
-- Answers with a score that come with a comment, of all answers with a score. The unhappy write
-- more often than others: the moods of comments are not the moods of customers.
select
    date_trunc('month', answered_on)::date as month,
    count(*) filter (where comment is not null) as commented,
    count(*) as answers,
from responses
where
    score is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by month
