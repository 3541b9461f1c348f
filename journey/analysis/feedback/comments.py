"""Customers in their own words: the comments selected, masked, the newest first."""

from dataclasses import dataclass

import polars as pl

from journey.analysis.feedback.selection import COMMENTS, UNJUDGED, Selection
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

COLUMNS = (
    "answered_on", "comment", "sentiment", "confidence", "themes", "survey", "score", "scale_max",
    "about", "stage", "channel", "language",
)  # fmt: skip


@dataclass(frozen=True)
class Comments:
    """A page of the comments selected."""

    total: int
    """How many there are."""
    moods: dict[str, int]
    """Sentiment to how many of all those selected have it; `unjudged` among them."""
    rows: pl.DataFrame
    """COLUMNS. Every text in it was written by a customer: escape it where it is shown."""


def comments(
    engine: Engine,
    filters: Filters,
    selection: Selection | None = None,
    limit: int = 50,
    offset: int = 0,
) -> Comments:
    """The comments selected, `limit` of them from `offset` on."""
    bound = (selection or Selection()).parameters
    counted = engine.table(
        f"""
        select coalesce(sentiment, '{UNJUDGED}') as sentiment, count(*) as comments
        from responses where {COMMENTS} group by all order by all
        """,
        filters,
        bound,
    )
    rows = engine.table(
        f"""
        select
            answered_on, comment, coalesce(sentiment, '{UNJUDGED}') as sentiment, confidence,
            themes, survey, score, scale_max, about_touchpoint as about, stage,
            entry_channel as channel, language
        from responses
        where {COMMENTS}
        order by answered_at desc, event_id
        limit {int(limit)} offset {int(offset)}
        """,
        filters,
        bound,
    )
    moods = dict(counted.iter_rows())
    return Comments(sum(moods.values()), moods, rows.select(COLUMNS))
