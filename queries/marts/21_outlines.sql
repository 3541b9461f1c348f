-- outlines: one row per journey, orphans (journey 0) among them, with all that several marts
-- need to know of its touches, found in one pass over them.
--
-- `reached_1` to `reached_5` are the moments at which it first reached each stage, `touch_1` to
-- `touch_5` the touches that took it there (both grow together, for touches are numbered in
-- their order; stage 4 is the order, and there is at most one). The last touch's trait is found
-- behind its number in one number, which is cheaper than asking for the one by the other.
select
    sequence.person_number,
    sequence.journey_number,
    min(sequence.occurred_at) as started_at,
    max(sequence.occurred_at) as ended_at,
    min(sequence.touch_number) as first_touch,
    count(*) as touches,
    max(sequence.session_number) - min(sequence.session_number) + 1 as clock_sessions,
    min(sequence.session_number) < 0 as has_given_sessions,
    min(case when sequence.reached = 1 then sequence.occurred_at end) as reached_1,
    min(case when sequence.reached = 2 then sequence.occurred_at end) as reached_2,
    min(case when sequence.reached = 3 then sequence.occurred_at end) as reached_3,
    min(case when sequence.reached = 4 then sequence.occurred_at end) as reached_4,
    min(case when sequence.reached = 5 then sequence.occurred_at end) as reached_5,
    min(case when sequence.reached = 1 then sequence.touch_number end) as touch_1,
    min(case when sequence.reached = 2 then sequence.touch_number end) as touch_2,
    min(case when sequence.reached = 3 then sequence.touch_number end) as touch_3,
    min(case when sequence.reached = 4 then sequence.touch_number end) as touch_4,
    min(case when sequence.reached = 5 then sequence.touch_number end) as touch_5,
    max(case when sequence.reached = 4 then sequence.event_number end) as order_event_number,
    cast(
        max(sequence.touch_number * sizes.trait_room + sequence.trait_number)
        % max(sizes.trait_room) as integer
    ) as last_trait_number,
    max(sequence.segment_number) as segment_number,
    max(case when sequence.is_identified then 1 else 0 end) = 1 as is_identified,
from sequence
cross join (select count(*) + 1 as trait_room, from traits) as sizes
group by sequence.person_number, sequence.journey_number
