"""What a rate comes to in the end, with the cases that have not had their time yet.

Leaving immature cases out is safe but blind to the newest weeks. Kaplan and Meier (1958) use
each case for as long as it was watched. A week that was watched for nine days gives its own nine
days; for the days to come it is taken to go on as the other weeks of the period did.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from journey.metrics import statistics

BY_AGE: Mapping[str, str] = {
    "decision/conversion_rate": "decision/conversion_by_age",
    "consideration/consideration_rate": "consideration/consideration_by_age",
    "loyalty/repeat_purchase_rate": "loyalty/repeat_by_age",
}
"""A rate of mature cases to the metric that tells its cases by age, immature ones among them."""


@dataclass(frozen=True)
class Expected:
    """The share that is expected in the end, between 0 and 1, with its 95 % interval."""

    at: date | None
    """The week or month in which the cases began; None for all of them."""
    share: float
    low: float
    high: float
    n: int
    """The cases that were watched for a day at least."""
    watched: int
    """The days that any of them was watched."""


def expected(rows: pl.DataFrame) -> tuple[Expected, list[Expected]] | None:
    """Of all cases together, and of each week or month; None where none was watched for a day.

    `rows` hold the week or month, the day since the start, the cases it happened to on that day
    and those that still could, one row for each day on which a case left.
    """
    if rows.is_empty():
        return None
    at, day, happened, could = rows.columns
    ordered = rows.sort(at, day)
    pooled = _pool(ordered)
    last = int(pooled["day"][-1])
    whole = statistics.kaplan_meier(pooled["happened"].to_list(), pooled["could"].to_list())[-1]
    everyone = Expected(None, *whole, int(pooled["could"][0]), last)
    found = []
    for own in ordered.partition_by(at, maintain_order=True):
        watched = int(own[day][-1])
        later = pooled.filter(pl.col("day") > watched)
        share, low, high = statistics.kaplan_meier(
            [*own[happened], *later["happened"]], [*own[could], *later["could"]]
        )[-1]
        found.append(Expected(own[at][0], share, low, high, int(own[could][0]), watched))
    return everyone, found


def _pool(rows: pl.DataFrame) -> pl.DataFrame:
    """The weeks as one: day, whom it happened to, who still could, for each day on which a case
    left. A week counts as long as it was watched, on days without anyone leaving too."""
    at, day, happened, could = rows.columns
    days = rows.select(pl.col(day).unique().sort())
    filled = (
        rows.select(pl.col(at).unique())
        .join(days, how="cross")
        .join(rows, on=[at, day], how="left")
        .sort(at, day)
        # Who could on a day without a row could on the next one that has one: nobody left between.
        .with_columns(pl.col(could).backward_fill().over(at), pl.col(happened).fill_null(0))
    )
    return (
        filled.group_by(day)
        .agg(
            pl.col(happened).sum().alias("happened"),
            pl.col(could).fill_null(0).sum().alias("could"),
        )
        .rename({day: "day"})
        .sort("day")
    )
