-- title:    Satisfaction by touchpoint
-- question: Where are customers satisfied, and where not?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per touchpoint
-- counts:   share of csat to satisfied, per answer
--
-- CSAT answers of the period, top two boxes, by the touchpoint they speak about: the one the
-- survey names, else the touch before the answer.
select
    about_touchpoint as touchpoint,
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
order by responses desc, touchpoint
