-- title:    What came next
-- question: Having got so far, what do journeys do next, and how soon?
-- chart:    measures
-- unit:     journeys
-- better:   neither
-- grain:    one row per stage
--
-- The touch after the one that brought a journey to the stage, within the window. `nothing
-- more` ends there; `straight on` is a touch of a later stage at once; `another visit` is
-- a touch that began a new session. Days are to the next touch, where there was one.
select
    stage,
    count(*) as journeys,
    count(*) filter (where next_at is null) as nothing_more_part,
    count(*) as nothing_more_whole,
    count(*) filter (where is_next_further) as straight_on_part,
    count(*) as straight_on_whole,
    count(next_channel) as another_visit_part,
    count(*) as another_visit_whole,
    coalesce(sum(date_diff('second', stood_at, next_at) / 86400.0), 0) as days_to_next_sum,
    coalesce(
        sum(pow(date_diff('second', stood_at, next_at) / 86400.0, 2)), 0
    ) as days_to_next_squares,
    count(next_at) as days_to_next_n,
from crossroads
where stood_on >= $since and stood_on < $until and matures_at <= $as_of
group by stage, stage_number
order by stage_number
