-- labelled_events: the events with their channel: the one the source gave, else that of
-- `unlabelled_events`, else that of `inherited_channels`, else Unassigned. Not a table but a
-- view, so that events whose channel was given are neither copied nor joined.
select labelled.*,
from
    (
        select
            event_number,
            event_id,
            person_id,
            customer_id,
            session_id,
            occurred_at,
            event_index,
            touchpoint,
            channel,
            device,
            country,
            persona,
            product_id,
        from events
        where channel <> 'Unassigned'
        union all
        select
            unlabelled_events.event_number,
            unlabelled_events.event_id,
            unlabelled_events.person_id,
            unlabelled_events.customer_id,
            unlabelled_events.session_id,
            unlabelled_events.occurred_at,
            unlabelled_events.event_index,
            unlabelled_events.touchpoint,
            coalesce(
                unlabelled_events.channel, inherited_channels.channel, 'Unassigned'
            ) as channel,
            unlabelled_events.device,
            unlabelled_events.country,
            unlabelled_events.persona,
            unlabelled_events.product_id,
        from unlabelled_events
        left join
            inherited_channels
            on unlabelled_events.event_number = inherited_channels.event_number
    ) as labelled
