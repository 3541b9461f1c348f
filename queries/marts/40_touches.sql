-- touches: one row per event, with its place in the person's order, its journey, its session
-- and the journey's segments. Not a table but a view, of `numbered_touches`.
--
-- `session_number` counts the person's sessions by the clock; below zero it is one that the
-- source gave. `session_id` tells it from those of others. `reached` and journeys are explained
-- where `sequence` is made.
select
    numbered_touches.person_id,
    numbered_touches.person_number,
    numbered_touches.touch_number,
    numbered_touches.journey_number,
    numbered_touches.session_number,
    numbered_touches.event_id,
    numbered_touches.is_identified,
    numbered_touches.occurred_at,
    numbered_touches.occurred_on,
    numbered_touches.journey_started_at,
    touchpoints.touchpoint,
    touchpoints.stage,
    numbered_touches.is_order,
    numbered_touches.reached,
    traits.channel,
    traits.is_online,
    traits.device as touch_device,
    numbered_touches.product_id,
    numbered_touches.category,
    numbered_touches.cart_id,
    numbered_touches.order_id,
    numbered_touches.revenue,
    numbered_touches.currency,
    numbered_touches.quantity,
    numbered_touches.segment_number,
    concat(numbered_touches.person_id, '/', numbered_touches.session_number) as session_id,
    segments.entry_channel,
    segments.persona,
    segments.device,
    segments.country,
from numbered_touches
inner join touchpoints on numbered_touches.touchpoint_number = touchpoints.touchpoint_number
inner join traits on numbered_touches.trait_number = traits.trait_number
inner join segments on numbered_touches.segment_number = segments.segment_number
