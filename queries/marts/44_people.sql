-- people: one row per person, with the segments of the person's first touch.
with

    firsts as (
        select
            person_id,
            min(person_number) as person_number,
            min(started_at) as first_seen_at,
            min(started_on) as first_seen_on,
            max(ended_at) as last_seen_at,
            cast(sum(case when is_orphan then 0 else 1 end) as integer) as journeys,
            cast(sum(touches) as bigint) as touches,
            max(case when is_identified then 1 else 0 end) = 1 as is_identified,
            min_by(entry_channel, journey_number) as entry_channel,
            min(persona) as persona,
            min_by(device, journey_number) as device,
            min_by(country, journey_number) as country,
            sum(revenue) as revenue,
        from journeys
        group by person_id
    ),

    buyers as (
        select
            person_id,
            count(*) as orders,
            min(ordered_at) as first_order_at,
            max(ordered_at) as last_order_at,
        from orders
        group by person_id
    )

select
    firsts.person_id,
    firsts.person_number,
    firsts.is_identified,
    firsts.first_seen_at,
    firsts.first_seen_on,
    firsts.last_seen_at,
    firsts.journeys,
    firsts.touches,
    coalesce(buyers.orders, 0) as orders,
    buyers.first_order_at,
    buyers.last_order_at,
    cast(firsts.revenue as decimal(38, 4)) as revenue,
    firsts.entry_channel,
    firsts.persona,
    firsts.device,
    firsts.country,
from firsts
left join buyers on firsts.person_id = buyers.person_id
order by firsts.first_seen_at nulls last, firsts.person_id
