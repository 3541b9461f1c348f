-- title:    Lost by the rule
-- question: What share of buyers has gone quiet for longer than their own pace explains?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per number of orders so far
--
-- First-time buyers of the period by how many orders they placed by the as-of, and those of
-- them whose last order is more than twice their own median gap ago, and more than 90 days. Who
-- ordered once has no gap yet, so 90 days is the rule. Nobody says goodbye here: it is a rule,
-- not knowledge, and the chance that the lifetime model gives is another. What they bought
-- later counts whatever its channel.
with

    buyers as (
        select person_id,
        from orders
        where
            order_number = 1
            and ordered_on >= $since
            and ordered_on < $until
            and ordered_at <= $as_of
    ),

    histories as (
        select
            all_orders.person_id,
            count(*) as placed,
            date_diff('microsecond', max(ordered_at), $as_of) / 86400e6 as quiet_days,
            median(
                date_diff('microsecond', previous_order_at, ordered_at) / 86400e6
            ) as median_gap_days,
        from all_orders
        inner join buyers using (person_id)
        where ordered_at <= $as_of
        group by all
    )

select
    case
        when placed = 1
        then '1 order'
        when placed >= 4
        then '4 orders or more'
        else placed || ' orders'
    end as so_far,
    count(*) filter (
        where quiet_days > greatest(2 * coalesce(median_gap_days, 0), 90)
    ) as lost_buyers,
    count(*) as buyers,
from histories
group by all
order by so_far
