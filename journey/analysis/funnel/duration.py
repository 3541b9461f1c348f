"""How long it takes from one step to another."""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl

from journey.analysis.funnel.rule import closes_after
from journey.analysis.funnel.spec import Funnel
from journey.errors import MetricError
from journey.metrics.survival import Arrivals, arrivals

PERCENTILES = (25, 50, 75, 90)

_MOST_BARS = 24
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_WIDTHS = (
    *(1, 2, 5, 10, 20, 30),
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 20, 30)),
    *(hours * _HOUR for hours in (1, 2, 4, 6, 12)),
    *(days * _DAY for days in (1, 2, 5, 7, 14, 30, 90, 365)),
)
"""Bars as wide as people reckon time, in seconds."""


@dataclass(frozen=True)
class Duration:
    """The time between two steps of those that reached both, in seconds."""

    first: int
    """The steps, from 1."""
    last: int
    tries: int
    """How many reached both."""
    percentiles: dict[int, float]
    """Percentile to seconds; empty where nobody reached both."""
    bars: pl.DataFrame
    """One row a bar: `from_seconds`, `to_seconds` (None in the last, which is open), `tries`."""
    waiting_median: float | None
    """When half of all that reached the first step had reached the other, those still on their
    way counted as such (Kaplan and Meier); None where fewer than half ever did."""


def duration(
    table: pl.DataFrame, funnel: Funnel, as_of: datetime, first: int, last: int
) -> Duration:
    """The time between two steps, from 1, of the tries in `table`.

    In any order a later step may come first; the time between them is then the same the other
    way round. Raises MetricError where these are not two steps of the funnel, the earlier first.
    """
    if not 1 <= first < last <= len(funnel.steps):
        raise MetricError(
            f"Time passes between two of the steps 1 to {len(funnel.steps)}, the earlier first, "
            f"not from {first} to {last}. Give them as in 1-{len(funnel.steps)}."
        )
    passed = seconds(table, first, last)
    took = passed.drop_nulls()
    found = {
        percent: float(took.quantile(percent / 100, "linear") or 0.0) for percent in PERCENTILES
    } if took.len() else {}  # fmt: skip
    curve = arriving(table, funnel, as_of, first, last)
    return Duration(first, last, took.len(), found, _bars(took), curve.when(0.5))


def seconds(table: pl.DataFrame, first: int, last: int) -> pl.Series:
    """Seconds between two steps of each try, None where one was not reached."""
    between = (pl.col(f"at_{last}") - pl.col(f"at_{first}")).dt.total_microseconds().abs() / 1e6
    return table.select(between.alias("seconds")).to_series()


def arriving(
    table: pl.DataFrame, funnel: Funnel, as_of: datetime, first: int, last: int
) -> Arrivals:
    """By when how many that reached one step have reached another, in seconds. Who has not is
    watched until the end of the window, or until now."""
    watched = table.filter(pl.col(f"at_{first}").is_not_null())
    took = seconds(watched, first, last)
    until = pl.lit(as_of)
    window = closes_after(funnel)
    if window is not None:
        until = pl.min_horizontal(until, pl.col("at_1") + window)
    left = (until - pl.col(f"at_{first}")).dt.total_microseconds().clip(0) / 1e6
    waited = watched.select(left.alias("seconds")).to_series()
    return arrivals(took.fill_null(waited).to_numpy(), took.is_not_null().to_numpy())


def told(seconds: float) -> str:
    """A span in the largest unit of which it has at least one, to a tenth.

    >>> told(93_600), told(45), told(79_200), told(86_400)
    ('1.1 days', '45 seconds', '22 hours', '1 day')
    """
    for name, length in (("days", _DAY), ("hours", _HOUR), ("minutes", _MINUTE)):
        if seconds >= length:
            number = f"{seconds / length:.1f}".removesuffix(".0")
            return f"{number} {name.removesuffix('s') if number == '1' else name}"
    return f"{seconds:.0f} seconds"


def _bars(took: pl.Series) -> pl.DataFrame:
    """The times in bars of one width; what is longer than 19 in 20 lies in the last, open one."""
    if not took.len():
        return pl.DataFrame(
            schema={"from_seconds": pl.Float64, "to_seconds": pl.Float64, "tries": pl.Int64}
        )
    reach = float(took.quantile(0.95, "linear") or 0.0)
    width = _WIDTHS[min(bisect_left(_WIDTHS, reach / _MOST_BARS), len(_WIDTHS) - 1)]
    number = int(reach // width) + 1
    place = np.minimum(took.to_numpy() // width, number).astype(np.int64)
    counts = np.bincount(place, minlength=number + 1)
    ends = [float(width * n) for n in range(number + 2)]
    bars = pl.DataFrame(
        {
            "from_seconds": ends[: number + 1],
            "to_seconds": [*ends[1 : number + 1], None],
            "tries": counts,
        },
        schema_overrides={"to_seconds": pl.Float64},
    )
    return bars if counts[-1] else bars[:-1]
