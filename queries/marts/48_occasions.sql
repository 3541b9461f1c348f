-- occasions: one row per person, journey, touchpoint and day on which they were asked about it.
--
-- A person is asked by a request about the touchpoint; where none about it are recorded at all,
-- by every touch of it, as far as any score is ever about it. An answer with a score belongs to
-- the latest occasion of the 14 days before it. `asked` and `answered` count the occasions of
-- the row; `event_id`, `asked_at`, `place` (in the person's order) and `answered_at` (its first
-- answer) are those of the first of them, and by `matures_at` all have had their 14 days.
with

    given as (
        select event_id, person_id, about_touchpoint, answered_at,
        from responses
        where
            survey is not null
            and score is not null
            and kind = 'transactional'
            and about_touchpoint is not null
    ),

    surveyed as (select about_touchpoint, from given group by about_touchpoint),

    requested as (
        select about_touchpoint,
        from requests
        where about_touchpoint is not null
        group by about_touchpoint
    ),

    asked as (
        select
            touches.person_id,
            touches.journey_number,
            touches.touchpoint,
            touches.touch_number as place,
            touches.event_id,
            touches.occurred_at as asked_at,
            touches.occurred_on as asked_on,
            segments.entry_channel,
            segments.persona,
            segments.device,
            segments.country,
        from touches
        inner join surveyed on touches.touchpoint = surveyed.about_touchpoint
        inner join segments on touches.segment_number = segments.segment_number
        left join requested on touches.touchpoint = requested.about_touchpoint
        where requested.about_touchpoint is null
        union all
        select
            person_id,
            journey_number,
            about_touchpoint as touchpoint,
            row_number() over (
                partition by person_id order by sent_at nulls last, event_id nulls last
            ) as place,
            event_id,
            sent_at as asked_at,
            sent_on as asked_on,
            entry_channel,
            persona,
            device,
            country,
        from requests
        where about_touchpoint is not null
    ),

    latest as (
        select
            given.event_id,
            given.person_id,
            given.about_touchpoint,
            given.answered_at,
            max(asked.place) as place,
        from given
        inner join
            asked
            on given.person_id = asked.person_id
            and given.about_touchpoint = asked.touchpoint
            and asked.asked_at <= given.answered_at
            and asked.asked_at > given.answered_at - interval 14 day
        group by given.event_id, given.person_id, given.about_touchpoint, given.answered_at
    ),

    answered as (
        select person_id, about_touchpoint, place, min(answered_at) as answered_at,
        from latest
        group by person_id, about_touchpoint, place
    ),

    days as (
        select
            asked.person_id,
            asked.journey_number,
            asked.touchpoint,
            asked.asked_on,
            count(*) as asked,
            count(answered.place) as answered,
            min(asked.place) as place,
            max(asked.asked_at) + interval 14 day as matures_at,
        from asked
        left join
            answered
            on asked.person_id = answered.person_id
            and asked.touchpoint = answered.about_touchpoint
            and asked.place = answered.place
        group by asked.person_id, asked.journey_number, asked.touchpoint, asked.asked_on
    )

select
    days.person_id,
    days.journey_number,
    days.touchpoint,
    days.asked_on,
    days.asked,
    days.answered,
    days.matures_at,
    days.place,
    asked.event_id,
    asked.asked_at,
    answered.answered_at,
    asked.entry_channel,
    asked.persona,
    asked.device,
    asked.country,
from days
inner join
    asked
    on days.person_id = asked.person_id
    and days.touchpoint = asked.touchpoint
    and days.place = asked.place
left join
    answered
    on days.person_id = answered.person_id
    and days.touchpoint = answered.about_touchpoint
    and days.place = answered.place
order by days.asked_on nulls last, days.person_id, days.touchpoint, days.journey_number
