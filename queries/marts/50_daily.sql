-- daily: counts by day, stage, touchpoint, channel and the journey's segments. All of them can
-- be added up; numbers of people and rates cannot, so they are not here.
--
-- `revenue` is the money that moved that day, refunds being negative. Touches of orphan
-- journeys count too: this is what happened, not what became of it.
with

    counted as (
        select
            occurred_on,
            touchpoint,
            channel,
            segment_number,
            count(*) as touches,
            sum(case when is_order then 1 else 0 end) as orders,
            sum(
                case
                    when
                        stage in ('purchase', 'post_purchase')
                        and coalesce(currency, $currency, '') = coalesce($currency, '')
                    then coalesce(revenue, 0)
                    else 0
                end
            ) as revenue,
        from touches
        group by occurred_on, touchpoint, channel, segment_number
    )

select
    counted.occurred_on,
    touchpoints.stage,
    counted.touchpoint,
    counted.channel,
    counted.touches,
    cast(counted.orders as bigint) as orders,
    cast(counted.revenue as decimal(38, 4)) as revenue,
    counted.segment_number,
from counted
inner join touchpoints on counted.touchpoint = touchpoints.touchpoint
order by counted.occurred_on
