-- title: UCI Online Retail: the invoice lines of a British gift shop, 2010 to 2011
-- input: lines InvoiceNo, StockCode, Quantity, InvoiceDate, UnitPrice, CustomerID, Country
--
-- One event is one invoice: its lines are summed up, so fewer rows are read than the file has
-- lines. The report tells both. A line that cannot be read spoils its invoice, which is
-- rejected.
--
-- An invoice with something to pay is an order. Invoices beginning with C are
-- cancellations and those beginning with A adjustments of bad debt: both take money out of
-- earlier sales, nobody knows which, so they are refunds with an order_id of their own.
-- Where there was nothing to pay and no customer, the shop corrected its stock:
-- `stock_adjusted` is nobody's journey, so all of these belong to one stand-in, `stock`.
-- To a few customers the shop sent items free of charge. An invoice without a customer is
-- otherwise a guest's, one guest an invoice. Times are the shop's, taken as UTC.
with

    read_lines as (
        select
            invoiceno::varchar as invoice,
            stockcode::varchar as product,
            coalesce(
                try_cast(invoicedate as timestamp),
                try_strptime(invoicedate::varchar, '%m/%d/%Y %H:%M')
            ) as invoiced_at,
            try_cast(quantity as bigint) as items,
            try_cast(unitprice as decimal(18, 4)) as price,
            regexp_replace(customerid::varchar, '\.0$', '') as customer,
            country::varchar as sold_to,
            coalesce(quantity::varchar, '')
            || ' x '
            || coalesce(unitprice::varchar, '') as sent,
            file_name,
            file_line,
        from lines
    ),

    invoices as (
        select
            invoice,
            case when count(invoiced_at) = count(*) then min(invoiced_at) end as invoiced_at,
            min(customer) as customer,
            min(sold_to) as sold_to,
            arg_max(product, items * price) as main_product,
            sum(items)::bigint as items,
            sum(items * price) as amount,
            min(sent) filter (where items is null or price is null) as unreadable,
            count(*) as file_lines,
            file_name,
            min(file_line) as file_line,
        from read_lines
        group by invoice, file_name
    ),

    kinds as (
        select
            *,
            case
                when invoice is null
                then null
                when invoice like 'C%'
                then 'cancellation'
                when invoice like 'A%'
                then 'bad debt'
                when amount < 0
                then 'correction'
                when amount > 0 or unreadable is not null
                then 'sale'
                when customer is not null
                then 'gift'
                else 'stock'
            end as kind,
        from invoices
    )

select
    'invoice-' || invoice as event_id,
    invoiced_at as occurred_at,
    customer as customer_id,
    case
        when customer is not null
        then null
        when kind = 'stock'
        then 'stock'
        else 'invoice-' || invoice
    end as anonymous_id,
    case
        kind
        when 'sale'
        then 'order_completed'
        when 'gift'
        then 'free_items_sent'
        when 'stock'
        then 'stock_adjusted'
        else 'order_refunded'
    end as touchpoint,
    invoice as order_id,
    main_product as product_id,
    coalesce(unreadable, amount::varchar) as revenue,
    'GBP' as currency,
    items as quantity,
    sold_to as country,
    kind as invoice_kind,
    file_lines as invoice_lines,
    file_name,
    file_line,
    file_lines,
from kinds
