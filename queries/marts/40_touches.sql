-- touches: one row per event, with its place in the person's order, its journey and its
-- session. The journey's segments are one number here, that of `segments`; wherever a metric
-- asks, the table carries their four columns.
--
-- `session_number` counts the person's sessions by the clock; below zero it is one that the
-- source gave. `reached` and journeys are explained where `sequence` is made.
select
    events.person_id,
    sequence.person_number,
    sequence.touch_number,
    sequence.journey_number,
    sequence.session_number,
    events.event_id,
    sequence.is_identified,
    sequence.occurred_at,
    case
        when $time_zone = 'UTC'
        then cast(sequence.occurred_at as date)
        else cast(sequence.occurred_at at time zone 'UTC' at time zone $time_zone as date)
    end as occurred_on,
    sequence.journey_started_at,
    touchpoints.touchpoint,
    touchpoints.stage,
    sequence.is_order,
    sequence.reached,
    traits.channel,
    traits.is_online,
    traits.device as touch_device,
    events.product_id,
    events.category,
    events.cart_id,
    events.order_id,
    events.revenue,
    events.currency,
    events.quantity,
    sequence.segment_number,
from events
left join sequence on events.event_number = sequence.event_number
left join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
left join traits on sequence.trait_number = traits.trait_number
