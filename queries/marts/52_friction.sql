-- friction: how touches went on within their session, by day, touchpoint and the journey's
-- segments. All columns are sums, so that they can be added up.
--
-- `errors` counts touches followed by a touchpoint that the configuration calls an error,
-- `loops` those followed by the same touchpoint again, of the same product where there is
-- one, and `dwelt` those followed by anything; `dwell_sum` and `dwell_squares` are of the
-- logarithm of one second more than it took until then. Surveys are passed over: they are
-- no step of the customer. What follows is looked up in all events, so that an as-of binds
-- by the day.
with

    -- Numbers alone: a window over words takes three times as long.
    sizes as (select count(*) + 1 as touchpoint_room, from touchpoints),

    stepped as (
        select
            sequence.person_number,
            sequence.session_number,
            sequence.touch_number,
            sequence.occurred_at,
            sequence.thing,
            sequence.segment_number,
        from sequence
        inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
        where touchpoints.touchpoint not in ('survey_answered', 'survey_sent')
    ),

    followed as (
        select
            thing,
            occurred_at,
            segment_number,
            lead(thing) over session as next_thing,
            lead(occurred_at) over session as next_at,
        from stepped
        window
            session as (
                partition by person_number, session_number order by touch_number nulls last
            )
    ),

    error_numbers as (
        select touchpoints.touchpoint_number,
        from touchpoints
        inner join error_touchpoints on touchpoints.touchpoint = error_touchpoints.touchpoint
        group by touchpoints.touchpoint_number
    ),

    timed as (
        select
            followed.thing,
            followed.next_thing,
            followed.segment_number,
            followed.thing % sizes.touchpoint_room as touchpoint_number,
            case
                when $time_zone = 'UTC'
                then cast(occurred_at as date)
                else cast(occurred_at at time zone 'UTC' at time zone $time_zone as date)
            end as occurred_on,
            ln(1 + epoch(next_at) - epoch(occurred_at)) as dwell,
            error_numbers.touchpoint_number is not null as is_error,
        from followed
        cross join sizes
        left join
            error_numbers
            on followed.next_thing % sizes.touchpoint_room = error_numbers.touchpoint_number
    ),

    counted as (
        select
            occurred_on,
            touchpoint_number,
            segment_number,
            count(*) as touches,
            count(case when is_error then 1 end) as errors,
            count(case when next_thing = thing then 1 end) as loops,
            count(dwell) as dwelt,
            sum(dwell) as dwell_sum,
            sum(dwell * dwell) as dwell_squares,
        from timed
        group by occurred_on, touchpoint_number, segment_number
    )

select
    counted.occurred_on,
    touchpoints.touchpoint,
    counted.touches,
    counted.errors,
    counted.loops,
    counted.dwelt,
    round(counted.dwell_sum, 6) as dwell_sum,
    round(counted.dwell_squares, 6) as dwell_squares,
    counted.segment_number,
from counted
inner join touchpoints on counted.touchpoint_number = touchpoints.touchpoint_number
order by counted.occurred_on
