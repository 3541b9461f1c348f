create temporary table traded as
select person_id, first_place, started_at, matures_at, entry_channel, purchase_at, is_orphan, amounts
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
        where paid_key.1 <= {as_of}
        group by receiver
    )

select
    entry_channel,
    count() as journeys,
    countIf(purchase_at <= {as_of}) as orders,
    sum(coalesce(income_revenue, 0)) as channel_revenue,
    countIf(matures_at <= {as_of} and purchase_at <= matures_at) as converted,
    countIf(matures_at <= {as_of}) as mature_journeys
from traded
left join income on (traded.person_id, traded.first_place) = income.receiver
where not is_orphan and started_at >= {since} and started_at < {until} and started_at <= {as_of}
group by entry_channel
