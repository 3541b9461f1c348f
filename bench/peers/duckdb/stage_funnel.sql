with

    mature as (
        select deepest_in_window, count(*) as journeys,
        from journeys
        where started_on >= {since} and started_on < {until} and matures_at <= {as_of}
        group by deepest_in_window
    )

select stages.stage, coalesce(sum(mature.journeys), 0)::bigint as journeys,
from stages
left join mature on stages.stage_number <= mature.deepest_in_window
where stages.stage <> 'loyalty'
group by stages.stage
