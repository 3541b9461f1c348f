with

    placed as materialized (
        select
            person_id, journey_number, touch_number, occurred_at, reached, stage_number, channel,
            order_id, revenue, currency,
        from touches
    ),

    started as (
        select
            person_id,
            journey_number,
            min(occurred_at) as started_at,
            started_at + interval '{conversion_window_days}' day as matures_at,
            min(case when reached = 4 then occurred_at end) as purchase_at,
            min_by(channel, touch_number) as entry_channel,
        from placed
        where journey_number > 0
        group by person_id, journey_number
        having
            min(occurred_at) >= {since}
            and min(occurred_at) < {until}
            and min(occurred_at) <= {as_of}
    ),

    owners as (
        select
            order_id,
            min_by(
                struct_pack(person_id := person_id, journey_number := journey_number),
                struct_pack(a := occurred_at, b := person_id, c := touch_number)
            ) as owner,
        from placed
        where stage_number = 4 and order_id is not null
        group by order_id
    ),

    income as (
        select
            case
                when placed.stage_number = 4 or owners.owner is null
                then
                    struct_pack(
                        person_id := placed.person_id, journey_number := placed.journey_number
                    )
                else owners.owner
            end as receiver,
            sum(placed.revenue) as revenue,
        from placed
        left join owners on placed.order_id = owners.order_id
        where
            placed.revenue is not null
            and placed.stage_number in (4, 5)
            and coalesce(placed.currency, '{currency}') = '{currency}'
            and placed.occurred_at <= {as_of}
        group by receiver
    )

select
    started.entry_channel as channel,
    count(*) as journeys,
    count(*) filter (where started.purchase_at <= {as_of}) as orders,
    coalesce(sum(income.revenue), 0)::decimal(18, 4) as revenue,
    count(*) filter (
        where started.matures_at <= {as_of} and started.purchase_at <= started.matures_at
    ) as converted,
    count(*) filter (where started.matures_at <= {as_of}) as mature_journeys,
from started
left join
    income
    on started.person_id = income.receiver.person_id
    and started.journey_number = income.receiver.journey_number
group by started.entry_channel
