-- title:    Repeat by entry channel
-- question: Which channels bring buyers who come back?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per entry channel
-- counts:   share of order to next_order, per person, within repeat, closed
--
-- First-time buyers of the period by the entry channel of their first order's journey, and
-- those who ordered again within the repeat window. Only buyers whose window has closed by the
-- as-of count.
select
    entry_channel as channel,
    count(*) filter (where next_order_at <= repeat_matures_at) as repeat_buyers,
    count(*) as first_time_buyers,
from orders
where
    order_number = 1
    and ordered_on >= $since
    and ordered_on < $until
    and repeat_matures_at <= $as_of
group by all
order by first_time_buyers desc, channel
