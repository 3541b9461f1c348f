-- title:    Response rate
-- question: Who answers when asked?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per touchpoint that answers are about
--
-- Of the times customers were asked about a touchpoint in the period, how many were
-- answered within 14 days. Where survey requests are recorded (`survey_sent` about the
-- touchpoint), asked are those requests; elsewhere every touch of the touchpoint counts as
-- asked, so the rate is then a floor: not everyone may have been shown the question. An
-- answer belongs to the latest touch or request before it, and a touch with two answers
-- counts once. Only what had its 14 days by the as-of counts. Relational answers belong to
-- no touchpoint and are left out.
select touchpoint, sum(answered)::bigint as answered, sum(asked)::bigint as asked,
from occasions
where
    asked_on >= $since
    and asked_on < $until
    and asked_on < ($as_of - interval 14 day)::date
    and matures_at <= $as_of
group by touchpoint
order by asked desc, touchpoint
