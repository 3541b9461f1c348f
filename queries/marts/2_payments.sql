-- payments: one row per amount of money, an order's or a refund's, with the journey of its
-- order.
--
-- Money moves with touches of the stages purchase and post-purchase; amounts on other touches
-- are not income. An amount that carries an order's id belongs to that order, whoever's journey
-- it fell into; any other belongs to the journey it fell into. Amounts in another currency than
-- the reporting one cannot be added to it: they are kept here and marked.
with

    orders_by_id as (
        select order_id, person_id, touch_number, journey_number,
        from
            (
                select
                    order_id,
                    person_id,
                    touch_number,
                    journey_number,
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
        when amounts.is_order
        then amounts.person_id
        else coalesce(orders_by_id.person_id, amounts.person_id)
    end as person_id,
    case
        when amounts.is_order then amounts.touch_number else orders_by_id.touch_number
    end as order_touch_number,
    case
        when amounts.is_order
        then amounts.journey_number
        else coalesce(orders_by_id.journey_number, amounts.journey_number)
    end as journey_number,
from amounts
left join orders_by_id on amounts.order_id = orders_by_id.order_id
