-- payments: one row per amount of money, an order's or a refund's, with the journey of its
-- order.
--
-- Money moves with touches of the stages purchase and post-purchase; amounts on other touches
-- are not income. An amount that carries an order's id belongs to that order, whoever's journey
-- it fell into; any other belongs to the journey it fell into. Amounts in another currency than
-- the reporting one cannot be added to it: they are kept here and marked. `moved_person_id` and
-- `moved_journey_number` are whose journey the amount itself fell into.
with

    -- Both orders and amounts are read off these, so that the events are looked through
    -- once, and only those of the two stages.
    concerned as (
        select
            events.event_id,
            events.person_id,
            events.order_id,
            events.revenue,
            events.currency,
            sequence.occurred_at,
            sequence.touch_number,
            sequence.journey_number,
            sequence.journey_started_at,
            sequence.segment_number,
            sequence.is_order,
        from events
        inner join touchpoints on events.touchpoint = touchpoints.touchpoint
        inner join sequence on events.event_number = sequence.event_number
        where
            touchpoints.stage_number in (4, 5)
            and sequence.stage_number in (4, 5)
            and (events.revenue is not null or events.order_id is not null)
    ),

    orders_by_id as (
        select *,
        from
            (
                select
                    *,
                    row_number() over (
                        partition by order_id
                        order by
                            occurred_at nulls last,
                            person_id nulls last,
                            touch_number nulls last
                    ) as place,
                from concerned
                where is_order and order_id is not null
            )
        where place = 1
    ),

    amounts as (select *, from concerned where revenue is not null),

    owned as (
        select
            amounts.event_id,
            amounts.occurred_at,
            amounts.revenue as amount,
            amounts.currency,
            amounts.is_order,
            amounts.person_id as moved_person_id,
            amounts.journey_number as moved_journey_number,
            case
                when amounts.is_order then amounts.touch_number else orders_by_id.touch_number
            end as order_touch_number,
            coalesce(orders_by_id.person_id, amounts.person_id) as person_id,
            coalesce(orders_by_id.journey_number, amounts.journey_number) as journey_number,
            coalesce(
                orders_by_id.journey_started_at, amounts.journey_started_at
            ) as journey_started_at,
            coalesce(orders_by_id.segment_number, amounts.segment_number) as segment_number,
        from amounts
        left join
            orders_by_id on not amounts.is_order and amounts.order_id = orders_by_id.order_id
    )

select
    owned.event_id,
    owned.occurred_at,
    cast(owned.occurred_at at time zone 'UTC' at time zone $time_zone as date) as occurred_on,
    owned.amount,
    owned.currency,
    coalesce(owned.currency, $currency, '') = coalesce($currency, '') as is_reporting_currency,
    owned.is_order,
    owned.order_touch_number,
    owned.person_id,
    owned.journey_number,
    owned.moved_person_id,
    owned.moved_journey_number,
    owned.journey_started_at,
    cast(
        owned.journey_started_at at time zone 'UTC' at time zone $time_zone as date
    ) as journey_started_on,
    segments.entry_channel,
    segments.persona,
    segments.device,
    segments.country,
from owned
inner join segments on owned.segment_number = segments.segment_number
order by owned.journey_started_at nulls last, owned.person_id, owned.event_id
