-- friction: how touches went on within their session, by day, touchpoint and the journey's
-- segments. All columns are sums, so that they can be added up.
--
-- `errors` counts touches followed by a touchpoint that the configuration calls an error,
-- `loops`
-- those followed by the same touchpoint again, of the same product where there is one, and
-- `dwelt` those followed by anything; `dwell_sum` and `dwell_squares` are of the logarithm of
-- one
-- second more than it took until then. Surveys are passed over: they are no step of the
-- customer.
-- What follows is looked up in all events, so that an as-of binds by the day.
with

    followed as (
        select
            touchpoint,
            occurred_on,
            occurred_at,
            product_id,
            segment_number,
            lead(touchpoint) over session as next_touchpoint,
            lead(product_id) over session as next_product,
            lead(occurred_at) over session as next_at,
        from touches
        where touchpoint not in ('survey_answered', 'survey_sent')
        window
            session as (
                partition by person_number, session_number order by touch_number nulls last
            )
    ),

    timed as (
        select
            followed.*,
            ln(1 + epoch(next_at) - epoch(occurred_at)) as dwell,
            error_touchpoints.touchpoint is not null as is_error,
        from followed
        left join error_touchpoints on followed.next_touchpoint = error_touchpoints.touchpoint
    ),

    counted as (
        select
            occurred_on,
            touchpoint,
            segment_number,
            count(*) as touches,
            sum(case when is_error then 1 else 0 end) as errors,
            sum(
                case
                    when
                        next_touchpoint = touchpoint
                        and coalesce(next_product, '') = coalesce(product_id, '')
                    then 1
                    else 0
                end
            ) as loops,
            count(dwell) as dwelt,
            sum(dwell) as dwell_sum,
            sum(dwell * dwell) as dwell_squares,
        from timed
        group by occurred_on, touchpoint, segment_number
    )

select
    counted.occurred_on,
    counted.touchpoint,
    segments.entry_channel,
    segments.persona,
    segments.device,
    segments.country,
    counted.touches,
    cast(counted.errors as bigint) as errors,
    cast(counted.loops as bigint) as loops,
    counted.dwelt,
    round(counted.dwell_sum, 6) as dwell_sum,
    round(counted.dwell_squares, 6) as dwell_squares,
from counted
inner join segments on counted.segment_number = segments.segment_number
order by counted.occurred_on
