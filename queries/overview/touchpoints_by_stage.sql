-- title:    Touchpoints by stage
-- question: What do people do at each stage?
-- chart:    table
-- unit:     touches
-- better:   neither
-- grain:    one row per stage and touchpoint
--
-- Touches that happened in the period, orphans and unmapped ones among them. It counts touches,
-- not people: one person may view ten products.
select daily.stage, daily.touchpoint, sum(daily.touches)::bigint as touches,
from daily
left join stages on daily.stage = stages.stage
where
    daily.occurred_on >= $since
    and daily.occurred_on < $until
    and daily.occurred_on <= $as_of_day
group by daily.stage, daily.touchpoint, stages.stage_number
order by stages.stage_number nulls last, touches desc, daily.touchpoint
