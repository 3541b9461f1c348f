-- title:    New people by channel
-- question: Through which channels do people come to us first?
-- chart:    bar
-- unit:     people
-- better:   higher
-- grain:    one row per first channel
-- counts:   count of contact, per person
--
-- People whose first touch was in the period, by the channel of that touch. This is the first
-- touch's scope: whatever else the person does later does not count here.
select entry_channel as channel, count(*) as people,
from people
where first_seen_on >= $since and first_seen_on < $until and first_seen_at <= $as_of
group by all
order by people desc, channel
