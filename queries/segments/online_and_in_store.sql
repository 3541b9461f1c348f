-- title: Online and in store
-- question: Who meets us both online and offline?
--
-- People with at least one touch in an online channel and one in an offline channel in the
-- period, in any order and any journey. Which channels are offline is said in journey.toml.
select person_id,
from touches
where occurred_on >= $since and occurred_on < $until and occurred_at <= $as_of
group by person_id
having bool_or(is_online) and not bool_and(is_online)
