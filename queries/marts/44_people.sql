-- people: one row per person, with the segments of the person's first touch.
with

    firsts as (
        select
            person_number,
            min(started_at) as first_seen_at,
            max(ended_at) as last_seen_at,
            cast(sum(case when journey_number = 0 then 0 else 1 end) as integer) as journeys,
            cast(sum(touches) as bigint) as touches,
            max(case when is_identified then 1 else 0 end) = 1 as is_identified,
            min_by(segment_number, journey_number) as segment_number,
        from outlines
        group by person_number
    ),

    income as (
        select person_number, sum(revenue) as revenue,
        from journeys
        where revenue <> 0
        group by person_number
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
    identities.person_id,
    firsts.person_number,
    firsts.is_identified,
    firsts.first_seen_at,
    case
        when $time_zone = 'UTC'
        then cast(firsts.first_seen_at as date)
        else cast(firsts.first_seen_at at time zone 'UTC' at time zone $time_zone as date)
    end as first_seen_on,
    firsts.last_seen_at,
    firsts.journeys,
    firsts.touches,
    coalesce(buyers.orders, 0) as orders,
    buyers.first_order_at,
    buyers.last_order_at,
    cast(coalesce(income.revenue, 0) as decimal(38, 4)) as revenue,
    segments.entry_channel,
    segments.persona,
    segments.device,
    segments.country,
from firsts
inner join identities on firsts.person_number = identities.person_number
inner join segments on firsts.segment_number = segments.segment_number
left join income on firsts.person_number = income.person_number
left join buyers on identities.person_id = buyers.person_id
order by firsts.first_seen_at nulls last, identities.person_id
