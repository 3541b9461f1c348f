-- title:    Unhappy answers
-- question: What share of the answers about each touchpoint is unhappy, month by month?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per month, survey and touchpoint
--
-- An answer is unhappy below the middle of its scale (CSAT and CES, whichever way the scale
-- runs) and from a detractor (NPS). By the touchpoint it speaks about; relationship is the
-- business as a whole. The detector goes by the day, and compares people of the same channel
-- and persona.
select
    date_trunc('month', answered_on)::date as month,
    concat(
        survey,
        ' about ',
        case when kind = 'relational' then 'relationship' else about_touchpoint end
    ) as touchpoint,
    count(*) filter (where normalised < 0) as unhappy,
    count(*) as answers,
from responses
where
    survey is not null
    and normalised is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by month, touchpoint
