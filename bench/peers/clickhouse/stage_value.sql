create temporary table traded as
select person_id, first_place, started_at, matures_at, deepest_in_window, is_orphan, amounts
from trading
;

create temporary table amounts_paid as
select person_id, first_place, amount.1 as paid_key, amount.2 as kind, amount.3 as order_id, amount.4 as revenue
from traded
array join amounts as amount
;

with

    owners as (
        select order_id as owned_order_id, argMin((person_id, first_place), (paid_key.1, person_id, paid_key)) as owner
        from amounts_paid
        where kind = 4 and order_id is not null
        group by order_id
    ),

    income as (
        select
            if(kind = 4 or owned_order_id is null, (person_id, first_place), owner) as receiver,
            sum(amounts_paid.revenue) as income_revenue
        from amounts_paid
        left join owners on amounts_paid.order_id = owners.owned_order_id
        group by receiver
    ),

    valued as (
        select deepest_in_window, count() as journeys, sum(if(deepest_in_window >= 4, income_revenue, 0)) as valued_revenue
        from traded
        left join income on (traded.person_id, traded.first_place) = income.receiver
        where
            not is_orphan
            and started_at >= {since}
            and started_at < {until}
            and matures_at <= {as_of}
        group by deepest_in_window
    )

select
    {stages}[place] as stage,
    sumIf(journeys, deepest_in_window >= place) as stage_journeys,
    toFloat64(sumIf(valued_revenue, deepest_in_window >= place)) as stage_revenue
from valued
array join [1, 2, 3, 4, 5] as place
group by place
