-- title:    Unhappy comments
-- question: What share of comments is unhappy?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per month answered
--
-- Comments whose mood is negative, of all whose mood could be told. The mood comes from the
-- words alone, whatever score came with them. Comments without a word that has a mood are left
-- out; who writes is not who is silent.
select
    date_trunc('month', answered_on)::date as month,
    count(*) filter (where sentiment = 'negative') as unhappy,
    count(*) as comments,
from responses
where
    sentiment is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by month
