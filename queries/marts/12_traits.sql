-- traits: one row per channel, device and country that a touch came with together.
select
    channel,
    device,
    country,
    channel not in (select channel from offline_channels) as is_online,
    cast(
        row_number() over (
            order by channel nulls last, device nulls last, country nulls last
        ) as integer
    ) as trait_number,
from
    (
        select
            coalesce(events.channel, inherited_channels.channel, 'Unassigned') as channel,
            coalesce(events.device, 'Unknown') as device,
            coalesce(events.country, 'Unknown') as country,
        from labelled_events as events
        left join inherited_channels on events.event_number = inherited_channels.event_number
        group by
            coalesce(events.channel, inherited_channels.channel, 'Unassigned'),
            coalesce(events.device, 'Unknown'),
            coalesce(events.country, 'Unknown')
    )
