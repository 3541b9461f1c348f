-- title: CDNOW: every purchase of a music shop's first customers, 1997 to 1998
-- reads: lines
-- input: transactions
--
-- The master file has customer, date, number of CDs and dollars; the 1-in-10 sample has its own
-- customer number as a second field, which is ignored. Days are the finest time there is, and
-- equal lines of a file are different purchases, so each is told apart by its count among its
-- equals there; the same lines in another file are the same purchases.
with

    fields as (
        select
            regexp_split_to_array(trim(line), '\s+') as field,
            trim(line) as line,
            file_name,
            file_line,
        from transactions
        where regexp_matches(trim(line), '^\d') or trim(line) not like '%customer_id%'
    ),

    purchases as (
        select
            field[1] as customer_id,
            field[-3] as purchased_on,
            field[-2] as quantity,
            field[-1] as revenue,
            row_number() over (partition by file_name, line order by file_line) as occurrence,
            line,
            file_name,
            file_line,
        from fields
    )

select
    md5(line || '#' || occurrence) as event_id,
    try_strptime(purchased_on, '%Y%m%d') as occurred_at,
    file_line as event_index,
    customer_id,
    'order_completed' as touchpoint,
    md5(line || '#' || occurrence) as order_id,
    revenue,
    'USD' as currency,
    quantity,
    file_name,
    file_line,
from purchases
