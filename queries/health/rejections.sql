-- title:    Rejected rows
-- question: Which rows could not be taken in, and why?
-- chart:    bar
-- unit:     rows
-- better:   lower
-- grain:    one row per reason
--
-- Rows of all deliveries so far that were rejected, by reason. They are kept with file, line
-- and text under data/quarantine/. The period and the filters do not apply: a row without a
-- readable time is in no period.
select reason, sum(rejected)::bigint as rejected_rows,
from rejections
group by all
order by rejected_rows desc, reason
