-- title:    Currencies
-- question: In which currencies do amounts come?
-- chart:    table
-- unit:     money
-- better:   neither
-- grain:    one row per currency
--
-- Amounts that moved in the period by currency. Only the reporting currency is counted as
-- revenue; amounts without a currency are taken to be in it. Others are kept here and added to
-- nothing, since there is no rate to convert them.
select
    coalesce(currency, 'not given') as currency_given,
    bool_and(is_reporting_currency) as is_counted,
    count(*) as amounts,
    sum(amount)::double as amount_sum,
from payments
where occurred_on >= $since and occurred_on < $until and occurred_at <= $as_of
group by all
order by amounts desc, currency_given
