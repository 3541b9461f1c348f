-- title:    Recency, frequency, value
-- question: Who are the best customers, who is drifting away, and what do they bring?
-- chart:    measures
-- unit:     customers
-- better:   higher
-- grain:    one row per segment
--
-- People with an order in the period, scored 1 to 4 among each other by quarters: how recent
-- the last order is, how many orders they placed, and the mean value of an order, net of the
-- refunds known by the as-of. Equal values have equal scores. The segments are those of
-- PyMC-Marketing (rfm_segments): premium customers score 3 or 4 in all three, repeat customers
-- in frequency and one other, top spenders in value and one other; at risk are those with 1 or
-- 2 in two of the three, inactive those with 1 in two. Other is what its list leaves out.
-- Fewer than 30 customers are too few to rank: no segment is claimed of them.
with

    amounts as (
        select person_id, journey_number, sum(amount)::double as amount,
        from payments
        where is_reporting_currency and occurred_at <= $as_of
        group by all
    ),

    customers as (
        select
            orders.person_id,
            greatest(least($until - 1, $as_of::date) - max(ordered_on), 0) as recency,
            count(*) as frequency,
            coalesce(sum(amounts.amount), 0) as revenue,
            coalesce(sum(amounts.amount), 0) / count(*) as monetary,
        from orders
        left join amounts using (person_id, journey_number)
        where ordered_on >= $since and ordered_on < $until and ordered_at <= $as_of
        group by all
    ),

    quarters as (
        select
            quantile_cont(recency, [0.25, 0.5, 0.75]) as recencies,
            quantile_cont(frequency, [0.25, 0.5, 0.75]) as frequencies,
            quantile_cont(monetary, [0.25, 0.5, 0.75]) as amounts,
            count(*) as ranked,
        from customers
    ),

    scored as (
        select
            customers.*,
            ranked,
            concat(
                4 - len(list_filter(recencies, lambda cut:customers.recency > cut)),
                1 + len(list_filter(frequencies, lambda cut:customers.frequency > cut)),
                1 + len(list_filter(amounts, lambda cut:customers.monetary > cut))
            ) as score,
        from customers
        cross join quarters
    ),

    named as (
        select
            *,
            case
                when ranked < 30
                then 'Too few to rank'
                when contains('333 334 343 344 433 434 443 444', score)
                then 'Premium customer'
                when contains('143 232 233 234 243 244 332', score)
                then 'Repeat customer'
                when contains('124 133 134 144 224 313 314 323 324 413 414 423 424', score)
                then 'Top spender'
                when contains('122 123 132 212 214 222 223 312 322 412 422', score)
                then 'At-risk customer'
                when contains('111 112 113 114 211 311 411', score)
                then 'Inactive customer'
                else 'Other'
            end as segment,
        from scored
    )

select
    segment,
    count(*) as customers,
    sum(recency)::bigint as days_since_last_order_sum,
    sum(recency * recency)::bigint as days_since_last_order_squares,
    count(*) as days_since_last_order_n,
    sum(frequency)::bigint as orders_each_sum,
    sum(frequency * frequency)::bigint as orders_each_squares,
    count(*) as orders_each_n,
    round(sum(monetary), 4) as value_per_order_sum,
    round(sum(monetary * monetary), 4) as value_per_order_squares,
    count(*) as value_per_order_n,
    round(sum(revenue), 4) as value_per_customer_sum,
    round(sum(revenue * revenue), 4) as value_per_customer_squares,
    count(*) as value_per_customer_n,
from named
group by segment
order by
    case
        segment
        when 'Premium customer'
        then 1
        when 'Repeat customer'
        then 2
        when 'Top spender'
        then 3
        when 'At-risk customer'
        then 4
        when 'Inactive customer'
        then 5
        else 6
    end
