-- title:    Satisfaction by delivery time
-- question: Does slow delivery cost satisfaction?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per band of delivery days
--
-- CSAT answers about a delivery, answered in the period, by the days from order to delivery of
-- their journey's order. Slow and fast orders may differ in other ways too, so this is an
-- association.
with

    delivered as (
        select
            responses.score,
            responses.scale_max,
            epoch(orders.delivered_at - orders.ordered_at) / 86400.0 as delivery_days,
        from responses
        inner join
            orders
            on responses.person_id = orders.person_id
            and responses.journey_number = orders.journey_number
        where
            responses.survey = 'csat'
            and responses.about_touchpoint = 'order_delivered'
            and responses.answered_on >= $since
            and responses.answered_on < $until
            and responses.answered_at <= $as_of
            and orders.delivered_at >= orders.ordered_at
    ),

    banded as (
        select
            *,
            case
                when delivery_days <= 2
                then 1
                when delivery_days <= 3
                then 2
                when delivery_days <= 5
                then 3
                when delivery_days <= 8
                then 4
                else 5
            end as band,
        from delivered
    )

select
    case
        band
        when 1
        then 'up to 2 days'
        when 2
        then '2 to 3 days'
        when 3
        then '3 to 5 days'
        when 4
        then '5 to 8 days'
        else 'over 8 days'
    end as delivery,
    count(*) filter (where score >= scale_max - 1) as satisfied,
    count(*) as responses,
from banded
group by band
order by band
