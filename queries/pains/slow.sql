-- title:    Slow steps
-- question: Of those who go on, what share takes longer than nine of ten usually do?
-- chart:    rate
-- unit:     percent
-- better:   lower
-- grain:    one row per week and place
--
-- A step is the time from standing at a place to going on from it. It is slow where it took
-- longer than nine of ten did there in the period asked for, so that about one in ten is slow
-- in all: what counts is where and when there are more. Journeys whose time has passed by the
-- as-of, and that went on.
with

    steps as (
        select stood_on, place, epoch(went_on_at) - epoch(stood_at) as seconds,
        from standings
        where
            stood_on >= $since
            and stood_on < $until
            and matures_at <= $as_of
            and went_on_at is not null
    ),

    usual as (select place, quantile_cont(seconds, 0.9) as most, from steps group by place)

select
    date_trunc('week', stood_on)::date as week,
    place,
    count(*) filter (where seconds > most) as slow,
    count(*) as went_on,
from steps
inner join usual using (place)
group by all
order by week, place
