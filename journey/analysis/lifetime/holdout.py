"""The model against what it did not see: weeks after the calibration, forecast and counted."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from journey.analysis.lifetime import bgnbd
from journey.analysis.lifetime.buyers import Buyers
from journey.analysis.lifetime.crowd import Crowd
from journey.analysis.lifetime.fitting import Fit, Numbers
from journey.metrics.statistics import Z95, mean_from_sums

MOST_BINS = 7
"""People with so many repeats or more are one bin, as in the paper's table."""

TOLERATED = 0.25
"""How far the forecast total may be off, where it is off by more than chance, before the model
counts as wrong for this business."""


@dataclass(frozen=True)
class Holdout:
    """What was forecast for the weeks held out, and what came."""

    calibrate_until: date
    """The first day held out."""
    ends_on: date
    """The day after the last one held out."""
    model: Fit
    """Fitted without the weeks held out."""
    buyers: int
    forecast: float
    """Repeat purchases to expect in all, given each person's history."""
    forecast_low: float
    forecast_high: float
    """The 95 % interval around the forecast: the parameters' doubt and people's own chance, which
    is taken from how far each person was from what was expected of them."""
    naive: float
    """The same from the plainest rule: everyone goes on at their own pace so far."""
    actual: int
    weekly: pl.DataFrame
    """`ends_on`, `week`, cumulative `actual` and `forecast` repeats, `is_held_out`. This forecast
    is the paper's: it knows when each person first bought, and nothing else of them."""
    by_frequency: pl.DataFrame
    """`repeats` before, `people`, `actual` and `forecast` repeats a person in the weeks held out,
    `low` and `high` of the actual mean."""

    @property
    def weeks(self) -> float:
        """How many weeks were held out."""
        return (self.ends_on - self.calibrate_until).days / 7

    @property
    def error(self) -> float | None:
        """How far the forecast is off, as a share of what came; None where nothing came."""
        return (self.forecast - self.actual) / self.actual if self.actual else None

    @property
    def passed(self) -> bool:
        """Whether the forecast is near enough to predict from: not off by more than is tolerated
        and by more than chance would explain."""
        if self.error is None:
            return False
        by_chance = self.forecast_low <= self.actual <= self.forecast_high
        return by_chance or abs(self.error) <= TOLERATED


def hold_out(model: Fit, calibration: Buyers, repeats: pl.DataFrame, ends_on: date) -> Holdout:
    """Forecast the repeats of the calibration's buyers up to `ends_on` and count them.

    `repeats` are their days with a repeat purchase before `ends_on`, of both spans.
    """
    cut, weeks = calibration.ends_on, (ends_on - calibration.ends_on).days / 7
    crowd = Crowd.of(calibration.rows)
    x, age = crowd.x[crowd.place], crowd.age[crowd.place]
    counted = repeats.filter(pl.col("bought_on") >= cut).group_by("person_id").len("later")
    later = (
        calibration.rows.select("person_id")
        .join(counted, on="person_id", how="left", maintain_order="left")["later"]
        .fill_null(0)
        .to_numpy()
        .astype(np.float64)
    )
    expected, people = crowd.purchases(model, weeks)[crowd.place], np.bincount(crowd.place)
    doubt = float(
        model.spread(lambda v: (people * crowd.purchases(v, weeks)).sum(keepdims=True))[0]
    )
    half = Z95 * float(np.sqrt(doubt**2 + ((later - expected) ** 2).sum()))
    total = float(expected.sum())
    naive = np.divide(x * weeks, age, out=np.zeros_like(x), where=age > 0)
    return Holdout(
        calibrate_until=cut,
        ends_on=ends_on,
        model=model,
        buyers=calibration.people,
        forecast=total,
        forecast_low=max(0.0, total - half),
        forecast_high=total + half,
        naive=float(naive.sum()),
        actual=int(later.sum()),
        weekly=_weekly(model, calibration, repeats, ends_on),
        by_frequency=_by_frequency(x, later, expected),
    )


def _weekly(model: Fit, calibration: Buyers, repeats: pl.DataFrame, ends_on: date) -> pl.DataFrame:
    """Cumulative repeats at the end of each full week since the first purchase of all."""
    firsts = calibration.rows.group_by("first_on").len("people").sort("first_on")
    start = firsts["first_on"][0]
    days = (ends_on - start).days
    starts = np.bincount([(day - start).days for day in firsts["first_on"]], firsts["people"])
    bought = np.zeros(days)
    for day, count in repeats.group_by("bought_on").len().iter_rows():
        bought[(day - start).days] += count
    # Someone who first bought on day d has had s - d days by the end of day s.
    lasting = bgnbd.expected_anew(model, np.arange(days) / 7)
    forecast = np.convolve(starts, lasting)[:days]
    last_days = np.arange(6, days, 7)
    ends = [start + timedelta(days=int(day) + 1) for day in last_days]
    return pl.DataFrame(
        {
            "ends_on": ends,
            "week": np.arange(1, len(ends) + 1),
            "actual": bought.cumsum()[last_days].astype(np.int64),
            "forecast": forecast[last_days],
            "is_held_out": [end > calibration.ends_on for end in ends],
        },
        schema={
            "ends_on": pl.Date,
            "week": pl.Int64,
            "actual": pl.Int64,
            "forecast": pl.Float64,
            "is_held_out": pl.Boolean,
        },
    )


def _by_frequency(x: Numbers, later: Numbers, expected: Numbers) -> pl.DataFrame:
    """Repeats a person in the weeks held out, by repeats before."""
    rows = []
    for repeats in range(MOST_BINS + 1):
        own = x >= repeats if repeats == MOST_BINS else x == repeats
        people = int(own.sum())
        if not people:
            continue
        total, squares = float(later[own].sum()), float((later[own] ** 2).sum())
        mean, low, high = mean_from_sums(total, squares, people)
        name = f"{repeats}+" if repeats == MOST_BINS else str(repeats)
        rows.append((name, people, mean, max(0.0, low), high, float(expected[own].mean())))
    names = ("repeats", "people", "actual", "low", "high", "forecast")
    return pl.DataFrame(rows, schema=names, orient="row")
