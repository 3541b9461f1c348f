-- title:    On the way to the order
-- question: What do people do while they decide?
-- chart:    bar
-- unit:     touches
-- better:   neither
-- grain:    one row per touchpoint
--
-- Touches of the stage that happened in the period, by touchpoint. It counts touches, not
-- people or journeys: one person may do the same thing ten times.
select touchpoint, sum(touches)::bigint as touches,
from daily
where
    stage = 'decision'
    and occurred_on >= $since
    and occurred_on < $until
    and occurred_on <= $as_of_day
group by all
order by touches desc, touchpoint
