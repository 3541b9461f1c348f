-- personas: one row per persona, numbered from 1; 0 is `Unknown`, for people without one.
select persona, persona_number,
from
    (
        select 'Unknown' as persona, 0 as persona_number,
        union all
        select named.persona, row_number() over (order by named.persona nulls last),
        from
            (
                select persona,
                from events
                where persona is not null
                group by persona
                union
                select persona,
                from ruled_personas
                group by persona
            ) as named
    )
