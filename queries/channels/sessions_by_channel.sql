-- title:    Sessions by channel
-- question: Through which channels do sessions come, each week?
-- chart:    stacked
-- unit:     sessions
-- better:   neither
-- grain:    one row per week and session channel
-- counts:   count of session, per session
--
-- Sessions that began in the period by their own channel, which is the first one known of their
-- touches. This is the session's scope: a customer won by Email years ago who types the address
-- today is a Direct session. Sessions of post-purchase touches alone, like a parcel's notice,
-- bring nobody and are left out.
select date_trunc('week', arrived_on)::date as week, channel, count(*) as sessions,
from visits
where
    touch_number = session_touch
    and arrived_on >= $since
    and arrived_on < $until
    and arrived_at <= $as_of
group by all
order by week, channel
