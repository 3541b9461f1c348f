-- title:    Revenue by entry channel
-- question: What do the journeys of each channel bring?
-- chart:    bar
-- unit:     money
-- better:   higher
-- grain:    one row per entry channel
--
-- Revenue of all journeys that started in the period, net of refunds known by the as-of, by the
-- channel of their first touch. Where a journey began is not the same as what caused the order.
select journeys.entry_channel as channel, sum(payments.amount)::double as revenue,
from journeys
inner join
    payments
    on journeys.person_id = payments.person_id
    and journeys.journey_number = payments.journey_number
where
    not journeys.is_orphan
    and journeys.started_on >= $since
    and journeys.started_on < $until
    and journeys.started_at <= $as_of
    and payments.is_reporting_currency
    and payments.occurred_at <= $as_of
group by all
order by revenue desc, channel
