with

    placed as materialized (
        select
            person_id, journey_number, touch_number, occurred_at, reached, stage_number, order_id,
            revenue, currency,
        from touches
    ),

    folded as (
        select
            person_id,
            journey_number,
            min(occurred_at) as started_at,
            min(case when reached = 1 then occurred_at end) as awareness_at,
            min(case when reached = 2 then occurred_at end) as consideration_at,
            min(case when reached = 3 then occurred_at end) as decision_at,
            min(case when reached = 4 then occurred_at end) as purchase_at,
            min(case when reached = 5 then occurred_at end) as post_purchase_at,
        from placed
        where journey_number > 0
        group by person_id, journey_number
    ),

    mature as (
        select
            person_id,
            journey_number,
            started_at + interval '{conversion_window_days}' day as matures_at,
            case
                when post_purchase_at <= matures_at
                then 5
                when purchase_at <= matures_at
                then 4
                when decision_at <= matures_at
                then 3
                when consideration_at <= matures_at
                then 2
                when awareness_at <= matures_at
                then 1
                else 0
            end as deepest_in_window,
        from folded
        where started_at >= {since} and started_at < {until} and matures_at <= {as_of}
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
        group by receiver
    ),

    valued as (
        select
            mature.deepest_in_window,
            count(*) as journeys,
            sum(case when mature.deepest_in_window >= 4 then income.revenue end) as revenue,
        from mature
        left join
            income
            on mature.person_id = income.receiver.person_id
            and mature.journey_number = income.receiver.journey_number
        group by mature.deepest_in_window
    )

select
    stages.stage,
    coalesce(sum(valued.journeys), 0)::bigint as journeys,
    coalesce(sum(valued.revenue), 0)::double as revenue,
from stages
left join valued on stages.stage_number <= valued.deepest_in_window
where stages.stage <> 'loyalty'
group by stages.stage
