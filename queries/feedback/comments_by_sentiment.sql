-- title:    Comments by mood
-- question: How many comments are written each month, and in what mood?
-- chart:    stacked
-- unit:     comments
-- better:   neither
-- grain:    one row per month answered and mood
--
-- All comments by the mood of their words: negative, neutral, positive; unjudged where no word
-- with a mood was found or there is no lexicon for the language.
select
    date_trunc('month', answered_on)::date as month,
    coalesce(sentiment, 'unjudged') as sentiment,
    count(*) as comments,
from responses
where
    comment is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by month, sentiment
