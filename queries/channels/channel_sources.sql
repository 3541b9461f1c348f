-- title:    Channel sources
-- question: Where do journeys come from, and what becomes of them?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per entry channel
-- counts:   share of journey to purchase, per journey, within conversion, closed
-- counts_journeys: count of journey, per journey
-- counts_orders: count of journey to purchase, per journey
-- counts_revenue: money of payment, per payment, by start
--
-- Journeys that started in the period by the channel of their first touch. Journeys,
-- orders and revenue are of all of them, as known by the as-of, revenue net of refunds;
-- the conversion rate is of the mature ones, as everywhere. An entry channel is where a
-- journey began, which is not the same as what caused the order.
with

    income as (
        select entry_channel, sum(amount) as revenue,
        from payments
        where
            journey_number > 0
            and journey_started_on >= $since
            and journey_started_on < $until
            and journey_started_at <= $as_of
            and is_reporting_currency
            and occurred_at <= $as_of
        group by all
    ),

    counted as (
        select
            entry_channel,
            count(*) as journeys,
            count(*) filter (where purchase_at <= $as_of) as orders,
            count(*) filter (
                where matures_at <= $as_of and deepest_in_window >= 4
            ) as converted,
            count(*) filter (where matures_at <= $as_of) as mature_journeys,
        from journeys
        where
            not is_orphan
            and started_on >= $since
            and started_on < $until
            and started_at <= $as_of
        group by all
    )

select
    counted.entry_channel as channel,
    counted.journeys,
    counted.orders,
    coalesce(income.revenue, 0)::decimal(38, 4) as revenue,
    counted.converted,
    counted.mature_journeys,
from counted
left join income on counted.entry_channel = income.entry_channel
order by counted.journeys desc, channel
