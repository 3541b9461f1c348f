-- title:    Where each persona comes from
-- question: Through which channels does each kind of customer come?
-- chart:    matrix
-- unit:     percent
-- better:   neither
-- grain:    one row per entry channel and persona
--
-- Of a persona's journeys that started in the period, the share that came in through each
-- channel: the channel of a journey's first touch.
with

    began as (
        select persona, entry_channel,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and started_at <= $as_of
    ),

    counted as (
        select persona, entry_channel as channel, count(*) as came, from began group by all
    ),

    totals as (select persona, count(*) as journeys, from began group by all)

select counted.channel, counted.persona, counted.came, totals.journeys,
from counted
inner join totals using (persona)
order by came desc, channel, persona
