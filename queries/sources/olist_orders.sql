-- title: Olist orders: orders of a Brazilian marketplace with delivery and reviews
-- input: orders order_id, customer_id, order_status, order_purchase_timestamp,
-- order_delivered_carrier_date, order_delivered_customer_date, order_estimated_delivery_date
-- input: customers customer_id, customer_unique_id, customer_state
-- input: payments? order_id, payment_sequential, payment_value
-- input: items? order_id, order_item_id, product_id
-- input: products? product_id, product_category_name
-- input: reviews? review_id, order_id, review_score, review_comment_title,
-- review_comment_message, review_answer_timestamp
--
-- `customer_id` is one per order; the person is `customer_unique_id`. An order is made of up to
-- three events: completed, shipped and delivered. Its revenue is what was paid, its product the
-- first on its list, and its status when the data was exported goes to `properties`: a canceled
-- order stays an order. An order that went to the carrier before it was bought, or reached the
-- customer before either, has that time moved, and is reported as a correction.
--
-- One review may cover two orders and one order may have two reviews, so an answer is a review
-- of an order. It is about the delivery where the order had been delivered by then, else about
-- what had happened last. Without the reviews, payments or items, deliver all files again
-- together: an order that is in the store already stays as it is. Times are the shop's, taken
-- as UTC.
with

    people as (
        select customer_id, min(customer_unique_id) as person, min(customer_state) as state,
        from customers
        group by customer_id
    ),

    paid as (
        select
            order_id,
            case
                when count(amount) = count(*) then sum(amount)::varchar else min(sent)
            end as revenue,
        from
            (
                select
                    order_id,
                    payment_sequential,
                    min(try_cast(payment_value as decimal(18, 4))) as amount,
                    coalesce(min(payment_value::varchar), 'none') as sent,
                from payments
                group by order_id, payment_sequential
            )
        group by order_id
    ),

    categories as (
        select product_id, min(product_category_name) as category,
        from products
        group by product_id
    ),

    contents as (
        select
            order_id,
            count(distinct order_item_id) as quantity,
            min_by(product_id, try_cast(order_item_id as bigint)) as product_id,
        from items
        group by order_id
    ),

    placed as (
        select
            orders.order_id,
            people.person as customer_id,
            orders.order_status,
            people.state as customer_state,
            orders.order_purchase_timestamp as bought,
            orders.order_delivered_carrier_date as shipped,
            orders.order_delivered_customer_date as delivered,
            try_cast(orders.order_purchase_timestamp as timestamp) as bought_at,
            try_cast(orders.order_delivered_carrier_date as timestamp) as shipped_at,
            try_cast(orders.order_delivered_customer_date as timestamp) as delivered_at,
            try_cast(orders.order_estimated_delivery_date as date) as promised_on,
            paid.revenue,
            contents.product_id,
            categories.category,
            contents.quantity,
            orders.file_name,
            orders.file_line,
        from orders
        left join people on orders.customer_id = people.customer_id
        left join paid on orders.order_id = paid.order_id
        left join contents on orders.order_id = contents.order_id
        left join categories on contents.product_id = categories.product_id
    )

select
    'order-' || order_id as event_id,
    bought as occurred_at,
    0 as event_index,
    customer_id,
    'order_completed' as touchpoint,
    order_id,
    'BR' as country,
    product_id,
    category,
    quantity,
    revenue,
    'BRL' as currency,
    order_status,
    customer_state,
    null as delivery_days,
    null as late_days,
    null as survey,
    null as score,
    null as scale_min,
    null as scale_max,
    null as comment,
    null as language,
    null as about,
    null as sent_at,
    null as correction,
    file_name,
    file_line,
from placed
union all by name
select
    'shipped-' || order_id as event_id,
    case when shipped_at < bought_at then bought else shipped end as occurred_at,
    1 as event_index,
    customer_id,
    'order_shipped' as touchpoint,
    order_id,
    'BR' as country,
    product_id,
    category,
    case when shipped_at < bought_at then shipped end as sent_at,
    case when shipped_at < bought_at then 'shipped before it was bought' end as correction,
    file_name,
    file_line,
from placed
where shipped is not null
union all by name
select
    'delivered-' || order_id as event_id,
    case
        when delivered_at < greatest(bought_at, shipped_at)
        then greatest(bought_at, shipped_at)::varchar
        else delivered::varchar
    end as occurred_at,
    2 as event_index,
    customer_id,
    'order_delivered' as touchpoint,
    order_id,
    'BR' as country,
    product_id,
    category,
    round(date_diff('second', bought_at, delivered_at) / 86400, 2) as delivery_days,
    date_diff('day', promised_on, delivered_at::date) as late_days,
    case when delivered_at < greatest(bought_at, shipped_at) then delivered end as sent_at,
    case
        when delivered_at < greatest(bought_at, shipped_at)
        then 'delivered before it was shipped'
    end as correction,
    file_name,
    file_line,
from placed
where delivered is not null
union all by name
select
    'review-' || reviews.review_id || '-' || reviews.order_id as event_id,
    reviews.review_answer_timestamp as occurred_at,
    3 as event_index,
    placed.customer_id,
    'survey_answered' as touchpoint,
    reviews.order_id,
    'BR' as country,
    placed.product_id,
    placed.category,
    'csat' as survey,
    reviews.review_score as score,
    1 as scale_min,
    5 as scale_max,
    nullif(
        concat_ws(
            '. ',
            nullif(reviews.review_comment_title, ''),
            nullif(reviews.review_comment_message, '')
        ),
        ''
    ) as comment,
    'pt' as language,
    case
        when placed.delivered_at <= try_cast(reviews.review_answer_timestamp as timestamp)
        then 'order_delivered'
    end as about,
    reviews.file_name,
    reviews.file_line,
from reviews
left join placed on reviews.order_id = placed.order_id
