-- numbered_touches: what `touches` is made of, in numbers for all that few values stand for:
-- written out, they would take a quarter of the time that all of it takes.
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
    sequence.touchpoint_number,
    sequence.is_order,
    sequence.reached,
    sequence.trait_number,
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
