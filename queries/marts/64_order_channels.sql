-- order_channels: one row per order, with the channel it is put down to in each scope.
--
-- `first_channel` is that of the person's first session ever. `session_channel` is that of the
-- session the order was placed in. `last_non_direct_channel` is the session's where it is not
-- Direct, else that of the person's latest session before it that is neither Direct nor
-- Unassigned and began no longer ago than the look-back; else Direct. Sessions and their
-- channels are those of `visits`.
with

    placed as (
        select
            journeys.person_id,
            journeys.person_number,
            journeys.journey_number,
            journeys.order_event_id,
            journeys.order_touch_number,
            journeys.purchase_at,
            journeys.entry_channel,
            journeys.persona,
            journeys.device,
            journeys.country,
            sequence.session_number,
        from journeys
        inner join
            sequence
            on journeys.person_number = sequence.person_number
            and journeys.order_touch_number = sequence.touch_number
        where journeys.purchase_at is not null
    ),

    opened as (
        select
            sequence.person_number,
            sequence.session_number,
            min(sequence.touch_number) as session_touch,
        from sequence
        inner join
            (
                select person_number, session_number,
                from placed
                group by person_number, session_number
            ) as wanted
            on sequence.person_number = wanted.person_number
            and sequence.session_number = wanted.session_number
        where sequence.stage_number <> 5
        group by sequence.person_number, sequence.session_number
    ),

    sessions as (
        select person_number, session_touch, arrived_at, channel,
        from visits
        where touch_number = session_touch
    ),

    firsts as (
        select person_number, min_by(channel, session_touch) as channel,
        from sessions
        group by person_number
    ),

    located as (
        select
            placed.*,
            sessions.session_touch,
            sessions.arrived_at,
            sessions.channel as session_channel,
        from placed
        inner join
            opened
            on placed.person_number = opened.person_number
            and placed.session_number = opened.session_number
        inner join
            sessions
            on opened.person_number = sessions.person_number
            and opened.session_touch = sessions.session_touch
    ),

    known_before as (
        select
            located.person_number,
            located.order_touch_number,
            max_by(sessions.channel, sessions.session_touch) as channel,
        from located
        inner join sessions on located.person_number = sessions.person_number
        where
            located.session_channel = 'Direct'
            and sessions.session_touch < located.session_touch
            and sessions.channel not in ('Direct', 'Unassigned')
            and sessions.arrived_at
            >= located.arrived_at - $direct_lookback_days * interval '1' day
        group by located.person_number, located.order_touch_number
    )

select
    located.person_id,
    located.journey_number,
    located.order_event_id as event_id,
    located.purchase_at as ordered_at,
    cast(located.purchase_at at time zone 'UTC' at time zone $time_zone as date) as ordered_on,
    firsts.channel as first_channel,
    located.session_channel,
    case
        when located.session_channel <> 'Direct'
        then located.session_channel
        else coalesce(known_before.channel, 'Direct')
    end as last_non_direct_channel,
    located.entry_channel,
    located.persona,
    located.device,
    located.country,
from located
inner join firsts on located.person_number = firsts.person_number
left join
    known_before
    on located.person_number = known_before.person_number
    and located.order_touch_number = known_before.order_touch_number
order by located.purchase_at nulls last, located.person_number, located.order_touch_number
