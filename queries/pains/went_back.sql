-- title:    Going back
-- question: What share goes back to an earlier stage before it goes on?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week and place
--
-- From consideration back to awareness, from decision or checkout back to either, before the
-- journey goes on or its time is up. Some going back is part of looking around.
-- Of the journeys that stood at a place in the week and whose time has passed by the as-of.
select
    date_trunc('week', stood_on)::date as week,
    place,
    count(*) filter (where went_back) as went_back,
    count(*) as stood,
from standings
where stood_on >= $since and stood_on < $until and matures_at <= $as_of
group by all
order by week, place
