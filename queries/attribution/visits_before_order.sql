-- title:    Visits before an order
-- question: How many visits did it take, in the 30 days up to the order?
-- chart:    bar
-- unit:     orders
-- better:   neither
-- grain:    one row per number of visits, six and more together
--
-- Orders of the period by the visits of the person in the 30 days up to them, the one in
-- which they ordered among them. A visit is a session under its channel, or an arrival
-- through another channel within it; visits that name no channel count only where there is
-- no other, as in attribution. On orders with a single visit every rule of attribution
-- agrees: models can differ on the others only. Filters choose the orders; visits are all
-- of the person's.
with

    counted as (
        select
            orders.event_id,
            count(*) filter (where all_visits.channel <> 'Unassigned') as named,
            greatest(count(all_visits.channel), 1) as all_of_them,
            case when named > 0 then named else all_of_them end as visits,
        from orders
        left join
            all_visits
            on orders.person_id = all_visits.person_id
            and orders.journey_number >= all_visits.journey_number
            and all_visits.arrived_at <= orders.ordered_at
            and all_visits.arrived_at >= orders.ordered_at - interval 30 day
        where
            orders.ordered_on >= $since
            and orders.ordered_on < $until
            and orders.ordered_at <= $as_of
        group by orders.event_id
    )

select
    case
        when least(visits, 6) = 1
        then '1 visit'
        when least(visits, 6) = 6
        then '6 visits or more'
        else concat(visits, ' visits')
    end as visits_before,
    count(*) as orders,
from counted
group by visits_before, least(visits, 6)
order by least(visits, 6)
