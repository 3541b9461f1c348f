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
            channel,
            coalesce(device, 'Unknown') as device,
            coalesce(country, 'Unknown') as country,
        from labelled_events
        group by channel, coalesce(device, 'Unknown'), coalesce(country, 'Unknown')
    )
