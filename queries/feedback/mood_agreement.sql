-- title:    Moods that agree with the score
-- question: How often is the mood of a comment that of the score its writer gave?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per month answered
--
-- How sure the moods are, measured on these customers. Of comments that are called negative or
-- positive and came with a score in the lowest or the highest quarter of its scale (1 and 2, 4
-- and 5 of 5), those whose mood is that of the score. A mood may differ and be right: "good,
-- but two months late", one star.
with

    scored as (
        select
            answered_on,
            sentiment,
            case when is_up then score - scale_min else scale_max - score end
            / nullif(scale_max - scale_min, 0) as position,
        from responses
        where
            sentiment in ('negative', 'positive')
            and score is not null
            and answered_on >= $since
            and answered_on < $until
            and answered_at <= $as_of
    )

select
    date_trunc('month', answered_on)::date as month,
    count(*) filter (where (sentiment = 'positive') = (position >= 0.75)) as agreeing,
    count(*) as comments,
from scored
where position <= 0.25 or position >= 0.75
group by all
order by month
