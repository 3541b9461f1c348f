-- checkouts: one row per checkout, which begins at the first touch `checkout_started` of a
-- person's session; more starts in one session are one checkout.
--
-- `ordered_at` is the person's next order, whatever its cart. A checkout belongs to the journey
-- of its first touch and is mature when its cart window has closed.
with

    begun as (
        select sequence.person_number, min(sequence.touch_number) as touch_number,
        from sequence
        inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
        where touchpoints.touchpoint = 'checkout_started'
        group by sequence.person_number, sequence.session_number
    ),

    placed as (
        select
            sequence.person_number,
            sequence.touch_number,
            sequence.journey_number,
            sequence.occurred_at,
            sequence.segment_number,
            cast(null as timestamp) as ordered_at,
        from begun
        inner join
            sequence
            on begun.person_number = sequence.person_number
            and begun.touch_number = sequence.touch_number
        union all
        select
            person_number,
            touch_number,
            journey_number,
            cast(null as timestamp),
            segment_number,
            occurred_at,
        from sequence
        where is_order
    ),

    followed as (
        select
            person_number,
            touch_number,
            journey_number,
            occurred_at,
            segment_number,
            min(ordered_at) over (
                partition by person_number
                order by touch_number nulls last
                rows between 1 following and unbounded following
            ) as ordered_at,
        from placed
    )

select
    identities.person_id,
    followed.journey_number,
    followed.touch_number,
    followed.occurred_at as started_at,
    cast(followed.occurred_at at time zone 'UTC' at time zone $time_zone as date) as started_on,
    followed.occurred_at + $cart_window_hours * interval '1' hour as matures_at,
    followed.ordered_at,
    segments.entry_channel,
    segments.persona,
    segments.device,
    segments.country,
from followed
inner join identities on followed.person_number = identities.person_number
inner join segments on followed.segment_number = segments.segment_number
where followed.occurred_at is not null
order by followed.occurred_at nulls last, followed.person_number, followed.touch_number
