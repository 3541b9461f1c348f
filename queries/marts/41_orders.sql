-- orders: one row per order, which is any touch of the stage purchase.
--
-- `revenue` is the order's amount with its refunds folded in. `order_number` counts the
-- person's orders in their order; `next_order_at` is when the person ordered again. Refunds and
-- deliveries find their order by its id; a delivery without one belongs to the order of the
-- journey it fell into. `support_at` is the first contact with support in the order's journey.
with

    sums as (
        select
            person_id,
            order_touch_number,
            sum(case when is_order then amount else 0 end) as gross_revenue,
            sum(case when is_order then 0 else amount end) as refunds,
            min(case when not is_order and amount < 0 then occurred_at end) as first_refund_at,
        from payments
        where order_touch_number is not null and is_reporting_currency
        group by person_id, order_touch_number
    ),

    deliveries_by_id as (
        select order_id, min(occurred_at) as delivered_at, min(occurred_on) as delivered_on,
        from touches
        where touchpoint = 'order_delivered' and order_id is not null
        group by order_id
    ),

    aftermath as (
        select
            person_id,
            journey_number,
            min(
                case
                    when touchpoint = 'order_delivered' and order_id is null then occurred_at
                end
            ) as delivered_at,
            min(
                case
                    when touchpoint = 'order_delivered' and order_id is null then occurred_on
                end
            ) as delivered_on,
            min(case when touchpoint = 'support_contacted' then occurred_at end) as support_at,
        from touches
        where reached = 5 and touchpoint in ('order_delivered', 'support_contacted')
        group by person_id, journey_number
    ),

    numbered as (
        select
            *,
            row_number() over person as order_number,
            lag(occurred_at) over person as previous_order_at,
            lag(occurred_on) over person as previous_order_on,
            lead(occurred_at) over person as next_order_at,
            min(occurred_on) over (partition by person_id) as first_order_on,
        from touches
        where is_order
        window person as (partition by person_id order by touch_number nulls last)
    )

select
    coalesce(numbered.order_id, numbered.event_id) as order_id,
    numbered.event_id,
    numbered.person_id,
    numbered.journey_number,
    numbered.is_identified,
    numbered.occurred_at as ordered_at,
    numbered.occurred_on as ordered_on,
    numbered.order_number,
    numbered.previous_order_at,
    numbered.next_order_at,
    numbered.occurred_at + $repeat_window_days * interval '1' day as repeat_matures_at,
    date_diff('day', numbered.previous_order_on, numbered.occurred_on) as days_since_previous,
    cast(date_trunc('month', numbered.first_order_on) as date) as cohort_month,
    numbered.product_id,
    numbered.category,
    numbered.quantity,
    numbered.channel as order_channel,
    coalesce(deliveries_by_id.delivered_at, aftermath.delivered_at) as delivered_at,
    coalesce(deliveries_by_id.delivered_on, aftermath.delivered_on) as delivered_on,
    aftermath.support_at,
    sums.first_refund_at,
    cast(coalesce(sums.gross_revenue, 0) as decimal(38, 4)) as gross_revenue,
    cast(coalesce(sums.refunds, 0) as decimal(38, 4)) as refunds,
    cast(
        coalesce(sums.gross_revenue, 0) + coalesce(sums.refunds, 0) as decimal(38, 4)
    ) as revenue,
    numbered.entry_channel,
    numbered.persona,
    numbered.device,
    numbered.country,
from numbered
left join
    sums
    on numbered.person_id = sums.person_id
    and numbered.touch_number = sums.order_touch_number
left join deliveries_by_id on numbered.order_id = deliveries_by_id.order_id
left join
    aftermath
    on numbered.person_id = aftermath.person_id
    and numbered.journey_number = aftermath.journey_number
order by numbered.occurred_at nulls last, numbered.person_id, numbered.touch_number
