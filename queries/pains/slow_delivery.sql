-- title:    What slow deliveries go with
-- question: After a slow delivery, how many are satisfied with it, and how many order again?
-- chart:    measures
-- unit:     orders
-- better:   neither
-- grain:    one row per kind of delivery
--
-- Orders delivered in the period. Slow is more than five days of 24 hours from the order. The
-- satisfied are those whose mean CSAT about the delivery is in the upper half of its scale, of
-- those who gave one; those who ordered again did so within the repeat window, of the orders
-- whose repeat window has closed by the as-of. As they come: the detector compares within
-- personas and with new and known customers apart. Slow orders may differ from others in more
-- than their delivery.
with

    delivered as (
        select
            person_id,
            journey_number,
            case
                when epoch(delivered_at - ordered_at) > 5 * 86400 then 'slow' else 'in time'
            end as delivery,
            repeat_matures_at <= $as_of as is_closed,
            coalesce(next_order_at <= repeat_matures_at, false) as is_repeated,
        from orders
        where
            delivered_on >= $since
            and delivered_on < $until
            and delivered_at >= ordered_at
            and delivered_at <= $as_of
    ),

    answers as (
        select person_id, journey_number, avg(normalised) >= 0.5 as satisfied,
        from responses
        where survey = 'csat' and about_touchpoint = 'order_delivered' and answered_at <= $as_of
        group by person_id, journey_number
    )

select
    delivery,
    count(*) as orders,
    count(*) filter (satisfied) as satisfied_part,
    count(satisfied) as satisfied_whole,
    count(*) filter (is_closed and is_repeated) as ordered_again_part,
    count(*) filter (is_closed) as ordered_again_whole,
from delivered
left join answers using (person_id, journey_number)
group by all
order by delivery
