-- title:    Comments with a theme
-- question: What share of comments do the themes reach?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per month answered
--
-- Comments that speak of at least one theme of the file themes.yaml, of all comments. What is
-- not reached is either about something new or says nothing; the themes found by themselves
-- help to tell.
select
    date_trunc('month', answered_on)::date as month,
    count(*) filter (where themes <> '') as with_a_theme,
    count(*) as comments,
from responses
where
    comment is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by month
