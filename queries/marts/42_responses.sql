-- responses: one row per survey answer or comment.
--
-- An answer speaks about the touchpoint that its properties name as `about`; else, where the
-- touch is only the answering of a survey, about the touch before it; else about its own.
-- `normalised` puts the score on -1 to +1: NPS by its group, other surveys by their scale, and
-- the other way round where CES runs down (`is_up` is false): its `direction` says so among the
-- properties, else the configuration for the scale it declares.
--
-- The comment is masked: names, addresses and numbers are out of it. `sentiment` is negative,
-- neutral or positive, null where no word with a mood was found; `sentiment_score` is its
-- strength from -1 to +1, `confidence` how often such evidence has the sign of the score its
-- writer gave. `themes` are those it speaks of, in order of name; `mentions` has a row for
-- each.
--
-- An answer is `relational` where its properties say so (`survey_kind`), where it is about the
-- business as a whole (the configuration's `relational`), and for an NPS that names nothing and
-- stands on the answering of a survey alone; else it is `transactional`. `weight` is what the
-- answer stands for in a weighted survey, as its properties say; 1 where they do not.
--
-- `is_headline_nps` marks the answers from 0 to 10 that the one NPS of the business counts: the
-- relational ones where there is any, else the transactional ones. It is settled over all
-- answers of the snapshot, so that no filter, period or as-of changes the kind.
with

    answers as (
        select
            event_number,
            event_id,
            person_id,
            survey,
            score,
            scale_min,
            scale_max,
            comment,
            language,
            properties ->> '$.about' as named_touchpoint,
            lower(properties ->> '$.survey_kind') as named_kind,
            lower(properties ->> '$.direction') as named_direction,
            try_cast(properties ->> '$.weight' as double) as named_weight,
        from events
        where (survey is not null and score is not null) or comment is not null
    ),

    unnamed as (
        select sequence.person_number,
        from sequence
        inner join answers on sequence.event_number = answers.event_number
        inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
        where touchpoints.touchpoint = 'survey_answered' and answers.named_touchpoint is null
        group by sequence.person_number
    ),

    followed as (
        select
            sequence.event_number,
            lag(
                case
                    when touchpoints.touchpoint not in ('survey_answered', 'survey_sent')
                    then touchpoints.touchpoint
                end ignore nulls
            ) over (
                partition by sequence.person_number order by sequence.touch_number nulls last
            ) as followed_touchpoint,
        from sequence
        inner join unnamed on sequence.person_number = unnamed.person_number
        inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
    ),

    placed as (
        select
            answers.*,
            sequence.journey_number,
            sequence.occurred_at,
            touchpoints.touchpoint,
            coalesce(
                case
                    when answers.survey <> 'ces'
                    then true
                    when answers.named_direction in ('up', 'down')
                    then answers.named_direction = 'up'
                end,
                surveys.is_up,
                true
            ) as is_up,
            case
                when answers.named_weight >= 0 and answers.named_weight < 1e12
                then answers.named_weight
                else 1.0
            end as weight,
            case
                when answers.named_kind in ('relational', 'transactional')
                then answers.named_kind
                when relational_subjects.subject is not null
                then 'relational'
                when
                    answers.survey = 'nps'
                    and answers.named_touchpoint is null
                    and touchpoints.touchpoint = 'survey_answered'
                then 'relational'
                else 'transactional'
            end as kind,
            coalesce(
                answers.named_touchpoint,
                case
                    when touchpoints.touchpoint = 'survey_answered'
                    then followed.followed_touchpoint
                end,
                touchpoints.touchpoint
            ) as about_touchpoint,
            traits.channel,
            sequence.segment_number,
        from sequence
        inner join answers on sequence.event_number = answers.event_number
        inner join touchpoints on sequence.touchpoint_number = touchpoints.touchpoint_number
        inner join traits on sequence.trait_number = traits.trait_number
        left join followed on sequence.event_number = followed.event_number
        left join relational_subjects on answers.named_touchpoint = relational_subjects.subject
        left join
            surveys
            on answers.survey = surveys.survey
            and answers.scale_min = surveys.scale_min
            and answers.scale_max = surveys.scale_max
    ),

    recommendations as (
        select event_id, kind,
        from placed
        where survey = 'nps' and score is not null and scale_min = 0 and scale_max = 10
    ),

    headlines as (
        select event_id,
        from recommendations
        where
            kind = 'relational'
            or not exists (select 1 from recommendations where kind = 'relational')
    )

select
    placed.event_id,
    placed.person_id,
    placed.journey_number,
    placed.occurred_at as answered_at,
    case
        when $time_zone = 'UTC'
        then cast(placed.occurred_at as date)
        else cast(placed.occurred_at at time zone 'UTC' at time zone $time_zone as date)
    end as answered_on,
    placed.survey,
    placed.score,
    placed.scale_min,
    placed.scale_max,
    placed.is_up,
    placed.weight,
    case
        when placed.survey = 'nps' and placed.score >= 9
        then 1.0
        when placed.survey = 'nps' and placed.score >= 7
        then 0.0
        when placed.survey = 'nps'
        then -1.0
        else
            case when placed.is_up then 1 else -1 end
            * (2 * placed.score - placed.scale_min - placed.scale_max)
            / nullif(placed.scale_max - placed.scale_min, 0)
    end as normalised,
    comment_readings.comment,
    coalesce(comment_readings.language, placed.language) as language,
    comment_readings.sentiment,
    comment_readings.score as sentiment_score,
    comment_readings.confidence,
    comment_readings.themes,
    placed.touchpoint,
    placed.about_touchpoint,
    coalesce(touchpoint_stages.stage, 'unmapped') as stage,
    placed.kind,
    headlines.event_id is not null as is_headline_nps,
    placed.channel,
    segments.entry_channel,
    segments.persona,
    segments.device,
    segments.country,
from placed
inner join segments on placed.segment_number = segments.segment_number
left join headlines on placed.event_id = headlines.event_id
left join comment_readings on placed.event_id = comment_readings.event_id
left join touchpoint_stages on placed.about_touchpoint = touchpoint_stages.touchpoint
order by placed.occurred_at nulls last, placed.event_id
