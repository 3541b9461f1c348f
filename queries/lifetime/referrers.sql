-- title:    Who refers
-- question: Do satisfied customers send others?
-- chart:    measures
-- unit:     orders
-- better:   higher
-- grain:    one row per satisfaction with the order
--
-- Orders of the period whose repeat window has closed, by their CSAT answer on a scale of 1 to
-- 5 (the lowest, where there are several). Sent a referral: the touchpoint referral_sent within
-- the repeat window of the order. Wrote a review and joined the programme are counted alike.
-- One person counts with each order. It is an association: those who answer differ from those
-- who do not.
with

    placed as (
        select
            person_id, journey_number, event_id, ordered_at, repeat_matures_at, next_order_at,
        from orders
        where ordered_on >= $since and ordered_on < $until and repeat_matures_at <= $as_of
    ),

    scores as (
        select placed.event_id, min(responses.score)::integer as score,
        from placed
        inner join
            responses
            on placed.person_id = responses.person_id
            and placed.journey_number = responses.journey_number
        where
            responses.survey = 'csat'
            and responses.scale_min = 1
            and responses.scale_max = 5
            and responses.score is not null
            and responses.answered_at >= placed.ordered_at
            and responses.answered_at <= $as_of
        group by all
    ),

    spoke as (
        select
            placed.event_id,
            max((touches.touchpoint = 'referral_sent')::integer) as referred,
            max((touches.touchpoint = 'review_written')::integer) as reviewed,
            max((touches.touchpoint = 'loyalty_joined')::integer) as joined,
        from placed
        inner join all_touches as touches using (person_id)
        where
            touches.touchpoint in ('referral_sent', 'review_written', 'loyalty_joined')
            and touches.occurred_at >= placed.ordered_at
            and touches.occurred_at <= placed.repeat_matures_at
        group by all
    )

select
    coalesce(score || ' of 5', 'No answer') as satisfaction,
    count(*) filter (where referred = 1) as sent_a_referral_part,
    count(*) as sent_a_referral_whole,
    count(*) filter (where reviewed = 1) as wrote_a_review_part,
    count(*) as wrote_a_review_whole,
    count(*) filter (where joined = 1) as joined_the_programme_part,
    count(*) as joined_the_programme_whole,
    count(*) filter (where next_order_at <= repeat_matures_at) as ordered_again_part,
    count(*) as ordered_again_whole,
from placed
left join scores using (event_id)
left join spoke using (event_id)
group by score
order by score desc nulls last
