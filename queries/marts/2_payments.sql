-- payments: one row per amount of money, an order's or a refund's, with the journey of its
-- order.
--
-- Money moves with touches of the stages purchase and post-purchase; amounts on other touches
-- are not income. An amount that carries an order's id belongs to that order, whoever's journey
-- it fell into; any other belongs to the journey it fell into. Amounts in another currency than
-- the reporting one cannot be added to it: they are kept here and marked.
with

    orders_by_id as (
        select *,
        from
            (
                select
                    order_id,
                    person_id,
                    touch_number,
                    journey_number,
                    journey_started_at,
                    entry_channel,
                    persona,
                    device,
                    country,
                    row_number() over (
                        partition by order_id
                        order by
                            occurred_at nulls last,
                            person_id nulls last,
                            touch_number nulls last
                    ) as place,
                from touches
                where is_order and order_id is not null
            )
        where place = 1
    ),

    amounts as (
        select *,
        from touches
        where revenue is not null and stage in ('purchase', 'post_purchase')
    )

select
    amounts.event_id,
    amounts.occurred_at,
    amounts.occurred_on,
    amounts.revenue as amount,
    amounts.currency,
    coalesce(amounts.currency, $currency, '')
    = coalesce($currency, '') as is_reporting_currency,
    amounts.is_order,
    case
        when amounts.is_order then amounts.touch_number else orders_by_id.touch_number
    end as order_touch_number,
    coalesce(orders_by_id.person_id, amounts.person_id) as person_id,
    coalesce(orders_by_id.journey_number, amounts.journey_number) as journey_number,
    coalesce(orders_by_id.journey_started_at, amounts.journey_started_at) as journey_started_at,
    cast(
        coalesce(
            orders_by_id.journey_started_at, amounts.journey_started_at
        ) at time zone 'UTC' at time zone $time_zone as date
    ) as journey_started_on,
    coalesce(orders_by_id.entry_channel, amounts.entry_channel) as entry_channel,
    coalesce(orders_by_id.persona, amounts.persona) as persona,
    coalesce(orders_by_id.device, amounts.device) as device,
    coalesce(orders_by_id.country, amounts.country) as country,
from amounts
left join orders_by_id on not amounts.is_order and amounts.order_id = orders_by_id.order_id
order by journey_started_at nulls last, person_id, amounts.event_id
