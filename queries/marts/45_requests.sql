-- requests: one row per request to answer a survey that was sent (`survey_sent`).
--
-- A request asks about the touchpoint that its properties name as `about`, else about the
-- person's touch before it. Where a business records no requests this table is empty, and those
-- who were asked are counted by the touches themselves.
with

    sent as (
        select event_id, properties ->> '$.about' as named_touchpoint,
        from events
        where touchpoint = 'survey_sent'
    ),

    asked as (
        select touches.person_id,
        from touches
        inner join sent on touches.event_id = sent.event_id
        group by touches.person_id
    ),

    followed as (
        select
            touches.event_id,
            lag(
                case
                    when touches.touchpoint not in ('survey_answered', 'survey_sent')
                    then touches.touchpoint
                end ignore nulls
            ) over (partition by touches.person_id order by touches.touch_number nulls last)
            as followed_touchpoint,
        from touches
        inner join asked on touches.person_id = asked.person_id
    )

select
    touches.event_id,
    touches.person_id,
    touches.journey_number,
    touches.occurred_at as sent_at,
    touches.occurred_on as sent_on,
    coalesce(sent.named_touchpoint, followed.followed_touchpoint) as about_touchpoint,
    touches.channel,
    touches.entry_channel,
    touches.persona,
    touches.device,
    touches.country,
from touches
inner join sent on touches.event_id = sent.event_id
left join followed on touches.event_id = followed.event_id
order by touches.occurred_at nulls last, touches.event_id
