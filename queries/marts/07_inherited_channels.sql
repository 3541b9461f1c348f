-- inherited_channels: one row per event that says nothing of where it came from while its
-- session does, with the channel it takes from there.
--
-- It takes that of the latest touch of the session before it that says something, else of the
-- first after it: a page looked at after a click belongs to the click. Only people with both
-- kinds of touch are put in order here, so a store whose channels are given pays nothing.
with

    silent as (
        select person_id, from unlabelled_events where channel is null group by person_id
    ),

    found as (
        select
            labelled.event_number,
            labelled.event_id,
            labelled.event_index,
            labelled.person_id,
            labelled.session_id,
            labelled.channel,
            labelled.occurred_at,
        from
            (
                select
                    event_number,
                    event_id,
                    event_index,
                    person_id,
                    session_id,
                    channel,
                    occurred_at,
                from events
                where channel <> 'Unassigned'
                union all
                select
                    event_number,
                    event_id,
                    event_index,
                    person_id,
                    session_id,
                    channel,
                    occurred_at,
                from unlabelled_events
            ) as labelled
        inner join silent on labelled.person_id = silent.person_id
    ),

    mixed as (select person_id, from found where channel is not null group by person_id),

    theirs as (
        select
            found.event_number,
            found.person_id,
            found.session_id,
            found.channel,
            found.occurred_at,
            row_number() over person as place,
            lag(found.occurred_at) over person as previous_at,
        from found
        inner join mixed on found.person_id = mixed.person_id
        window
            person as (
                partition by found.person_id
                order by
                    found.occurred_at nulls last,
                    found.event_index nulls last,
                    found.event_id nulls last
            )
    ),

    numbered as (
        select
            *,
            sum(
                case
                    when
                        previous_at is null
                        or occurred_at
                        > previous_at + $session_timeout_minutes * interval '1' minute
                    then 1
                    else 0
                end
            ) over (
                partition by person_id
                order by place nulls last
                rows between unbounded preceding and current row
            ) as session_number,
        from theirs
    ),

    neighbours as (
        select
            event_number,
            channel,
            last_value(channel ignore nulls) over (
                session rows between unbounded preceding and current row
            ) as channel_before,
            first_value(channel ignore nulls) over (
                session rows between current row and unbounded following
            ) as channel_after,
        from numbered
        window
            session as (
                partition by
                    person_id,
                    coalesce(session_id, concat('/', cast(session_number as varchar)))
                order by place nulls last
            )
    )

select event_number, coalesce(channel_before, channel_after) as channel,
from neighbours
where channel is null and coalesce(channel_before, channel_after) is not null
