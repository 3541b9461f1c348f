-- labelled_events: the events with their own channel: the one the source gave, else that of
-- `unlabelled_events`, which may be none. Not a table but a view, so that events whose channel
-- was given are not copied.
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
        select *,
        from unlabelled_events
    ) as labelled
