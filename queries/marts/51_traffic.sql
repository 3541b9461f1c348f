-- traffic: one row per day and way in: source, medium, campaign and referrer as they were
-- captured, and how many touches said so. Touches that say nothing are not here.
select occurred_on, source, medium, campaign, referrer_host, count(*) as touches,
from
    (
        select
            case
                when $time_zone = 'UTC'
                then cast(occurred_at as date)
                else cast(occurred_at at time zone 'UTC' at time zone $time_zone as date)
            end as occurred_on,
            source,
            medium,
            campaign,
            referrer_host,
        from events
        where
            source is not null
            or medium is not null
            or campaign is not null
            or referrer_host is not null
    ) as told
group by occurred_on, source, medium, campaign, referrer_host
order by
    occurred_on,
    source nulls last,
    medium nulls last,
    campaign nulls last,
    referrer_host nulls last
