-- title:    Repeat buyers in the period
-- question: What share of the period's buyers ordered more than once?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row
-- counts:   share of order to another_order, per person_in_period, within period, identified
--
-- Identified people with an order in the period, and those of them with two or more in it: the
-- strict repeat purchase rate. It grows with the length of the period, so compare only spans of
-- equal length. People known by a cookie alone are left out: they cannot be told when they come
-- back.
with

    buyers as (
        select person_id, count(*) as placed,
        from orders
        where
            is_identified
            and ordered_on >= $since
            and ordered_on < $until
            and ordered_at <= $as_of
        group by person_id
    )

select
    'identified buyers' as who,
    count(*) filter (where placed >= 2) as repeat_buyers,
    count(*) as buyers,
from buyers
group by all
order by who
