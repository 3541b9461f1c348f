-- title:    What people did, by arm
-- question: What is a person of each arm worth, and how often do they come back?
-- chart:    measures
-- unit:     people
-- better:   neither
-- grain:    one row per experiment and arm
--
-- Over people whose conversion window has closed since they were assigned: money that moved in
-- it (refunds taken off, in the reporting currency) and visits begun in it, strictly after the
-- assigning touch. `seen in two arms` is the share also seen in another arm; they count in
-- their first.
select
    concat(variant, ', ', experiment) as arm,
    count(*) as people,
    sum(revenue)::double as revenue_per_person_sum,
    sum(revenue::double * revenue::double) as revenue_per_person_squares,
    count(*) as revenue_per_person_n,
    sum(visits)::double as visits_per_person_sum,
    sum(visits::double * visits::double) as visits_per_person_squares,
    count(*) as visits_per_person_n,
    count(*) filter (where other_arm_at <= $as_of) as seen_in_two_arms_part,
    count(*) as seen_in_two_arms_whole,
from assignments
where assigned_on >= $since and assigned_on < $until and matures_at <= $as_of
group by all
order by arm
