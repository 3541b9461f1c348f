-- journeys: one row per journey, orphans (journey 0) among them and marked.
--
-- `deepest` is the furthest stage reached so far and `deepest_in_window` the furthest within
-- the conversion window of the start, as stage numbers; both end at post-purchase. A journey
-- `matures_at` the end of its window. Loyalty has its own clock: it is reached when the person
-- orders again within the repeat window of this journey's order.
with

    folded as (
        select
            person_id,
            journey_number,
            min(occurred_at) as started_at,
            min(occurred_on) as started_on,
            max(occurred_at) as ended_at,
            count(*) as touches,
            count(distinct session_id) as sessions,
            max(reached) as deepest,
            max(
                case
                    when
                        occurred_at
                        <= journey_started_at + $conversion_window_days * interval '1' day
                    then reached
                    else 0
                end
            ) as deepest_in_window,
            min(case when reached = 1 then occurred_at end) as awareness_at,
            min(case when reached = 2 then occurred_at end) as consideration_at,
            min(case when reached = 3 then occurred_at end) as decision_at,
            min(case when reached = 4 then occurred_at end) as purchase_at,
            min(case when reached = 5 then occurred_at end) as post_purchase_at,
            max(case when is_order then order_id end) as order_id,
            max(case when is_order then event_id end) as order_event_id,
            max(case when is_order then touch_number end) as order_touch_number,
            max_by(channel, touch_number) as last_channel,
            any_value(entry_channel) as entry_channel,
            any_value(persona) as persona,
            any_value(device) as device,
            any_value(country) as country,
            max(case when is_identified then 1 else 0 end) = 1 as is_identified,
        from touches
        group by person_id, journey_number
    ),

    next_orders as (
        select
            person_id,
            journey_number,
            lead(purchase_at) over (
                partition by person_id order by journey_number nulls last
            ) as next_order_at,
        from folded
        where purchase_at is not null
    ),

    income as (
        select person_id, journey_number, sum(amount) as revenue,
        from payments
        where is_reporting_currency
        group by person_id, journey_number
    )

select
    folded.person_id,
    folded.journey_number,
    folded.journey_number = 0 as is_orphan,
    folded.is_identified,
    folded.started_at,
    folded.started_on,
    folded.ended_at,
    folded.started_at + $conversion_window_days * interval '1' day as matures_at,
    folded.touches,
    folded.sessions,
    folded.deepest,
    folded.deepest_in_window,
    folded.awareness_at,
    folded.consideration_at,
    folded.decision_at,
    folded.purchase_at,
    folded.post_purchase_at,
    case
        when
            next_orders.next_order_at
            <= folded.purchase_at + $repeat_window_days * interval '1' day
        then next_orders.next_order_at
    end as loyalty_at,
    folded.purchase_at + $repeat_window_days * interval '1' day as loyalty_matures_at,
    folded.order_id,
    folded.order_event_id,
    folded.order_touch_number,
    cast(coalesce(income.revenue, 0) as decimal(38, 4)) as revenue,
    folded.last_channel,
    folded.entry_channel,
    folded.persona,
    folded.device,
    folded.country,
from folded
left join
    next_orders
    on folded.person_id = next_orders.person_id
    and folded.journey_number = next_orders.journey_number
left join
    income
    on folded.person_id = income.person_id
    and folded.journey_number = income.journey_number
order by folded.started_at nulls last, folded.person_id, folded.journey_number
