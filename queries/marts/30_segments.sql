-- segments: one row per segment of journeys: the channel, device and country of their first
-- touch and the person's latest persona. Unknown is a value.
select
    used.segment_number,
    traits.channel as entry_channel,
    personas.persona,
    traits.device,
    traits.country,
from
    (
        select sequence.segment_number, count(*) as touches,
        from sequence
        group by sequence.segment_number
    ) as used
cross join (select count(*) as persona_room, from personas) as sizes
inner join
    traits
    on traits.trait_number = cast(floor(used.segment_number / sizes.persona_room) as bigint)
inner join personas on personas.persona_number = used.segment_number % sizes.persona_room
