-- title:    Deliveries
-- question: What was taken in?
-- chart:    table
-- unit:     rows
-- better:   neither
-- grain:    one row per delivery
--
-- Every delivery that was ingested and what became of its rows: read = accepted + duplicate +
-- rejected. A format may make one row of several lines of a file. The period and the filters
-- do not apply.
select
    files,
    format,
    file_lines,
    rows_read,
    accepted,
    duplicate,
    rejected,
    corrected,
    first_at::date as first_day,
    last_at::date as last_day,
from deliveries
order by first_at, delivery
