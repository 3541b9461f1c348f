-- title:    Personas side by side
-- question: What does each kind of customer do, feel and bring?
-- chart:    measures
-- unit:     journeys
-- better:   higher
-- grain:    one row per persona
--
-- Journeys that started in the period, by the person's persona. Conversion and value are
-- of those whose conversion window has closed: the share that ordered within it, and the
-- mean of what all of them brought, net of refunds known by the as-of. Satisfied is the
-- share of CSAT answers of these journeys in the top two boxes. Repeat is the share of
-- first-time buyers among them who ordered again within the repeat window, of those whose
-- window has closed. What a persona's own rule speaks of says nothing new of it.
with

    began as (
        select *,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and started_at <= $as_of
    ),

    income as (
        select person_id, journey_number, sum(amount)::double as value,
        from payments
        where
            is_reporting_currency
            and journey_started_on >= $since
            and journey_started_on < $until
            and occurred_at <= $as_of
        group by all
    ),

    counted as (
        select
            began.persona,
            count(distinct began.person_id) as people,
            count(*) as journeys,
            count(*) filter (where matures_at <= $as_of) as mature,
            count(*) filter (
                where matures_at <= $as_of and deepest_in_window >= 4
            ) as converted,
            coalesce(sum(income.value) filter (where matures_at <= $as_of), 0) as value_sum,
            coalesce(
                sum(income.value * income.value) filter (where matures_at <= $as_of), 0
            ) as value_squares,
        from began
        left join income using (person_id, journey_number)
        group by all
    ),

    told as (
        select
            began.persona,
            count(*) filter (where score >= scale_max - 1) as satisfied,
            count(*) as answers,
        from responses
        inner join began using (person_id, journey_number)
        where survey = 'csat' and score is not null and answered_at <= $as_of
        group by all
    ),

    first_orders as (
        select
            began.persona,
            count(*) filter (where next_order_at <= repeat_matures_at) as repeat_buyers,
            count(*) as buyers,
        from orders
        inner join began using (person_id, journey_number)
        where orders.order_number = 1 and orders.repeat_matures_at <= $as_of
        group by all
    )

select
    counted.persona,
    counted.people,
    counted.journeys,
    counted.converted as conversion_part,
    counted.mature as conversion_whole,
    counted.value_sum as value_per_journey_sum,
    counted.value_squares as value_per_journey_squares,
    counted.mature as value_per_journey_n,
    coalesce(told.satisfied, 0) as satisfied_part,
    coalesce(told.answers, 0) as satisfied_whole,
    coalesce(first_orders.repeat_buyers, 0) as repeat_part,
    coalesce(first_orders.buyers, 0) as repeat_whole,
from counted
left join told using (persona)
left join first_orders using (persona)
order by people desc, persona
