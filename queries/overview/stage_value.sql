-- title:    Worth by stage
-- question: What is a journey worth that gets this far?
-- chart:    table
-- unit:     money
-- better:   higher
-- grain:    one row per stage, in order
--
-- The journeys of the stage funnel, and the revenue of all orders among them, net of refunds
-- known today. Divided, it is what a journey that gets as far as this stage brings on average,
-- whether it buys or not.
with

    mature as (
        select
            deepest_in_window,
            case when deepest_in_window >= 4 then revenue else 0 end as income,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and matures_at <= $as_of
    )

select
    stages.stage,
    count(mature.deepest_in_window) as journeys,
    coalesce(sum(mature.income), 0)::double as revenue,
from stages
left join mature on stages.stage_number <= mature.deepest_in_window
where stages.stage <> 'loyalty'
group by stages.stage, stages.stage_number
order by stages.stage_number
