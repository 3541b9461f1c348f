-- title:    Conversion by arm
-- question: What share of each arm orders after being assigned?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per experiment and arm
--
-- People by the arm of their first touch that named a variant, and how many of them ordered
-- strictly after it within the conversion window. Only people whose window has closed by the
-- as-of count. Read it after the sample ratio, and two arms by the interval of their
-- difference, not by whether their own intervals meet.
with

    buyers as (
        select distinct person_number, experiment, from outcomes where stage = 'purchase'
    )

select
    concat(assignments.variant, ', ', assignments.experiment) as arm,
    count(buyers.person_number) as converted,
    count(*) as people,
from assignments
left join buyers using (person_number, experiment)
where assigned_on >= $since and assigned_on < $until and matures_at <= $as_of
group by all
order by arm
