-- title: SFO customer survey: interviews at the gates of an airport, May 2017
-- input: survey RESPNUM, INTDATE, DEPTIME, NETPRO, Q7ALL, WEIGHT
--
-- One interview is two events: the recommendation from 0 to 10 (`NETPRO`), which is about
-- the airport as a whole, and the overall satisfaction from 1 to 5 (`Q7ALL`). Code 11 of
-- `NETPRO` and 'Blank' of `Q7ALL` are no scores: such an event has none, and is reported
-- as a correction. The weight of the interview counts in weighted scores. The file has
-- days of May 2017 and, as the only time of day, that of the flight, which stands for the
-- interview; times are the airport's, taken as UTC.
with

    interviews as (
        select
            respnum::varchar as respondent,
            make_date(2017, 5, try_cast(intdate as integer)) as day,
            coalesce(
                try_cast(deptime as timestamp),
                try_strptime(deptime::varchar, '%m/%d/%Y %I:%M:%S %p')
            )::time as departs,
            netpro::varchar as recommends,
            q7all::varchar as satisfied,
            try_cast(weight as double) as weight,
            file_name,
            file_line,
        from survey
    )

select
    'nps-' || respondent as event_id,
    day + coalesce(departs, time '00:00') as occurred_at,
    0 as event_index,
    respondent as anonymous_id,
    'survey_answered' as touchpoint,
    'nps' as survey,
    case when try_cast(recommends as integer) between 0 and 10 then recommends end as score,
    0 as scale_min,
    10 as scale_max,
    'relational' as survey_kind,
    weight,
    case
        when recommends = '11'
        then 'NETPRO 11 is not a score'
        when recommends is null
        then 'NETPRO is blank'
    end as correction,
    file_name,
    file_line,
from interviews
union all by name
select
    'csat-' || respondent as event_id,
    day + coalesce(departs, time '00:00') as occurred_at,
    1 as event_index,
    respondent as anonymous_id,
    'survey_answered' as touchpoint,
    'csat' as survey,
    case when try_cast(satisfied as integer) between 1 and 5 then satisfied end as score,
    1 as scale_min,
    5 as scale_max,
    'relational' as survey_kind,
    weight,
    case when try_cast(satisfied as integer) is null then 'Q7ALL is blank' end as correction,
    file_name,
    file_line,
from interviews
