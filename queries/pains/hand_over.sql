-- title:    Hand-overs between channels
-- question: Of journeys that come back through another channel, what share orders?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per week and channel first come through
--
-- Journeys whose second visit, within their conversion window, came through another
-- channel than their first, in the week of that second visit; ordered within the window.
-- Of the journeys whose window has closed by the as-of. The detector goes by the day and
-- by the two channels, and compares with journeys of the same persona and device, as far
-- on their way, that came back otherwise: see hand-overs by pair.
select
    date_trunc('week', came_back_on)::date as week,
    from_channel,
    count(*) filter (where is_converted) as ordered,
    count(*) as handed_over,
from handovers
where
    from_channel <> to_channel
    and came_back_on >= $since
    and came_back_on < $until
    and matures_at <= $as_of
group by all
order by week, from_channel
