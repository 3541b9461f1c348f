-- identities: one row per person, with a number to sort and join by in place of the id.
select person_id, row_number() over (order by person_id nulls last) as person_number,
from events
group by person_id
