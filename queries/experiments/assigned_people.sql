-- title:    People assigned
-- question: How many people come into each arm, week by week?
-- chart:    stacked
-- unit:     people
-- better:   neither
-- grain:    one row per week of the assignment, experiment and arm
--
-- A person is assigned at their first touch that names a variant of the experiment. Arms that
-- grow apart in a week where equal shares were planned are a reason to look for lost events.
select
    date_trunc('week', assigned_on)::date as week,
    concat(variant, ', ', experiment) as arm,
    count(*) as people,
from assignments
where assigned_on >= $since and assigned_on < $until and assigned_at <= $as_of
group by all
order by week, arm
