-- daily: counts by day, stage, touchpoint, channel and the journey's segments. All of them can
-- be added up; numbers of people and rates cannot, so they are not here.
--
-- `revenue` is the money that moved that day, refunds being negative. Touches of orphan
-- journeys count too: this is what happened, not what became of it.
select
    occurred_on,
    stage,
    touchpoint,
    channel,
    entry_channel,
    persona,
    device,
    country,
    count(*) as touches,
    cast(sum(case when is_order then 1 else 0 end) as bigint) as orders,
    cast(
        sum(
            case
                when
                    stage in ('purchase', 'post_purchase')
                    and coalesce(currency, $currency, '') = coalesce($currency, '')
                then coalesce(revenue, 0)
                else 0
            end
        ) as decimal(38, 4)
    ) as revenue,
from touches
group by occurred_on, stage, touchpoint, channel, entry_channel, persona, device, country
order by occurred_on
