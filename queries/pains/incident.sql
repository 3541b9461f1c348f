-- title:    Who goes on, week by week
-- question: Of the journeys that stood at a place, what share went on, week by week?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per week and place
--
-- What days that stand out are looked for in. A journey stands at the first visit, at products,
-- at a cart within its conversion window, and at the checkout whenever; it goes on when it gets
-- further within that window, from the checkout with an order within the cart window. Only
-- journeys whose time has passed by the as-of count. The search itself goes by the day, for
-- everyone, for each channel, persona, device and country and each device in a country, against
-- what people of the same channel and persona do on other days.
select
    date_trunc('week', stood_on)::date as week,
    place,
    count(went_on_at) as went_on,
    count(*) as stood,
from standings
where stood_on >= $since and stood_on < $until and matures_at <= $as_of
group by all
order by week, place
