"""Each theme with how often it is spoken of, in what mood, and its impact on the score."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from journey.analysis.feedback.impact import impact
from journey.analysis.feedback.selection import FRAME, Selection
from journey.errors import MetricError, suggest
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


@dataclass(frozen=True)
class Survey:
    """How the answers of a survey are scored, one by one, so that their mean is the survey's."""

    title: str
    unit: str
    """What a difference of the score is in: points of percent, points, or points of the scale."""
    value: str
    """One answer's value, as SQL over `responses`."""
    condition: str
    """Which answers count."""


SURVEYS = {
    "csat": Survey(
        "CSAT",
        "points",
        "case when is_up then score >= scale_max - 1 else score <= scale_min + 1 end::int * 100.0",
        "survey = 'csat'",
    ),
    "nps": Survey(
        "NPS",
        "points",
        "normalised * 100.0",
        "survey = 'nps' and kind = 'relational' and scale_min = 0 and scale_max = 10",
    ),
    "transactional_nps": Survey(
        "transactional NPS",
        "points",
        "normalised * 100.0",
        "survey = 'nps' and kind = 'transactional' and scale_min = 0 and scale_max = 10",
    ),
    "ces": Survey(
        "CES",
        "points of 7",
        "case when is_up then score else 8 - score end",
        "survey = 'ces' and scale_min = 1 and scale_max = 7",
    ),
}
"""The surveys whose score a theme may pull: CSAT as the share of the top two boxes, NPS (one about
the business as a whole and one about a touchpoint are never mixed), CES as the mean."""

COLUMNS = (
    "theme", "comments", "negative", "neutral", "positive", "unjudged", "answers", "score_with",
    "score_without", "impact", "low", "high",
)  # fmt: skip


@dataclass(frozen=True)
class Themes:
    """What was found."""

    survey: Survey
    answers: int
    """All answers to the survey in the frame."""
    score: float | None
    """Their score; None below the minimum."""
    comments: int
    """All comments in the frame."""
    covered: int
    """Comments that speak of at least one theme."""
    rows: pl.DataFrame
    """COLUMNS, the most spoken of first. The score and the impact are null where fewer answers
    than the minimum speak of the theme, or fewer do not."""


def themes(
    engine: Engine,
    filters: Filters,
    survey: str = "csat",
    selection: Selection | None = None,
    mentions: str = "mentions",
) -> Themes:
    """The themes of a frame. Of the selection only the touchpoint counts here; `mentions` is the
    table of mentions, `found_mentions` for the themes that were found rather than named.

    Raises MetricError where there is no such survey.
    """
    if survey not in SURVEYS:
        raise MetricError(
            f"There is no survey {survey!r}.{suggest(survey, SURVEYS)} Choose one of "
            f"{', '.join(SURVEYS)}."
        )
    rule, chosen = SURVEYS[survey], selection or Selection()
    spoken = engine.table(
        f"""
        select
            theme,
            count(*) as comments,
            count(*) filter (where sentiment = 'negative') as negative,
            count(*) filter (where sentiment = 'neutral') as neutral,
            count(*) filter (where sentiment = 'positive') as positive,
            count(*) filter (where sentiment is null) as unjudged
        from {mentions}
        where {FRAME}
        group by theme
        order by comments desc, theme
        """,
        filters,
        chosen.parameters,
    )
    answers = engine.table(
        f"""
        select event_id, person_id, ({rule.value})::double as value
        from responses
        where {rule.condition} and score is not null and {FRAME}
        order by event_id
        """,
        filters,
        chosen.parameters,
    )
    said = engine.table(
        f"""
        select event_id, theme from {mentions}
        where {FRAME}
        """,
        filters,
        chosen.parameters,
    )
    counts = engine.table(
        f"""
        select count(*) as comments, count(*) filter (where themes <> '') as covered
        from responses where comment is not null and {FRAME}
        """,
        filters,
        chosen.parameters,
    )
    least = engine.snapshot.minimum_n
    rows = spoken.join(_impacts(answers, said, least), on="theme", how="left")
    rows = rows.with_columns(pl.col("answers").fill_null(0)).select(COLUMNS)
    enough = answers.height >= least
    return Themes(
        rule,
        answers.height,
        float(answers["value"].sum()) / answers.height if enough else None,
        counts["comments"].item(),
        counts["covered"].item(),
        rows.sort("comments", "theme", descending=[True, False]),
    )


def _impacts(answers: pl.DataFrame, said: pl.DataFrame, least: int) -> pl.DataFrame:
    """The impact of each theme on the answers."""
    value = answers["value"].to_numpy()
    person = answers["person_id"].rank("dense").cast(pl.Int64).to_numpy() - 1
    places = answers.select("event_id").with_row_index("place")
    found: list[dict[str, object]] = []
    spoken = said.join(places, on="event_id").group_by("theme").agg("place").sort("theme")
    for theme, place in spoken.iter_rows():
        speaks = np.zeros(len(value), dtype=np.bool_)
        speaks[place] = True
        one: dict[str, object] = {"theme": theme, "answers": int(speaks.sum())}
        if least <= speaks.sum() <= len(value) - least:
            measured = impact(value, person, speaks)
            one |= {
                "score_with": measured.with_theme,
                "score_without": measured.without,
                "impact": measured.impact,
                "low": measured.low,
                "high": measured.high,
            }
        found.append(one)
    numbers = ("score_with", "score_without", "impact", "low", "high")
    schema = {"theme": pl.String, "answers": pl.Int64} | dict.fromkeys(numbers, pl.Float64)
    return pl.DataFrame(found, schema=schema)
