-- title:    People by persona
-- question: How many customers are of each kind?
-- chart:    bar
-- unit:     people
-- better:   neither
-- grain:    one row per persona
-- counts:   count of journey, per person_in_period
--
-- People with a journey that started in the period and was known by the as-of, by persona. A
-- persona is a rule of journey.toml, else what the data said last of the person; Unknown are
-- those of whom neither says anything.
select persona, count(distinct person_id) as people,
from journeys
where not is_orphan and started_on >= $since and started_on < $until and started_at <= $as_of
group by all
order by people desc, persona
