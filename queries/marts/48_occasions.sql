-- occasions: one row per person, journey, touchpoint and day on which they were asked about it.
--
-- A person is asked by a request about the touchpoint; where none about it are recorded at all,
-- by every touch of it, as far as any score is ever about it. An answer with a score belongs to
-- the latest occasion of the 14 days before it. `asked` and `answered` count the occasions of
-- the row; `event_id`, `asked_at`, `place` (in the person's order) and `answered_at` (its first
-- answer) are those of the first of them, and by `matures_at` all have had their 14 days.
with

    given as (
        select
            responses.event_id,
            identities.person_number,
            responses.about_touchpoint,
            responses.answered_at,
        from responses
        inner join identities on responses.person_id = identities.person_id
        where
            responses.survey is not null
            and responses.score is not null
            and responses.kind = 'transactional'
            and responses.about_touchpoint is not null
    ),

    surveyed as (select about_touchpoint, from given group by about_touchpoint),

    requested as (
        select about_touchpoint,
        from requests
        where about_touchpoint is not null
        group by about_touchpoint
    ),

    -- Numbers to group and join by in place of the words.
    subjects as (
        select
            named.touchpoint,
            cast(
                row_number() over (order by named.touchpoint nulls last) as integer
            ) as subject_number,
            requested.about_touchpoint is not null as is_requested,
        from
            (
                select about_touchpoint as touchpoint,
                from surveyed
                union
                select about_touchpoint,
                from requested
            ) as named
        left join requested on named.touchpoint = requested.about_touchpoint
    ),

    asked as (
        select
            numbered_touches.person_number,
            numbered_touches.journey_number,
            subjects.subject_number,
            numbered_touches.touch_number as place,
            numbered_touches.event_id,
            numbered_touches.occurred_at as asked_at,
            numbered_touches.occurred_on as asked_on,
            numbered_touches.segment_number,
        from numbered_touches
        inner join
            touchpoints on numbered_touches.touchpoint_number = touchpoints.touchpoint_number
        inner join subjects on touchpoints.touchpoint = subjects.touchpoint
        where not subjects.is_requested
        union all
        select
            identities.person_number,
            requests.journey_number,
            subjects.subject_number,
            row_number() over (
                partition by identities.person_number
                order by requests.sent_at nulls last, requests.event_id nulls last
            ) as place,
            requests.event_id,
            requests.sent_at as asked_at,
            requests.sent_on as asked_on,
            segments.segment_number,
        from requests
        inner join identities on requests.person_id = identities.person_id
        inner join subjects on requests.about_touchpoint = subjects.touchpoint
        inner join
            segments
            on requests.entry_channel = segments.entry_channel
            and requests.persona = segments.persona
            and requests.device = segments.device
            and requests.country = segments.country
    ),

    latest as (
        select
            given.event_id,
            given.person_number,
            subjects.subject_number,
            given.answered_at,
            max(asked.place) as place,
        from given
        inner join subjects on given.about_touchpoint = subjects.touchpoint
        inner join
            asked
            on given.person_number = asked.person_number
            and subjects.subject_number = asked.subject_number
            and asked.asked_at <= given.answered_at
            and asked.asked_at > given.answered_at - interval 14 day
        group by given.event_id, given.person_number, subjects.subject_number, given.answered_at
    ),

    answered as (
        select person_number, subject_number, place, min(answered_at) as answered_at,
        from latest
        group by person_number, subject_number, place
    ),

    days as (
        select
            asked.person_number,
            asked.journey_number,
            asked.subject_number,
            asked.asked_on,
            count(*) as asked,
            count(answered.place) as answered,
            min(asked.place) as place,
            max(asked.asked_at) + interval 14 day as matures_at,
        from asked
        left join
            answered
            on asked.person_number = answered.person_number
            and asked.subject_number = answered.subject_number
            and asked.place = answered.place
        group by asked.person_number, asked.journey_number, asked.subject_number, asked.asked_on
    )

select
    identities.person_id,
    days.journey_number,
    subjects.touchpoint,
    days.asked_on,
    days.asked,
    days.answered,
    days.matures_at,
    days.place,
    asked.event_id,
    asked.asked_at,
    answered.answered_at,
    asked.segment_number,
from days
inner join
    asked
    on days.person_number = asked.person_number
    and days.subject_number = asked.subject_number
    and days.place = asked.place
left join
    answered
    on days.person_number = answered.person_number
    and days.subject_number = answered.subject_number
    and days.place = answered.place
inner join identities on days.person_number = identities.person_number
inner join subjects on days.subject_number = subjects.subject_number
order by days.asked_on nulls last, days.person_number, days.subject_number, days.journey_number
