-- title: Hillstrom's e-mail test: 64,000 customers in three arms, visits and spend in two weeks
-- input: customers segment, visit, conversion, spend, mens, womens, channel
--
-- A third of the customers were chosen at random to get an e-mail with men's merchandise, a
-- third one with women's, a third none; the file says who visited, bought and spent what in the
-- two weeks after. Each customer is an assignment, which names the arm, and where they came a
-- visit, and where they bought an order. The persona is what they had bought in the year before
-- (men's, women's, both), known before the test. Customers have no id, so their line in the
-- file is it. The file has no days: all stand on the same two of January 2008, so that only
-- their order means anything.
with

    told as (
        select
            file_line::varchar as customer,
            case
                when segment = 'Mens E-Mail'
                then 'mens'
                when segment = 'Womens E-Mail'
                then 'womens'
                when segment = 'No E-Mail'
                then 'none'
                else segment
            end as variant,
            try_cast(visit as integer) as visit,
            try_cast(conversion as integer) as conversion,
            spend,
            case
                when mens::varchar = '1' and womens::varchar = '1'
                then 'Bought both'
                when mens::varchar = '1'
                then 'Bought men''s'
                when womens::varchar = '1'
                then 'Bought women''s'
            end as persona,
            channel as usual_channel,
            recency,
            history,
            zip_code,
            newbie,
            file_name,
            file_line,
        from customers
    )

select
    'assigned-' || customer as event_id,
    timestamp '2008-01-01' as occurred_at,
    customer as customer_id,
    'experiment_assigned' as touchpoint,
    'Email' as channel,
    persona,
    'hillstrom' as experiment,
    variant,
    usual_channel,
    recency,
    history,
    zip_code,
    newbie,
    file_name,
    file_line,
from told
union all by name
select
    'visited-' || customer as event_id,
    timestamp '2008-01-02' as occurred_at,
    customer as customer_id,
    'page_viewed' as touchpoint,
    'Unassigned' as channel,
    persona,
    file_name,
    file_line,
from told
where visit = 1
union all by name
select
    'bought-' || customer as event_id,
    timestamp '2008-01-02 00:10' as occurred_at,
    customer as customer_id,
    'order_completed' as touchpoint,
    'Unassigned' as channel,
    persona,
    'bought-' || customer as order_id,
    spend as revenue,
    'USD' as currency,
    file_name,
    file_line,
from told
where conversion = 1
