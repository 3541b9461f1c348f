-- title:    Channel switches
-- question: Between which channels do journeys go, and what becomes of those that do?
-- chart:    matrix
-- unit:     percent
-- better:   higher
-- grain:    one row per channel left and channel gone to
--
-- Mature journeys that started in the period and went from a visit through one channel to
-- a visit through another within the conversion window: how many did, and the share of
-- them that ordered within the window. A journey counts once in each cell it passed
-- through, so cells do not add up. On the diagonal are the journeys that never left their
-- entry channel. Visits whose channel is Unassigned are passed over. Long journeys have
-- more time to switch and to buy: a higher share after a switch is an association, not its
-- effect.
with

    switched as (
        select
            from_channel,
            to_channel,
            sum(switches)::bigint as switches,
            count(*) filter (where is_converted) as converted,
            count(*) as journeys,
        from switches
        where
            started_on >= $since
            and started_on < $until
            and matures_at <= $as_of
            and first_at <= matures_at
        group by all
    ),

    began as (
        select
            entry_channel,
            count(*) filter (where deepest_in_window >= 4) as converted,
            count(*) as journeys,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and matures_at <= $as_of
        group by all
    ),

    left_it as (
        select
            entry_channel,
            count(*) filter (where is_converted) as converted,
            count(*) as journeys,
        from switches
        where
            is_first
            and started_on >= $since
            and started_on < $until
            and matures_at <= $as_of
            and first_at <= matures_at
        group by all
    )

select from_channel, to_channel, switches, converted, journeys,
from switched
union all
select
    began.entry_channel,
    began.entry_channel,
    0 as switches,
    began.converted - coalesce(left_it.converted, 0) as converted,
    began.journeys - coalesce(left_it.journeys, 0) as journeys,
from began
left join left_it using (entry_channel)
order by journeys desc, from_channel, to_channel
