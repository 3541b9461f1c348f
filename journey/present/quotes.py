"""Comments as a reader sees them: the words first, then who said them about what. All escaped."""

from datetime import date
from html import escape
from typing import Any

import polars as pl

from journey.comments.words import LONGEST
from journey.present.numbers import show
from journey.present.words import day, label

_SHOWN = 600
"""Characters of a comment that are shown at once; the rest opens."""

_MOODS = {"negative": "Unhappy", "positive": "Happy", "neutral": "Neutral", "unjudged": "Unjudged"}


def quotes(rows: pl.DataFrame) -> str:
    """The comments as HTML: rows as `journey.analysis.feedback.comments` gives them."""
    return f'<div class="quotes">{"".join(_quote(row) for row in rows.iter_rows(named=True))}</div>'


def mood_words(mood: str) -> str:
    """A mood as a reader says it.

    >>> mood_words("negative"), mood_words("unjudged")
    ('Unhappy', 'Unjudged')
    """
    return _MOODS.get(mood, label(mood))


def _quote(row: dict[str, Any]) -> str:
    """One comment."""
    said = " ".join(row["comment"].split())
    words = escape(said[:_SHOWN])
    if len(said) > _SHOWN:
        words = (
            f"<details><summary>{words}…</summary>{escape(said[_SHOWN:LONGEST])}"
            f"{'…' if len(said) > LONGEST else ''}</details>"
        )
    mood, sure = row["sentiment"], row["confidence"]
    plate = mood_words(mood)
    told = f"{show(sure, 'percent')} sure" if sure else "no word with a mood"
    facts = [_day(row["answered_on"]), *_score(row), label(row["about"])]
    facts += [label(theme) for theme in (row["themes"] or "").split(", ") if theme]
    facts += [row["language"] or ""]
    meta = " · ".join(escape(fact) for fact in facts if fact)
    return (
        f'<div class="quote {escape(mood)}" dir="auto"><div class="said">{words}</div>'
        f'<div class="meta"><span class="pill" title="{escape(told)}">{escape(plate)}</span>'
        f"<span>{meta}</span></div></div>"
    )


def _day(when: date | None) -> str:
    """The day with its year."""
    return f"{day(when)} {when.year}" if when else ""


def _score(row: dict[str, Any]) -> list[str]:
    """The score on its scale, where there is one."""
    if row["score"] is None:
        return []
    of = f" of {row['scale_max']:g}" if row["scale_max"] is not None else ""
    return [f"{label(row['survey'])} {row['score']:g}{of}"]
