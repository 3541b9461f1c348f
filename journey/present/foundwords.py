"""The table of themes that were found rather than named, as people read it."""

import polars as pl

from journey.analysis.feedback.found import MOSTLY
from journey.metrics.statistics import wilson
from journey.present.pulls import signed
from journey.present.words import THIN, interval, label, show


def found_table(rows: pl.DataFrame, score: str) -> pl.DataFrame:
    """Found themes with their words, how unhappy they are, what they pull, and what they are:
    mostly a named theme, or new. Rows as `journey.analysis.feedback.found` gives them."""
    pulls = f"Pulls {score}"
    said = []
    for row in rows.iter_rows(named=True):
        judged = row["comments"] - row["unjudged"]
        unhappy = ""
        if judged:
            low, high = wilson(row["negative"], judged)
            unhappy = (
                f"{show(row['negative'] / judged, 'percent')} ({interval(low, high, 'percent')})"
            )
        said.append(
            {
                "Theme": row["theme"],
                "Language": (row["language"] or "").upper(),
                "Comments": row["comments"],
                "Unhappy": unhappy,
                pulls: _pull(row["impact"], row["low"], row["high"]),
                "What it is": what_it_is(
                    row["comments"], row["unnamed"], row["named"], row["of_named"]
                ),
                "Words": row["terms"],
            }
        )
    return pl.DataFrame(said)


def what_it_is(comments: int, unnamed: int, named: str | None, of_named: int) -> str:
    """Whether a found theme is new, or one that has a name already.

    >>> what_it_is(100, 80, "delivery", 20).replace(THIN, " ")
    'New: 80 % without a theme'
    >>> what_it_is(100, 10, "delivery", 85).replace(THIN, " "), what_it_is(100, 10, "fit", 40)
    ('Delivery (85 %)', 'Across themes')
    """
    if unnamed / comments >= MOSTLY:
        return f"New: {show(unnamed / comments, 'percent')} without a theme"
    if named is not None and of_named / comments >= MOSTLY:
        return f"{label(named)} ({100 * of_named / comments:.0f}{THIN}%)"
    return "Across themes"


def _pull(impact: float | None, low: float | None, high: float | None) -> str:
    """What a theme pulls, with its interval."""
    if impact is None:
        return "too few"
    return f"{signed(impact)} ({signed(low)} to {signed(high)})"
