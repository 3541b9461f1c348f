-- title:    Revenue
-- question: How much do orders bring, each week?
-- chart:    line
-- unit:     money
-- better:   higher
-- grain:    one row per week
-- counts:   money of movement, per payment
--
-- Money that moved in the week, refunds of the week taken off, in the reporting currency. It
-- counts what happened in the period, whichever journey it belongs to; amounts in other
-- currencies are left out and reported under data health.
select date_trunc('week', occurred_on)::date as week, sum(revenue)::double as revenue,
from daily
where occurred_on >= $since and occurred_on < $until and occurred_on <= $as_of_day
group by all
order by week
