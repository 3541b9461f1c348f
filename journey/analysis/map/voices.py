"""One thing customers say at each stage, in their own words, masked, and the same one each time.

The theme most comments of the stage speak of is taken, then the mood most of those have. Of the
comments that speak of that theme in that mood, the one that stands in the middle by length is
shown: half of them are shorter, half are longer. Ties go to the newest. It is one voice among
those counted, picked by this rule and by nobody's taste.
"""

from dataclasses import dataclass
from datetime import date

from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

RULE = (
    "The commonest theme of the stage, in its commonest mood; of those comments the one in the "
    "middle by length, and of equals the newest. Masked before anyone reads it."
)


@dataclass(frozen=True)
class Voice:
    """What is said at a stage, by one of so many."""

    stage: str
    theme: str
    mood: str
    """`negative`, `neutral`, `positive`, or `unjudged`."""
    comment: str
    """Masked, as written; escape it where it is shown."""
    answered_on: date
    alike: int
    """Comments of the stage that speak of the theme in this mood."""
    theme_comments: int
    """Comments of the stage that speak of the theme."""
    comments: int
    """Comments of the stage that speak of any theme."""


def voices(engine: Engine, filters: Filters) -> tuple[Voice, ...]:
    """The voice of each stage that has one, in order of the stages. Raises MetricError where the
    question takes too long."""
    rows = engine.table(_SQL, filters)
    return tuple(Voice(*row) for row in rows.iter_rows())


_SQL = """
with

    said as (
        select
            mentions.stage,
            stages.stage_number,
            mentions.theme,
            coalesce(mentions.sentiment, 'unjudged') as mood,
            mentions.event_id,
            mentions.answered_at,
            mentions.answered_on
        from mentions
        inner join stages on mentions.stage = stages.stage
        where
            mentions.answered_on >= $since
            and mentions.answered_on < $until
            and mentions.answered_at <= $as_of
    ),

    spoken as (
        select stage, count(distinct event_id) as comments
        from said
        group by stage
    ),

    counted as (
        select
            stage,
            theme,
            mood,
            count(*) as alike,
            sum(count(*)) over (partition by stage, theme)::bigint as theme_comments
        from said
        group by stage, theme, mood
    ),

    foremost as (
        select *
        from counted
        qualify
            row_number() over (
                partition by stage order by theme_comments desc, theme, alike desc, mood
            ) = 1
    ),

    ranked as (
        select
            said.stage_number,
            foremost.*,
            spoken.comments,
            responses.comment,
            said.answered_on,
            row_number() over (
                partition by foremost.stage
                order by length(responses.comment), said.answered_at desc, said.event_id
            ) as place
        from foremost
        inner join
            said
            on foremost.stage = said.stage
            and foremost.theme = said.theme
            and foremost.mood = said.mood
        inner join responses on said.event_id = responses.event_id
        inner join spoken on foremost.stage = spoken.stage
    )

select stage, theme, mood, comment, answered_on, alike, theme_comments, comments
from ranked
where place = (alike + 1) // 2
order by stage_number
"""
