-- responses: one row per survey answer or comment.
--
-- An answer speaks about the touchpoint that its properties name as `about`; else, where the
-- touch is only the answering of a survey, about the touch before it; else about its own.
-- `normalised` puts the score on -1 to +1: NPS by its group, other surveys by their scale.
with

    answers as (
        select
            event_id,
            survey,
            score,
            scale_min,
            scale_max,
            comment,
            language,
            properties ->> '$.about' as named_touchpoint,
        from events
        where (survey is not null and score is not null) or comment is not null
    ),

    unnamed as (
        select touches.person_id,
        from touches
        inner join answers on touches.event_id = answers.event_id
        where touches.touchpoint = 'survey_answered' and answers.named_touchpoint is null
        group by touches.person_id
    ),

    followed as (
        select
            touches.event_id,
            lag(
                case
                    when touches.touchpoint <> 'survey_answered' then touches.touchpoint
                end ignore nulls
            ) over (partition by touches.person_id order by touches.touch_number nulls last)
            as followed_touchpoint,
        from touches
        inner join unnamed on touches.person_id = unnamed.person_id
    ),

    placed as (
        select
            answers.*,
            touches.person_id,
            touches.journey_number,
            touches.occurred_at,
            touches.occurred_on,
            touches.touchpoint,
            coalesce(
                answers.named_touchpoint,
                case
                    when touches.touchpoint = 'survey_answered'
                    then followed.followed_touchpoint
                end,
                touches.touchpoint
            ) as about_touchpoint,
            touches.channel,
            touches.entry_channel,
            touches.persona,
            touches.device,
            touches.country,
        from touches
        inner join answers on touches.event_id = answers.event_id
        left join followed on touches.event_id = followed.event_id
    )

select
    placed.event_id,
    placed.person_id,
    placed.journey_number,
    placed.occurred_at as answered_at,
    placed.occurred_on as answered_on,
    placed.survey,
    placed.score,
    placed.scale_min,
    placed.scale_max,
    case
        when placed.survey = 'nps' and placed.score >= 9
        then 1.0
        when placed.survey = 'nps' and placed.score >= 7
        then 0.0
        when placed.survey = 'nps'
        then -1.0
        else
            (2 * placed.score - placed.scale_min - placed.scale_max)
            / nullif(placed.scale_max - placed.scale_min, 0)
    end as normalised,
    placed.comment,
    placed.language,
    placed.touchpoint,
    placed.about_touchpoint,
    coalesce(touchpoint_stages.stage, 'unmapped') as stage,
    placed.channel,
    placed.entry_channel,
    placed.persona,
    placed.device,
    placed.country,
from placed
left join touchpoint_stages on placed.about_touchpoint = touchpoint_stages.touchpoint
order by placed.occurred_at nulls last, placed.event_id
