-- identities: one row per person, with a number to sort and join by in place of the id, and the
-- persona that a rule of the configuration gives; none where no rule fits.
select
    seen.person_id,
    cast(row_number() over (order by seen.person_id nulls last) as integer) as person_number,
    personas.persona_number as ruled_persona,
from (select person_id, from events group by person_id) as seen
left join ruled_personas on seen.person_id = ruled_personas.person_id
left join personas on ruled_personas.persona = personas.persona
