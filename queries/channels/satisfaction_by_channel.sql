-- title:    Satisfaction by entry channel
-- question: Are customers of every channel equally satisfied?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per entry channel
-- counts:   share of csat to satisfied, per answer
--
-- CSAT answers of the period, top two boxes, by the entry channel of the journey they belong
-- to.
select
    entry_channel as channel,
    count(*) filter (where score >= scale_max - 1) as satisfied,
    count(*) as responses,
from responses
where
    survey = 'csat'
    and score is not null
    and answered_on >= $since
    and answered_on < $until
    and answered_at <= $as_of
group by all
order by responses desc, channel
