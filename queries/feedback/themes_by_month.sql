-- title:    Themes over time
-- question: What do customers write about more, or less, than before?
-- chart:    stacked
-- unit:     comments
-- better:   neither
-- grain:    one row per month answered and theme
--
-- Comments that speak of each theme by the month they were written; a comment may speak of
-- several.
select date_trunc('month', answered_on)::date as month, theme, count(*) as comments,
from mentions
where answered_on >= $since and answered_on < $until and answered_at <= $as_of
group by all
order by month, theme
