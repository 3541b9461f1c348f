-- title:    Orders and amounts to look at
-- question: Which orders came twice, and which refunds add instead of taking away?
-- chart:    bar
-- unit:     amounts
-- better:   lower
-- grain:    one row per kind of fault
--
-- An order is one event with its id: where a file has a row per line of an order, each row is
-- an
-- order of its own here, and every number of repeat buying is too high. An amount after an
-- order
-- is a refund and negative; one above zero adds to revenue. Both count as they came, and are to
-- be mended at their source: one row per order, and refunds with a minus.
with

    repeated as (
        select
            ordered_on,
            ordered_at,
            row_number() over (
                partition by person_id, order_id
                order by ordered_at nulls last, event_id nulls last
            ) as place,
        from orders
        where order_id is not null
    ),

    faults as (
        select 'Order id that came before' as fault, count(*) as amounts,
        from repeated
        where
            place > 1 and ordered_on >= $since and ordered_on < $until and ordered_at <= $as_of
        union all
        select 'Refund above zero', count(*),
        from payments
        where
            not is_order
            and amount > 0
            and occurred_on >= $since
            and occurred_on < $until
            and occurred_at <= $as_of
    )

select fault, amounts,
from faults
where amounts > 0
order by amounts desc, fault
