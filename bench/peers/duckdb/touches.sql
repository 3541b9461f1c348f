-- Every touch with its journey, from raw events. Columns that a question leaves out are pruned.
with

    staged as (
        select
            events.*,
            coalesce(touchpoint_stages.stage_number, 0) as stage_number,
        from events
        left join touchpoint_stages on events.touchpoint = touchpoint_stages.touchpoint
    ),

    sequenced as (
        select
            *,
            row_number() over person as touch_number,
            lag(occurred_at) over person as previous_at,
            lag(
                case when stage_number <> 5 then stage_number = 4 end ignore nulls
            ) over person as follows_order,
        from staged
        window
            person as (
                partition by person_id order by occurred_at, event_index nulls last, event_id
            )
    ),

    marked as (
        select
            *,
            stage_number <> 5
            and (
                follows_order is null
                or follows_order
                or occurred_at > previous_at + interval '{gap_days}' day
            ) as starts_journey,
            previous_at is null
            or occurred_at
            > previous_at + interval '{session_timeout_minutes}' minute as starts_session,
        from sequenced
    )

select
    * exclude (session_id),
    case
        when stage_number = 5 and not coalesce(follows_order, false) then 0 else stage_number
    end as reached,
    sum(case when starts_journey then 1 else 0 end) over so_far as journey_number,
    coalesce(
        session_id,
        concat(person_id, '/', sum(case when starts_session then 1 else 0 end) over so_far)
    ) as session_id,
from marked
window
    so_far as (
        partition by person_id
        order by touch_number
        rows between unbounded preceding and current row
    )
