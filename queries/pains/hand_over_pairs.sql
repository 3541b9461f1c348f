-- title:    Hand-overs, by pair
-- question: From which channel to which are journeys handed over, and what share orders?
-- chart:    matrix
-- unit:     percent
-- better:   higher
-- grain:    one row per channel of the first and of the second visit
--
-- Journeys that came back within their conversion window, in the period, and whose window has
-- closed by the as-of; ordered within it. On the diagonal are those that came back through the
-- same channel. By the first two visits alone, so that each journey counts once; switches
-- further on are in channel switches. As they come: the detector compares journeys of the same
-- persona and device, as far on their way.
select
    from_channel,
    to_channel,
    count(*) filter (where is_converted) as ordered,
    count(*) as came_back,
from handovers
where came_back_on >= $since and came_back_on < $until and matures_at <= $as_of
group by all
order by from_channel, to_channel
