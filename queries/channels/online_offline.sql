-- title:    Online and offline
-- question: Who goes from the web to the shop or the phone, and who comes back?
-- chart:    matrix
-- unit:     percent
-- better:   higher
-- grain:    one row per side left and side gone to
--
-- Mature journeys that started in the period and went at least once from an online channel to
-- an offline one, or back, within the conversion window; and the share of them that ordered
-- within it. A journey that went there and back is in both cells. On the diagonal are the
-- journeys that began on a side and never left it. Which channels are offline is said in
-- journey.toml. Long journeys have more time to cross and to buy: a higher share is an
-- association.
with

    crossed as (
        select
            person_number,
            journey_number,
            from_online,
            entry_channel,
            is_converted,
            min(first_at) as first_at,
        from switches
        where
            from_online <> to_online
            and started_on >= $since
            and started_on < $until
            and matures_at <= $as_of
            and first_at <= matures_at
        group by all
    ),

    stayed as (
        select
            entry_channel not in (from offline_channels) as is_online,
            count(*) filter (where deepest_in_window >= 4) as converted,
            count(*) as journeys,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and matures_at <= $as_of
            and not exists (
                from crossed
                where
                    crossed.person_number = journeys.person_number
                    and crossed.journey_number = journeys.journey_number
            )
        group by all
    )

select
    case when from_online then 'Online' else 'Offline' end as from_side,
    case when from_online then 'Offline' else 'Online' end as to_side,
    count(*) filter (where is_converted) as converted,
    count(*) as journeys,
from crossed
group by all
union all
select
    case when is_online then 'Online' else 'Offline' end,
    case when is_online then 'Online' else 'Offline' end,
    converted,
    journeys,
from stayed
order by from_side desc, to_side desc
