-- title:    Going on
-- question: What share of journeys goes on from where it stands?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per stage
--
-- A journey stands at a stage from the moment its deepest stage became that one, and goes
-- on when it reaches a later stage within the conversion window of that moment; from
-- purchase on, when the person orders again within the repeat window. Over journeys that
-- came to the stage in the period and whose window since then has closed. One that began
-- further along never stood there, so these shares are of other people than those of the
-- stage funnel.
select stage, count(went_on_at) as went_on, count(*) as journeys,
from crossroads
where stood_on >= $since and stood_on < $until and matures_at <= $as_of
group by stage, stage_number
order by stage_number
