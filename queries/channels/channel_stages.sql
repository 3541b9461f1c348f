-- title:    Channels through the stages
-- question: How far do journeys of each channel get, how satisfied, worth how much?
-- chart:    matrix
-- unit:     percent
-- better:   higher
-- grain:    one row per entry channel and stage
--
-- Mature journeys that started in the period, by the channel of their first touch. In a
-- cell: the share of them that got at least that far within the conversion window; the
-- share of satisfied CSAT answers they gave about touchpoints of that stage (top two
-- boxes); and the mean value, net of refunds, of those that got that far; and how many
-- they are. All as known by the as-of. A channel whose journeys get far is not thereby
-- what took them there.
with

    mature as (
        select person_id, journey_number, entry_channel, deepest_in_window,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and matures_at <= $as_of
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

    valued as (
        select mature.*, coalesce(income.value, 0) as value,
        from mature
        left join income using (person_id, journey_number)
    ),

    reached as (
        select
            valued.entry_channel,
            stages.stage,
            sum(valued.value) filter (where deepest_in_window >= stage_number) as value_sum,
            sum(valued.value * valued.value) filter (
                where deepest_in_window >= stage_number
            ) as value_squares,
            count(*) filter (where deepest_in_window >= stage_number) as reached,
            count(*) as journeys,
        from valued
        cross join stages
        where stages.stage <> 'loyalty'
        group by all
    ),

    told as (
        select
            mature.entry_channel,
            responses.stage,
            count(*) filter (where score >= scale_max - 1) as satisfied,
            count(*) as answers,
        from responses
        inner join mature using (person_id, journey_number)
        where survey = 'csat' and score is not null and answered_at <= $as_of
        group by all
    )

select
    reached.entry_channel as channel,
    reached.stage,
    reached.reached as volume,
    coalesce(told.satisfied, 0) as satisfied_part,
    coalesce(told.answers, 0) as satisfied_whole,
    coalesce(reached.value_sum, 0) as value_sum,
    coalesce(reached.value_squares, 0) as value_squares,
    reached.reached as value_n,
    reached.reached,
    reached.journeys,
from reached
left join told using (entry_channel, stage)
order by journeys desc, channel, stage
