-- products: one row per product that a touch came with, with a number to compare by in place of
-- the id; 0, which is none of them, stands for no product.
select
    product_id,
    cast(row_number() over (order by product_id nulls last) as integer) as product_number,
from events
where product_id <> ''
group by product_id
