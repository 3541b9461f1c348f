-- title:    Second order by satisfaction
-- question: Do satisfied first-time buyers come back more often, and sooner?
-- chart:    survival
-- unit:     percent
-- better:   higher
-- grain:    one row per score of the first order and day on which someone ordered again
--
-- First orders of the period whose journey has a CSAT answer on a scale of 1 to 5 (the lowest,
-- where there are several), and how many days after the last such answer the second order came,
-- within a year. The clock starts with the answer and not with the order: those who answer late
-- could not have come back before. Those who have not ordered again by the as-of count as long
-- as they were watched (Kaplan and Meier 1958). It is an association: satisfied buyers may
-- differ in other ways.
with

    scored as (
        select
            orders.person_id,
            orders.next_order_at,
            min(responses.score)::integer as score,
            max(responses.answered_at) as answered_at,
        from orders
        inner join
            responses
            on orders.person_id = responses.person_id
            and orders.journey_number = responses.journey_number
        where
            orders.order_number = 1
            and orders.ordered_on >= $since
            and orders.ordered_on < $until
            and responses.survey = 'csat'
            and responses.scale_min = 1
            and responses.scale_max = 5
            and responses.score is not null
            and responses.answered_at <= $as_of
            and responses.answered_at >= orders.ordered_at
        group by all
    ),

    waits as (
        select
            score || ' of 5' as satisfaction,
            coalesce(next_order_at <= $as_of, false) as came,
            1 + floor(
                date_diff('microsecond', answered_at, least(next_order_at, $as_of)) / 86400e6
            )::bigint as days_since_answer,
        from scored
    ),

    counted as (
        select
            satisfaction,
            days_since_answer,
            count(*) filter (where came) as ordered_again,
            count(*) as left_then,
        from waits
        group by all
    ),

    lives as (
        select
            satisfaction,
            days_since_answer,
            ordered_again,
            sum(left_then) over (
                partition by satisfaction
                order by days_since_answer
                rows between current row and unbounded following
            )::bigint as still_waiting,
        from counted
    )

select satisfaction, days_since_answer, ordered_again, still_waiting,
from lives
where ordered_again > 0 and days_since_answer <= 365
order by satisfaction, days_since_answer
