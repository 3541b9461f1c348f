"""Themes that were found rather than named: what they are made of, and whether they are new."""

from dataclasses import replace

import polars as pl

from journey.analysis.feedback.selection import FRAME, Selection
from journey.analysis.feedback.themes import Themes, themes
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

MOSTLY = 0.5
"""From this share of its comments on, a found theme is said to be mostly a named one."""


def found(
    engine: Engine,
    filters: Filters,
    survey: str = "csat",
    selection: Selection | None = None,
) -> Themes:
    """The found themes of a frame, with the columns of `themes` and besides: `language`, `terms`
    (the words, the heaviest first), `unnamed` (comments that speak of no named theme), `named`
    (the named theme most of its comments speak of) and `of_named` (how many do).

    Raises MetricError where there is no such survey.
    """
    answer = themes(engine, filters, survey, selection, mentions="found_mentions")
    bound = (selection or Selection()).parameters
    words = engine.table("select theme, language, terms from found_themes", filters)
    unnamed = engine.table(
        f"""
        select theme, count(*) filter (where themes = '') as unnamed
        from found_mentions where {FRAME} group by theme
        """,
        filters,
        bound,
    )
    shared = engine.table(
        f"""
        with pairs as (
            select found_mentions.theme, mentions.theme as named, count(*) as of_named
            from found_mentions
            inner join mentions on found_mentions.event_id = mentions.event_id
            where {_of("found_mentions")}
            group by found_mentions.theme, mentions.theme
        )
        select theme, named, of_named from pairs
        qualify row_number() over (
            partition by theme order by of_named desc nulls last, named nulls last
        ) = 1
        """,
        filters,
        bound,
    )
    rows = (
        answer.rows.join(words, on="theme", how="left", maintain_order="left")
        .join(unnamed, on="theme", how="left", maintain_order="left")
        .join(shared, on="theme", how="left", maintain_order="left")
        .with_columns(pl.col("unnamed", "of_named").fill_null(0))
    )
    return replace(answer, rows=rows)


def _of(table: str) -> str:
    """The frame's condition, for one table of a join."""
    condition = FRAME
    for column in ("answered_on", "answered_at", "about_touchpoint"):
        condition = condition.replace(column, f"{table}.{column}")
    return condition
