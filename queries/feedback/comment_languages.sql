-- title:    Languages
-- question: In which languages do customers write?
-- chart:    bar
-- unit:     comments
-- better:   neither
-- grain:    one row per language
--
-- The language that the source gives, else the one detected; two letters where we have no
-- name for it. Moods are read in English, German, Spanish, French and Portuguese; in other
-- languages signs like a smile still count, and themes are found by the words given for them.
select
    case
        language
        when 'en'
        then 'English'
        when 'de'
        then 'German'
        when 'es'
        then 'Spanish'
        when 'fr'
        then 'French'
        when 'pt'
        then 'Portuguese'
        when 'it'
        then 'Italian'
        when 'nl'
        then 'Dutch'
        when 'other'
        then 'Not recognised'
        else language
    end as language,
    count(*) as comments,
from responses
where
    comment is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by comments desc, language
