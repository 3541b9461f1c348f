-- given_sessions: one row per session that a source gave. Their numbers are below zero, so that
-- they never meet those that are worked out.
select
    person_id,
    session_id,
    - row_number() over (
        order by person_id nulls last, session_id nulls last
    ) as session_number,
from events
where session_id is not null
group by person_id, session_id
