-- title:    Won back
-- question: Of the unhappy who answer again, how many are happy then?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per touchpoint that the unhappy answer is about
--
-- A person's answer in the lowest quarter of its scale (1 and 2 of 5), and their next
-- answer with a score, to any survey, within 90 days: won back where that lies in the
-- highest quarter. Only unhappy answers whose 90 days have passed count. Answers about the
-- business as a whole are about the relationship. Who does not answer again is not in it,
-- and may be gone.
with

    placed as (
        select
            person_id,
            case
                when kind = 'relational' then 'relationship' else about_touchpoint
            end as about,
            answered_on,
            answered_at,
            event_id,
            case when is_up then score - scale_min else scale_max - score end
            / nullif(scale_max - scale_min, 0) as position,
        from responses
        where score is not null and answered_at <= $as_of
    ),

    followed as (
        select
            *,
            lead(answered_at) over next_answer as next_at,
            lead(position) over next_answer as next_position,
        from placed
        window next_answer as (partition by person_id order by answered_at, event_id)
    )

select
    about,
    count(*) filter (where next_position >= 0.75) as won_back,
    count(*) as answered_again,
from followed
where
    position <= 0.25
    and next_at <= answered_at + interval '90' day
    and next_position is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at + interval '90' day <= $as_of
group by all
order by answered_again desc, about
