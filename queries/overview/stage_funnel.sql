-- title:    Stage funnel
-- question: How far do journeys get?
-- chart:    funnel
-- unit:     journeys
-- better:   higher
-- grain:    one row per stage, in order
-- counts:   count of journey to stage, per journey, within conversion, closed
--
-- Mature journeys that started in the period and got at least as far as the stage within the
-- conversion window of their start. A journey is mature when its window has closed by the
-- as-of. A post-purchase touch counts only after the journey's order.
--
-- Loyalty is left out: it has its own clock, the repeat window after the order. A journey with
-- nothing but unmapped touches has reached no stage, so it is in no row here, though it counts
-- as a journey in the conversion rate.
with

    mature as (
        select deepest_in_window,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and matures_at <= $as_of
    )

select stages.stage, count(mature.deepest_in_window) as journeys,
from stages
left join mature on stages.stage_number <= mature.deepest_in_window
where stages.stage <> 'loyalty'
group by stages.stage, stages.stage_number
order by stages.stage_number
