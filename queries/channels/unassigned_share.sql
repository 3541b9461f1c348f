-- title:    Unassigned
-- question: What share of touches has no channel that anyone knows?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week
--
-- Touches of the period that neither came with a channel nor say anything that a rule knows,
-- nor stand in a session that does, of all touches. Notices that the shop itself sends, like a
-- parcel's, are among them where the source gives them no channel.
select
    date_trunc('week', occurred_on)::date as week,
    sum(case when channel = 'Unassigned' then touches else 0 end)::bigint as unassigned,
    sum(touches)::bigint as touches,
from daily
where occurred_on >= $since and occurred_on < $until and occurred_on <= $as_of_day
group by all
order by week
