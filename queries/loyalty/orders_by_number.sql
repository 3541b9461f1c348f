-- title:    Orders by number
-- question: How many orders are first, second, third orders?
-- chart:    bar
-- unit:     orders
-- better:   neither
-- grain:    one row per order number
-- counts:   count of order, per order
--
-- Orders placed in the period by their place among the person's orders.
select
    case
        when order_number = 1
        then 'first order'
        when order_number = 2
        then 'second order'
        when order_number = 3
        then 'third order'
        else 'fourth or later'
    end as place,
    count(*) as orders,
from orders
where ordered_on >= $since and ordered_on < $until and ordered_at <= $as_of
group by all
order by min(order_number)
