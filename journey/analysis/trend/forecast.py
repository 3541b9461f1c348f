"""Where a course leads: what is to be expected by a day, how surely, and whether a target is met.

What is forecast is what will be measured: the mean of the last four weeks (or the month) that end
by the day, with the noise that so many cases bring. It goes on as the series went; nothing that is
planned is in it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from journey.analysis.trend import models, scale
from journey.analysis.trend.course import Course
from journey.analysis.trend.series import Numbers, Series, after
from journey.errors import MetricError

FEWEST = {"week": 16, "month": 12}
"""The fewest points to go on from."""
STRETCH = {"week": 4, "month": 1}
"""How many points are measured together at the end."""
_TIED = 0.002
"""What is left over hangs together where chance would have it so less often than this."""
_BACK = 8
"""The last points, whose cases say how many there will be."""


@dataclass(frozen=True)
class Expectation:
    """What is expected of the stretch of time that ends with a point, in the shown unit: a share,
    a count a week or month, a mean."""

    since: date
    until: date
    """The first day of the stretch, and the first after it."""
    middle: float
    low80: float
    high80: float
    low95: float
    high95: float


@dataclass(frozen=True)
class Forecast:
    """A course carried on."""

    path: tuple[Expectation, ...]
    """Step by step from the next point on; the last is the one that ends by the day."""
    known: int
    """How many points it goes on from."""
    by_model: dict[str, float]
    """How likely each kind of model is."""
    target: float | None = None
    chance: float | None = None
    """That the last stretch comes to the target or better; None without a target."""

    @property
    def end(self) -> Expectation:
        """What is expected by the day."""
        return self.path[-1]


def forecast(
    course: Course, by: date, target: float | None = None, *, wants_lower: bool = False
) -> Forecast:
    """The course carried on to a day. `target` is in the shown unit, a share for a rate.

    Raises MetricError, saying why, where there are too few points, the day is past or further
    away than the series is long, or where what the models leave over still hangs together.
    """
    points = _unbroken(course.steps)
    steps = _steps(points, by)
    values = np.asarray(scale.even(points.kind, points.values), dtype=np.float64)
    # In units of its own spread, about its own middle: the grid's are in units of the noise.
    middle, size = float(values.mean()), float(values.std()) or 1.0
    level = (values - middle) / size
    usual = float(points.whole.mean())
    found = models.fitted(level, usual / points.whole)
    _check_rest(points, found)
    stretch = STRETCH[points.grain]
    coming = usual / float(points.whole[-_BACK:].mean())
    means, spreads = models.ahead(found, len(points), level[-stretch:], steps, coming)
    means, spreads = middle + size * means, size * spreads
    path, until = [], after(points.at[-1], points.grain)
    for mean, spread in zip(means, spreads, strict=True):
        until = after(until, points.grain)
        ends = [
            points.shown(float(scale.back(points.kind, _quantile(found, mean, spread, share))))
            for share in (0.5, 0.1, 0.9, 0.025, 0.975)
        ]
        path.append(Expectation(_first(points, until, stretch), until, *ends))
    chance = None
    if target is not None:
        aim = target / (points.shown(1.0) or 1.0)
        below = _below(found, means[-1], spreads[-1], float(scale.even(points.kind, aim)))
        chance = below if wants_lower else 1 - below
    kinds = {
        name: float(found.weights[[one == name for one in found.names]].sum())
        for name in dict.fromkeys(found.names)
    }
    return Forecast(tuple(path), len(points), kinds, target, chance)


def _unbroken(points: Series) -> Series:
    """The points since the last week or month that has none: a step ahead is one step in time."""
    first = len(points) - 1
    while first > 0 and after(points.at[first - 1], points.grain) == points.at[first]:
        first -= 1
    return points.stretch(max(0, first), len(points))


def _steps(points: Series, by: date) -> int:
    """How many points there are from the last known one to the last that ends by the day."""
    grain, n = points.grain, len(points)
    if grain == "day" or n < FEWEST[grain]:
        least = FEWEST.get(grain, FEWEST["week"])
        raise MetricError(
            f"Only {n} whole and mature {grain}{'' if n == 1 else 's'} to go on from: a forecast "
            f"needs {least}. Wait, or choose fewer filters."
        )
    last = after(points.at[-1], grain)
    steps, until = 0, last
    while after(until, grain) <= by + timedelta(days=1):
        until = after(until, grain)
        steps += 1
        if steps > n:
            raise MetricError(
                f"{by} is more than {n} {grain}s after the last one that is whole and mature, and "
                "no more are known: too far away to say. Ask for a nearer day."
            )
    if not steps:
        raise MetricError(
            f"No whole {grain} ends between {last - timedelta(days=1)}, until when all is known, "
            f"and {by}. Ask for a later day."
        )
    return steps


def _check_rest(points: Series, found: models.Fitted) -> None:
    """Refuse where what the likeliest model leaves over is no noise (Ljung and Box 1978)."""
    from statsmodels.stats.diagnostic import acorr_ljungbox

    lags = min(10, len(points) // 4)
    if np.ptp(found.surprises) < 1e-9:
        return
    rest = acorr_ljungbox(found.surprises, lags=[lags])
    if float(rest["lb_pvalue"].iloc[0]) < _TIED:
        raise MetricError(
            f"No forecast: its {points.grain}s hang together in a way that none of the models "
            "explains, a season perhaps, so that an interval would promise too much."
        )


def _first(points: Series, until: date, stretch: int) -> date:
    """The first day of a stretch of so many weeks or months."""
    if points.grain == "month":
        return (until - timedelta(days=1)).replace(day=1)
    return until - timedelta(weeks=stretch)


def _below(found: models.Fitted, mean: Numbers, spread: Numbers, at: float) -> float:
    """The chance of a value below a place, by all models together."""
    from scipy.special import stdtr

    return float(found.weights @ stdtr(found.freedom, (at - mean) / np.maximum(spread, 1e-12)))


def _quantile(found: models.Fitted, mean: Numbers, spread: Numbers, share: float) -> float:
    """The place below which a value is with this chance."""
    from scipy.optimize import brentq
    from scipy.special import stdtrit

    # Between the quantiles of the single models lies that of them all.
    each = mean + np.maximum(spread, 1e-12) * stdtrit(found.freedom, share)
    low, high = float(each.min()), float(each.max())
    if high - low < 1e-12:
        return low
    return float(brentq(lambda at: _below(found, mean, spread, at) - share, low, high))
