-- title:    What referrals bring
-- question: Do those who come by a referral buy, for more, and again?
-- chart:    measures
-- unit:     journeys
-- better:   higher
-- grain:    one row per way in
--
-- Journeys that started in the period, by whether their first touch is referral_received (a
-- recommendation, not a link on another site). Conversion and value are of those whose
-- conversion window has closed, value net of refunds known by the as-of. Ordered again is of
-- first-time buyers whose repeat window has closed. Who sent whom is not in the data, so what
-- one referrer brings cannot be said.
with

    began as (
        select journeys.*, coalesce(firsts.is_referral, false) as is_referral,
        from journeys
        left join
            (
                select person_id, journey_number, true as is_referral,
                from touches
                where touchpoint = 'referral_received' and occurred_at = journey_started_at
                group by all
            ) as firsts using (person_id, journey_number)
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and started_at <= $as_of
    ),

    income as (
        select person_id, journey_number, sum(amount)::double as value,
        from payments
        where is_reporting_currency and occurred_at <= $as_of
        group by all
    ),

    first_orders as (
        select
            person_id,
            journey_number,
            coalesce(next_order_at <= repeat_matures_at, false) as is_repeat,
        from orders
        where order_number = 1 and repeat_matures_at <= $as_of
    )

select
    case when is_referral then 'By referral' else 'Any other way' end as came,
    count(*) as journeys,
    count(*) filter (where matures_at <= $as_of and deepest_in_window >= 4) as conversion_part,
    count(*) filter (where matures_at <= $as_of) as conversion_whole,
    round(
        coalesce(sum(value) filter (where matures_at <= $as_of), 0), 4
    ) as value_per_journey_sum,
    round(
        coalesce(sum(value * value) filter (where matures_at <= $as_of), 0), 4
    ) as value_per_journey_squares,
    count(*) filter (where matures_at <= $as_of) as value_per_journey_n,
    count(*) filter (where is_repeat) as ordered_again_part,
    count(is_repeat) as ordered_again_whole,
from began
left join income using (person_id, journey_number)
left join first_orders using (person_id, journey_number)
group by is_referral
order by is_referral desc
