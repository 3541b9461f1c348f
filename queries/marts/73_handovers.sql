-- handovers: one row per journey that came back: through which channel it came first, through
-- which the second time, and how far it had got by then.
--
-- By the first two visits of a journey, each through a channel that is known, the first through
-- its entry channel, the second within the conversion window; visits end with the order.
-- `reached` is the stage it had got to before it came back (1 awareness, 2 consideration,
-- 3 decision). Whether it ordered is told by the window of its start, as in the cohort numbers.
-- The days on which it stood at the places of `standings`, and that of its first cart, say to
-- which other losses it belongs.
with

    ranked as (
        select
            person_number,
            journey_number,
            channel,
            arrived_at,
            arrived_on,
            row_number() over (
                partition by person_number, journey_number order by touch_number nulls last
            ) as place,
        from visits
        where journey_number > 0
    ),

    returned as (
        select
            first_visits.person_number,
            first_visits.journey_number,
            first_visits.channel as from_channel,
            second_visits.channel as to_channel,
            second_visits.arrived_at as came_back_at,
            second_visits.arrived_on as came_back_on,
        from ranked as first_visits
        inner join
            ranked as second_visits
            on first_visits.person_number = second_visits.person_number
            and first_visits.journey_number = second_visits.journey_number
        where
            first_visits.place = 1
            and second_visits.place = 2
            and first_visits.channel <> 'Unassigned'
            and second_visits.channel <> 'Unassigned'
    ),

    stood as (
        select
            person_number,
            journey_number,
            min(case when place_number = 2 then stood_at end) as considered_at,
            min(case when place_number = 2 then stood_on end) as considered_on,
            min(case when place_number = 3 then stood_at end) as decided_at,
            min(case when place_number = 3 then stood_on end) as decided_on,
            min(case when place_number = 4 then stood_on end) as checked_out_on,
            min(case when place_number = 4 then shown_device end) as checkout_device,
        from standings
        group by person_number, journey_number
    ),

    ranked_carts as (
        select
            person_number,
            journey_number,
            created_on,
            cart_id,
            row_number() over (
                partition by person_number, journey_number
                order by created_at nulls last, cart_id nulls last
            ) as place,
        from carts
        where journey_number > 0
    )

select
    returned.person_number,
    returned.journey_number,
    returned.from_channel,
    returned.to_channel,
    returned.came_back_at,
    returned.came_back_on,
    case
        when stood.decided_at < returned.came_back_at
        then 3
        when stood.considered_at < returned.came_back_at
        then 2
        else 1
    end as reached,
    journeys.started_on,
    journeys.matures_at,
    journeys.deepest_in_window >= 4 as is_converted,
    stood.considered_on,
    stood.decided_on,
    stood.checked_out_on,
    stood.checkout_device,
    case when ranked_carts.cart_id is not null then ranked_carts.created_on end as cart_on,
    case when ranked_carts.cart_id is null then ranked_carts.created_on end as unnamed_cart_on,
    journeys.entry_channel,
    journeys.persona,
    journeys.device,
    journeys.country,
from returned
inner join
    journeys
    on returned.person_number = journeys.person_number
    and returned.journey_number = journeys.journey_number
left join
    stood
    on returned.person_number = stood.person_number
    and returned.journey_number = stood.journey_number
left join
    ranked_carts
    on returned.person_number = ranked_carts.person_number
    and returned.journey_number = ranked_carts.journey_number
    and ranked_carts.place = 1
where
    not journeys.is_orphan
    and returned.came_back_at <= journeys.matures_at
    and returned.from_channel = journeys.entry_channel
order by returned.came_back_on nulls last, returned.person_number, returned.journey_number
