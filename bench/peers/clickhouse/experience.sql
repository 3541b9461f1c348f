create temporary table answers as
select
    event_id,
    person_id,
    touchpoint,
    about,
    if(
        survey = 'nps',
        multiIf(score >= 9, 1.0, score >= 7, 0.0, -1.0),
        (2 * score - scale_min - scale_max) / nullif(scale_max - scale_min, 0)
    ) as normalised
from events
where
    survey is not null
    and score is not null
    and occurred_at >= {since}
    and occurred_at < {until}
    and occurred_at <= {as_of}
;

with

    followed as (
        select
            event_id as answer_id,
            last_value(if(touchpoint = 'survey_answered', null, toString(touchpoint))) ignore nulls over (
                partition by person_id
                order by occurred_at, event_index, event_id
                rows between unbounded preceding and 1 preceding
            ) as followed_touchpoint
        from events
        where person_id in (select person_id from answers where about is null and touchpoint = 'survey_answered')
    ),

    placed as (
        select
            normalised,
            coalesce(
                toString(about),
                if(touchpoint = 'survey_answered', followed_touchpoint, null),
                toString(touchpoint)
            ) as about_touchpoint
        from answers
        left join followed on answers.event_id = followed.answer_id
        where normalised is not null
    )

select
    transform(about_touchpoint, {names}, {name_stages}, 'unmapped') as stage,
    count() as responses,
    sum(normalised) as score_sum,
    sum(normalised * normalised) as score_square_sum
from placed
group by stage
having stage != 'unmapped'
