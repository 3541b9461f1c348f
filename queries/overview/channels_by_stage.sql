-- title:    Channels by stage
-- question: Which channels carry each stage?
-- chart:    table
-- unit:     touches
-- better:   neither
-- grain:    one row per stage and channel of the touch
--
-- Touches that happened in the period by the channel they came through, orphans among
-- them. This is the channel of each touch, not the one its journey began with, so the
-- channels of one journey may differ from stage to stage. Touches without a stage are left
-- out.
select daily.stage, daily.channel, sum(daily.touches)::bigint as touches,
from daily
inner join stages on daily.stage = stages.stage
where
    daily.occurred_on >= $since
    and daily.occurred_on < $until
    and daily.occurred_on <= $as_of_day
group by daily.stage, daily.channel, stages.stage_number
order by stages.stage_number, touches desc, daily.channel
