-- switches: one row per journey and pair of channels that it went from one to the other of: how
-- often, and when first.
--
-- A switch is a visit through another channel than the journey's visit before it, by `visits`;
-- visits whose channel is Unassigned are passed over, since not knowing is no place to go.
-- Visits end with the order, so what follows a purchase is not here. `is_first` marks the
-- journey's first switch of all: journeys without such a row stayed in one channel.
with

    steps as (
        select
            person_number,
            journey_number,
            arrived_at,
            touch_number,
            channel,
            lag(channel) over (
                partition by person_number, journey_number order by touch_number nulls last
            ) as from_channel,
        from visits
        where channel <> 'Unassigned' and journey_number > 0
    ),

    moves as (
        select
            person_number,
            journey_number,
            from_channel,
            channel as to_channel,
            min(arrived_at) as first_at,
            min(touch_number) as first_touch,
            count(*) as switches,
        from steps
        where from_channel <> channel
        group by person_number, journey_number, from_channel, channel
    )

select
    journeys.person_id,
    journeys.person_number,
    journeys.journey_number,
    moves.from_channel,
    moves.to_channel,
    moves.from_channel not in (select channel from offline_channels) as from_online,
    moves.to_channel not in (select channel from offline_channels) as to_online,
    moves.switches,
    moves.first_at,
    row_number() over (
        partition by moves.person_number, moves.journey_number
        order by moves.first_touch nulls last
    )
    = 1 as is_first,
    journeys.started_on,
    journeys.started_at,
    journeys.matures_at,
    journeys.deepest_in_window >= 4 as is_converted,
    journeys.entry_channel,
    journeys.persona,
    journeys.device,
    journeys.country,
from moves
inner join
    journeys
    on moves.person_number = journeys.person_number
    and moves.journey_number = journeys.journey_number
order by
    journeys.started_at nulls last,
    journeys.person_number,
    journeys.journey_number,
    moves.first_touch
