-- title: Receipt log: the steps of applications for permits, 2010 to 2012
-- input: steps case:channel, case:concept:name, case:department, case:group,
-- concept:instance, concept:name, org:group, org:resource, time:timestamp
--
-- An application is one person, and the channel it came in by is the channel of all its steps.
-- A step's name in small letters, with underscores, is its touchpoint. Times carry their
-- offsets, of winter and of summer.
select
    "concept:instance" as event_id,
    "time:timestamp" as occurred_at,
    file_line as event_index,
    "case:concept:name" as customer_id,
    regexp_replace(lower(trim("concept:name")), '[^a-z0-9]+', '_', 'g') as touchpoint,
    "case:channel" as channel,
    "case:department" as department,
    "case:group" as case_group,
    "org:group" as working_group,
    "org:resource" as worker,
    file_name,
    file_line,
from steps
