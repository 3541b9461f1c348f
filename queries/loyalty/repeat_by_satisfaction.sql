-- title:    Repeat by satisfaction
-- question: Do satisfied first-time buyers come back more often?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per score of the first order
--
-- First-time buyers whose first order's journey has a CSAT answer on a scale of 1 to 5 (the
-- lowest, where there are several), and those of them who ordered again within the repeat
-- window. Only buyers whose window has closed by the as-of count. It is an association:
-- satisfied buyers may differ in other ways.
with

    scored as (
        select
            orders.person_id,
            orders.next_order_at <= orders.repeat_matures_at as is_repeat,
            min(responses.score)::integer as score,
        from orders
        inner join
            responses
            on orders.person_id = responses.person_id
            and orders.journey_number = responses.journey_number
        where
            orders.order_number = 1
            and orders.ordered_on >= $since
            and orders.ordered_on < $until
            and orders.repeat_matures_at <= $as_of
            and responses.survey = 'csat'
            and responses.scale_min = 1
            and responses.scale_max = 5
            and responses.answered_at <= $as_of
            and responses.answered_at >= orders.ordered_at
        group by all
    )

select
    score || ' of 5' as satisfaction,
    count(*) filter (where is_repeat) as repeat_buyers,
    count(*) as first_time_buyers,
from scored
group by score
order by score
