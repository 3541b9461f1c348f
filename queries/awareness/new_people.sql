-- title:    New people
-- question: How many people met us for the first time, each week?
-- chart:    line
-- unit:     people
-- better:   higher
-- grain:    one row per week of first touch
-- counts:   count of contact, per person
--
-- People by the week of their first touch of any kind, weeks starting on Monday in the
-- reporting time zone. Filters select by the segments of that first touch. The first and last
-- week may be cut short by the period.
select date_trunc('week', first_seen_on)::date as week, count(*) as people,
from people
where first_seen_on >= $since and first_seen_on < $until and first_seen_at <= $as_of
group by all
order by week
