-- title:    The commonest whole journeys
-- question: Which ways do people really take, from first touch to last?
-- chart:    table
-- unit:     journeys
-- better:   neither
-- grain:    one row per way, the 200 commonest
--
-- Journeys that started in the period, by the touchpoints they hold in their order, from the
-- first touch to the last; repeats count as they are, and two journeys that differ in one touch
-- took different ways. `all_journeys` and `all_ways` are those of the period, so that what the
-- rows cover can be seen. Bought: the way holds an order. Converted and mature journeys are as
-- everywhere, with the order within the conversion window; a way either holds an order or not,
-- so its rate is near all or nothing. Revenue is net of refunds. Satisfied answers are CSAT in
-- the two highest points of their scale. Days run from the first touch to the last.
--
-- A journey of which something was known only after the as-of (a later touch, a later refund)
-- is left out: its way was not whole by then. A journey that is still under way counts with the
-- way it took so far.
with

    framed as not materialized(
        select *,
        from ways
        where started_on >= $since and started_on < $until and known_at <= $as_of
    ),

    counted as (select variant, count(*) as journeys, from framed group by variant),

    commonest as (
        select *, sum(journeys) over () as all_journeys, count(*) over () as all_ways,
        from counted
        order by journeys desc, variant
        limit 200
    ),

    taken as (
        select
            variant,
            any_value(touches) as touches,
            count(*) filter (where is_bought) as bought,
            count(*) filter (where is_converted and matures_at <= $as_of) as converted,
            count(*) filter (where matures_at <= $as_of) as mature_journeys,
            sum(revenue) as revenue,
            sum(satisfied) as satisfied,
            sum(responses) as responses,
            median(epoch(ended_at) - epoch(started_at)) / 86400 as median_days,
        from framed
        where variant in (select variant from commonest)
        group by variant
    ),

    -- Rare ways are told by a journey that took them; in a small segment they may come first.
    rare as (
        select variant, arg_min((person_number, journey_number), started_at) as example,
        from framed
        where
            variant in (select variant from commonest)
            and variant not in (select variant from ways_told)
        group by variant
    ),

    told as (
        select variant, string_agg(touchpoint, ' > ' order by place) as way,
        from ways_told
        where variant in (select variant from commonest)
        group by variant
        union all
        select
            rare.variant,
            string_agg(touchpoints.touchpoint, ' > ' order by sequence.touch_number) as way,
        from sequence
        inner join rare on (sequence.person_number, sequence.journey_number) = rare.example
        inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
        group by rare.variant
    )

select
    told.way,
    taken.touches,
    commonest.journeys,
    taken.bought,
    taken.converted,
    taken.mature_journeys,
    taken.revenue::decimal(38, 4) as revenue,
    taken.satisfied::bigint as satisfied,
    taken.responses::bigint as responses,
    taken.median_days,
    commonest.all_ways,
    commonest.all_journeys::bigint as all_journeys,
from commonest
inner join taken on commonest.variant = taken.variant
inner join told on commonest.variant = told.variant
order by commonest.journeys desc, told.way
