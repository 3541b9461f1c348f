-- title:    Events a day
-- question: Does every day have its events?
-- chart:    line
-- unit:     events
-- better:   neither
-- grain:    one row per day
--
-- Touches by day in the reporting time zone. A gap or a drop is more often a delivery that is
-- missing than customers who stayed away.
select occurred_on as day, sum(touches)::bigint as events,
from daily
where occurred_on >= $since and occurred_on < $until and occurred_on <= $as_of_day
group by all
order by day
