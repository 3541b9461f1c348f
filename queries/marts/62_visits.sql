-- visits: one row per arrival, which is what attribution gives credit to: a session under its
-- channel, and again where another channel brings the person back in the middle of it.
--
-- A session's channel is the first one known of its touches. A touch that names another
-- channel than the one the visit came through is a new arrival, except for Direct, which
-- names none. Post-purchase touches (stage 5) are not arrivals: a parcel's notice or a
-- survey's answer brings nobody. A visit's `touch_number` is its first touch's, and its
-- journey the one that touch fell into; `session_touch` is the session's first touch, the
-- same for all visits of a session.
with

    channels as (
        select
            trait_number,
            channel,
            case
                when channel <> 'Unassigned'
                then dense_rank() over (order by channel nulls last)
            end as channel_number,
        from traits
    ),

    arriving as (
        select
            sequence.person_number,
            sequence.session_number,
            sequence.touch_number,
            sequence.journey_number,
            sequence.occurred_at,
            sequence.segment_number,
            channels.channel_number,
        from sequence
        inner join channels on sequence.trait_number = channels.trait_number
        where sequence.stage_number <> 5
    ),

    sessions as (
        select
            person_number,
            session_number,
            min(touch_number) as session_touch,
            min(occurred_at) as arrived_at,
            min(journey_number) as journey_number,
            min_by(segment_number, touch_number) as segment_number,
            min(channel_number) as channel_number,
            max(channel_number) as other_number,
        from arriving
        group by person_number, session_number
    ),

    -- Nearly all sessions know one channel, so only the others are put in order.
    mixed as (
        select
            arriving.*,
            sessions.session_touch,
            sessions.arrived_at,
            sessions.journey_number as session_journey,
            sessions.segment_number as session_segment,
            row_number() over session as place,
            lag(
                case
                    when arriving.channel_number <> direct.channel_number
                    then arriving.channel_number
                end ignore nulls
            ) over session as previous_number,
            arriving.channel_number = direct.channel_number as is_direct,
        from arriving
        inner join
            sessions
            on arriving.person_number = sessions.person_number
            and arriving.session_number = sessions.session_number
        cross join
            (
                select coalesce(max(channel_number), 0) as channel_number,
                from channels
                where channel = 'Direct'
            ) as direct
        where
            sessions.channel_number <> sessions.other_number
            and arriving.channel_number is not null
        window
            session as (
                partition by arriving.person_number, arriving.session_number
                order by arriving.touch_number nulls last
            )
    ),

    arrivals as (
        select
            person_number,
            session_touch,
            session_touch as touch_number,
            journey_number,
            arrived_at,
            segment_number,
            channel_number,
        from sessions
        where channel_number is null or channel_number = other_number
        union all
        select
            person_number,
            session_touch,
            case when place = 1 then session_touch else touch_number end as touch_number,
            case when place = 1 then session_journey else journey_number end as journey_number,
            case when place = 1 then arrived_at else occurred_at end as arrived_at,
            case when place = 1 then session_segment else segment_number end as segment_number,
            channel_number,
        from mixed
        where
            place = 1
            or (
                not is_direct and (previous_number is null or channel_number <> previous_number)
            )
    ),

    named as (
        select channel_number, channel,
        from channels
        where channel_number is not null
        group by channel_number, channel
    )

select
    identities.person_id,
    arrivals.person_number,
    arrivals.session_touch,
    arrivals.touch_number,
    arrivals.journey_number,
    arrivals.arrived_at,
    case
        when $time_zone = 'UTC'
        then cast(arrivals.arrived_at as date)
        else cast(arrivals.arrived_at at time zone 'UTC' at time zone $time_zone as date)
    end as arrived_on,
    coalesce(named.channel, 'Unassigned') as channel,
    arrivals.segment_number,
from arrivals
inner join identities on arrivals.person_number = identities.person_number
left join named on arrivals.channel_number = named.channel_number
order by arrivals.person_number, arrivals.touch_number
