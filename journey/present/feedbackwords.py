"""What the feedback page says of its comments, themes and moods, in sentences and a table."""

import polars as pl

from journey.analysis.feedback.accuracy import Measured
from journey.analysis.feedback.comments import Comments
from journey.analysis.feedback.found import MOSTLY
from journey.analysis.feedback.selection import SENTIMENTS
from journey.analysis.feedback.themes import Themes
from journey.present import quotes, words
from journey.present.numbers import counted


def moods(found: Comments) -> str:
    """How many comments were selected, and in what mood."""
    order = [mood for mood in SENTIMENTS if found.moods.get(mood)]
    parts = [f"{found.moods[mood]:,} {quotes.mood_words(mood).lower()}" for mood in order]
    return f"{counted(found.total, 'comments')}: {words.listed(parts)}. The newest first."


def of_found(rows: pl.DataFrame) -> str:
    """The largest theme that was found, in a sentence."""
    if rows.is_empty():
        return "No theme was found that enough comments of this period belong to."
    most = rows.sort("comments", "theme", descending=[True, False]).row(0, named=True)
    new = rows.filter(pl.col("unnamed") / pl.col("comments") >= MOSTLY).height
    told = f"{new} of them new" if new else "none of them new"
    return (
        f"{counted(rows.height, 'themes')}, {told}; the largest is {most['theme']}, "
        f"{counted(most['comments'], 'comments')}."
    )


def about(found: Themes) -> str:
    """What the picture of themes is made of."""
    score = "" if found.score is None else f", score {words.show(found.score, 'score')}"
    return (
        f"{found.answers:,} {found.survey.title} answers{score}. "
        f"{counted(found.comments, 'comments')}, {found.covered:,} with a theme. "
        f"In {found.survey.unit}, 95 % intervals; an association."
    )


def sure(found: Measured, minimum_n: int) -> str:
    """How sure the moods are, in a sentence."""
    whole = found.overall
    if not whole.comments:
        return "No comment came with a low or a high score, so the moods cannot be measured here."
    if whole.accuracy is None:
        came = counted(whole.comments, "comments")
        return f"{came} came with a low or a high score; none was judged."
    if whole.judged < minimum_n:
        return f"{counted(whole.judged, 'judged comments')}; we show a rate from {minimum_n}."
    return (
        f"{words.show(whole.accuracy, 'percent')} of {whole.judged:,} judged comments have the "
        f"mood of the score ({words.interval(whole.low, whole.high, 'percent')})."
    )


def held(found: Measured, minimum_n: int) -> str:
    """How many were judged, and whether those called sure are right as often as that says."""
    whole = found.overall
    if whole.accuracy is None or whole.comments < minimum_n:
        return ""
    called = [
        f"of those called {words.show(row['confidence'], 'percent')} sure, "
        f"{words.show(row['right'] / row['judged'], 'percent')} agree ({row['judged']:,})"
        for row in found.calibration.iter_rows(named=True)
        if row["judged"] >= minimum_n
    ]
    return (
        f"{words.show(whole.judged / whole.comments, 'percent')} of {whole.comments:,} were judged"
        f"{'; ' if called else ''}{words.listed(called)}."
    )


def languages(found: Measured, minimum_n: int) -> pl.DataFrame:
    """The table of languages; below the minimum no rate is shown."""
    rows = []
    for one in found.languages:
        enough = one.judged >= minimum_n and one.accuracy is not None
        rows.append(
            {
                "Language": "All" if one.language == "all" else one.language.upper(),
                "Comments with a score": one.comments,
                "Judged": one.judged,
                "Agree": words.exact(one.accuracy, "percent") if enough else "too few",
                "95 %": words.interval(one.low, one.high, "percent") if enough else "",
                "F1": f"{one.f1:.2f}" if enough and one.f1 is not None else "",
            }
        )
    return pl.DataFrame(rows)
