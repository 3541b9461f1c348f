-- title:    Who leaves at each stage
-- question: Through which channels came those who go no further?
-- chart:    matrix
-- unit:     percent
-- better:   lower
-- grain:    one row per stage and entry channel
--
-- Of the mature journeys that got as far as the stage within the conversion window, those
-- that got no further, by the channel they entered through. Summed over channels these are
-- the counts that leave between two stages of the stage funnel. Post-purchase is the last
-- stage of that clock, so nobody leaves there.
with

    mature as (
        select deepest_in_window, entry_channel,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and matures_at <= $as_of
    )

select
    stages.stage,
    mature.entry_channel as channel,
    count(*) filter (where mature.deepest_in_window = stages.stage_number) as left_here,
    count(*) as journeys,
from mature
inner join stages on stages.stage_number <= mature.deepest_in_window
where stages.stage not in ('post_purchase', 'loyalty')
group by stages.stage, stages.stage_number, mature.entry_channel
order by stages.stage_number, journeys desc, channel
