-- title:    Reached loyalty
-- question: What share of buying journeys is followed by another order?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row
-- counts:   share of timely_order to next_order, per order, within repeat, closed, by start
--
-- Mature journeys that started in the period and have an order in their window, and those of
-- them whose person ordered again within the repeat window of that order. Only orders whose
-- repeat window has closed by the as-of count, so this stage runs on a clock of its own and its
-- whole is smaller than the number of orders.
select
    'loyalty' as stage,
    count(*) filter (where loyalty_at is not null) as returned,
    count(*) as buying_journeys,
from journeys
where
    not is_orphan
    and started_on >= $since
    and started_on < $until
    and matures_at <= $as_of
    and deepest_in_window >= 4
    and loyalty_matures_at <= $as_of
group by all
order by stage
