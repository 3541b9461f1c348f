with

    answers as materialized (
        select
            event_id,
            person_id,
            occurred_at,
            touchpoint,
            properties ->> '$.about' as named_touchpoint,
            case
                when survey = 'nps'
                then case when score >= 9 then 1.0 when score >= 7 then 0.0 else -1.0 end
                else (2 * score - scale_min - scale_max) / nullif(scale_max - scale_min, 0)
            end as normalised,
        from events
        where
            survey is not null
            and score is not null
            and occurred_at >= {since}
            and occurred_at < {until}
            and occurred_at <= {as_of}
    ),

    followed as (
        select
            event_id,
            lag(
                case when touchpoint <> 'survey_answered' then touchpoint end ignore nulls
            ) over (
                partition by person_id order by occurred_at, event_index nulls last, event_id
            ) as followed_touchpoint,
        from events
        where
            person_id in (
                select person_id
                from answers
                where named_touchpoint is null and touchpoint = 'survey_answered'
            )
    ),

    placed as (
        select
            answers.normalised,
            coalesce(
                answers.named_touchpoint, followed.followed_touchpoint, answers.touchpoint
            ) as about_touchpoint,
        from answers
        left join
            followed
            on answers.event_id = followed.event_id
            and answers.touchpoint = 'survey_answered'
        where answers.normalised is not null
    )

select
    touchpoint_stages.stage,
    count(*) as responses,
    sum(placed.normalised)::double as score_sum,
    sum(placed.normalised * placed.normalised)::double as score_square_sum,
from placed
inner join touchpoint_stages on placed.about_touchpoint = touchpoint_stages.touchpoint
group by all
