-- title:    Response rate
-- question: Who answers when asked?
-- chart:    rate
-- unit:     percent
-- better:   higher
-- grain:    one row per touchpoint that answers are about
--
-- Of the times customers were asked about a touchpoint in the period, how many were answered
-- within 14 days. Where survey requests are recorded (`survey_sent` about the touchpoint),
-- asked
-- are those requests; elsewhere every touch of the touchpoint counts as asked, so the rate is
-- then a floor: not everyone may have been shown the question. An answer belongs to the latest
-- touch or request before it, and a touch with two answers counts once. Only what had its 14
-- days by the as-of counts. Relational answers belong to no touchpoint and are left out.
with

    given as (
        select event_id, person_id, about_touchpoint, answered_at,
        from responses
        where survey is not null and score is not null and kind = 'transactional'
    ),

    asked_by as (select distinct about_touchpoint from requests),

    touched as (
        select
            given.event_id,
            max_by(
                struct_pack(id := touches.event_id, day := touches.occurred_on),
                touches.touch_number
            ) as latest,
            given.about_touchpoint as touchpoint,
        from given
        inner join
            touches
            on given.person_id = touches.person_id
            and given.about_touchpoint = touches.touchpoint
            and touches.occurred_at <= given.answered_at
            and touches.occurred_at > given.answered_at - interval 14 day
        where
            given.answered_at <= $as_of
            and given.about_touchpoint not in (select about_touchpoint from asked_by)
        group by given.event_id, given.about_touchpoint
    ),

    requested as (
        select
            given.event_id,
            max_by(
                struct_pack(id := requests.event_id, day := requests.sent_on),
                struct_pack(at := requests.sent_at, id := requests.event_id)
            ) as latest,
            given.about_touchpoint as touchpoint,
        from given
        inner join
            requests
            on given.person_id = requests.person_id
            and given.about_touchpoint = requests.about_touchpoint
            and requests.sent_at <= given.answered_at
            and requests.sent_at > given.answered_at - interval 14 day
        where given.answered_at <= $as_of
        group by given.event_id, given.about_touchpoint
    ),

    answered as (
        select touchpoint, count(distinct latest.id) as answered,
        from
            (
                from touched
                union all by name
                from requested
            )
        where
            latest.day >= $since
            and latest.day < $until
            and latest.day < ($as_of - interval 14 day)::date
        group by touchpoint
    ),

    asked as (
        select touchpoint, sum(touches)::bigint as asked,
        from daily
        where
            touchpoint in (select about_touchpoint from given)
            and touchpoint not in (select about_touchpoint from asked_by)
            and occurred_on >= $since
            and occurred_on < $until
            and occurred_on < ($as_of - interval 14 day)::date
        group by touchpoint
        union all
        select about_touchpoint as touchpoint, count(*) as asked,
        from requests
        where
            sent_on >= $since
            and sent_on < $until
            and sent_on < ($as_of - interval 14 day)::date
        group by about_touchpoint
    )

select asked.touchpoint, coalesce(answered.answered, 0) as answered, asked.asked,
from asked
left join answered on asked.touchpoint = answered.touchpoint
where asked.touchpoint is not null
order by asked.asked desc, asked.touchpoint
