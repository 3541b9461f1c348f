-- title:    Unmapped touchpoints
-- question: Which touchpoints have no stage yet?
-- chart:    bar
-- unit:     touches
-- better:   lower
-- grain:    one row per touchpoint
--
-- Touches of the period whose touchpoint journey.toml puts in no stage. They count as touches
-- and may begin journeys, but take a journey to no stage.
select touchpoint, sum(touches)::bigint as touches,
from daily
where
    stage = 'unmapped'
    and occurred_on >= $since
    and occurred_on < $until
    and occurred_on <= $as_of_day
group by all
order by touches desc, touchpoint
