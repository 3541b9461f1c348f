-- title:    Revenue by entry channel
-- question: What do the journeys of each channel bring?
-- chart:    bar
-- unit:     money
-- better:   higher
-- grain:    one row per entry channel
-- counts:   money of payment, per payment, by start
--
-- Revenue of all journeys that started in the period, net of refunds known by the as-of, by the
-- channel of their first touch. Where a journey began is not the same as what caused the order.
select entry_channel as channel, sum(amount)::double as revenue,
from payments
where
    journey_number > 0
    and journey_started_on >= $since
    and journey_started_on < $until
    and journey_started_at <= $as_of
    and is_reporting_currency
    and occurred_at <= $as_of
group by all
order by revenue desc, channel
