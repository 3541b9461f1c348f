-- title:    Consideration by entry channel
-- question: Which channels bring journeys that look further?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per entry channel
-- counts:   share of journey to consideration, per journey, within conversion, closed
--
-- The consideration rate of mature journeys that started in the period, by the channel of their
-- first touch. A difference between channels is an association: they bring different people.
select
    entry_channel as channel,
    count(*) filter (where deepest_in_window >= 2) as reached,
    count(*) as journeys,
from journeys
where not is_orphan and started_on >= $since and started_on < $until and matures_at <= $as_of
group by all
order by journeys desc, channel
