-- title:    New people by country
-- question: Which countries do new people come from?
-- chart:    bar
-- unit:     people
-- better:   neither
-- grain:    one row per country
-- counts:   count of contact, per person
--
-- People by the country of their first touch, as far as it is known.
select country, count(*) as people,
from people
where first_seen_on >= $since and first_seen_on < $until and first_seen_at <= $as_of
group by all
order by people desc, country
