-- title:    Unhappy mentions by theme
-- question: Which themes are spoken of badly?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per theme
--
-- Mentions of a theme whose mood is negative, of all whose mood could be told. The mood is that
-- of the sentences that speak of the theme, not of the whole comment. A comment may speak of
-- several themes.
select theme, count(*) filter (where sentiment = 'negative') as unhappy, count(*) as mentions,
from mentions
where
    sentiment is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by mentions desc, theme
