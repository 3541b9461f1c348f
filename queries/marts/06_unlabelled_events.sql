-- unlabelled_events: the events that came without a channel, with the one that their traffic
-- fields make by `traffic_channels`, else none. Stores of earlier versions say Unassigned where
-- the source gave none.
select
    events.event_number,
    events.event_id,
    events.person_id,
    events.customer_id,
    events.session_id,
    events.occurred_at,
    events.event_index,
    events.touchpoint,
    traffic_channels.channel,
    events.device,
    events.country,
    events.persona,
    events.product_id,
from events
left join
    traffic_channels
    on coalesce(events.source, '') = traffic_channels.source
    and coalesce(events.medium, '') = traffic_channels.medium
    and coalesce(events.campaign, '') = traffic_channels.campaign
    and coalesce(events.referrer_host, '') = traffic_channels.referrer_host
    and coalesce(
        'google_ads:' || (events.properties ->> '$.google_ads_network_type'),
        'dv360:' || (events.properties ->> '$.dv360_creative_format'),
        'sa360:' || (events.properties ->> '$.sa360_engine_account_type'),
        ''
    )
    = traffic_channels.placement
where events.channel is null or events.channel = 'Unassigned'
