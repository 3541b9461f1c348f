"""Comments as a reader sees them: the words first, then who said them about what. All escaped."""

from html import escape

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


def _quote(row: dict[str, object]) -> str:
    """One comment."""
    said = " ".join(str(row["comment"]).split())
    words = escape(said[:_SHOWN])
    if len(said) > _SHOWN:
        words = (
            f"<details><summary>{words}…</summary>{escape(said[_SHOWN:LONGEST])}"
            f"{'…' if len(said) > LONGEST else ''}</details>"
        )
    mood = str(row["sentiment"])
    sure = row["confidence"]
    plate = mood_words(mood)
    told = f"{show(float(str(sure)), 'percent')} sure" if sure else "no word with a mood"
    facts = [_day(row["answered_on"]), *_score(row), label(str(row["about"] or ""))]
    facts += [label(theme) for theme in str(row["themes"] or "").split(", ") if theme]
    facts += [str(row["language"] or "")]
    meta = " · ".join(escape(fact) for fact in facts if fact)
    return (
        f'<div class="quote {escape(mood)}" dir="auto"><div class="said">{words}</div>'
        f'<div class="meta"><span class="pill" title="{escape(told)}">{escape(plate)}</span>'
        f"<span>{meta}</span></div></div>"
    )


def _day(when: object) -> str:
    """The day with its year."""
    return f"{day(when)} {when:%Y}" if hasattr(when, "year") else ""  # type: ignore[arg-type]


def _score(row: dict[str, object]) -> list[str]:
    """The score on its scale, where there is one."""
    if row["score"] is None:
        return []
    number, most = float(str(row["score"])), row["scale_max"]
    of = f" of {float(str(most)):g}" if most is not None else ""
    return [f"{label(str(row['survey'] or ''))} {number:g}{of}"]
