-- title:    Themes by volume
-- question: What do customers write about most?
-- chart:    bar
-- unit:     comments
-- better:   neither
-- grain:    one row per theme
--
-- Comments that speak of each theme of the file themes.yaml, by the words that tell it. A
-- comment may speak of several, so they add up to more than there are comments.
select theme, count(*) as comments,
from mentions
where answered_on >= $since and answered_on < $until and answered_at <= $as_of
group by all
order by comments desc, theme
