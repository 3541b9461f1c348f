"""A metric's rows as one series in time: how much, out of how much, and how noisy by itself.

Whatever the chart, a point is a `part` of a `whole`, and its value is the one over the other: cases
of cases for a share, a count of days, a score weighted by how sure it is. So parts and wholes of
neighbouring points add up to those of a longer stretch of time, and one search serves all kinds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from journey.metrics.answer import CES_SCALE
from journey.metrics.metric import Metric

Numbers = NDArray[np.float64]
Kind = Literal["rate", "count", "mean"]
Grain = Literal["day", "week", "month"]


@dataclass(frozen=True)
class Series:
    """Points in order of time, without those that are cut, immature or empty."""

    kind: Kind
    """`rate`: binomial; `count`: as Poisson, with days as the whole; `mean`: Gaussian, with one
    over the sampling variance as the whole."""
    grain: Grain
    at: tuple[date, ...]
    part: Numbers
    whole: Numbers
    cases: Numbers
    """What each point rests on: cases, answers; the count itself where it is one."""
    floor: float
    """The least the noise can be, in multiples of what sampling alone would give: 1 where sampling
    is known, 0 where the data must say (amounts of money, scores)."""

    def __len__(self) -> int:
        return len(self.at)

    @property
    def values(self) -> Numbers:
        """The value of each point: a share, a count a day, a mean."""
        return self.part / self.whole

    @property
    def counts_things(self) -> bool:
        """Whether each point's part is a whole number of things, and no sum of money."""
        return self.kind == "count" and self.floor == 1

    def stretch(self, first: int, last: int) -> "Series":
        """The points from `first` up to, not including, `last`."""
        return replace(
            self,
            at=self.at[first:last],
            part=self.part[first:last],
            whole=self.whole[first:last],
            cases=self.cases[first:last],
        )

    def shown(self, value: float, when: date | None = None) -> float:
        """A value as a picture has it: a count a day for all days of the week or month that begins
        `when`, or of a mean one; all else as it is."""
        if self.kind != "count":
            return value
        if when is not None:
            return value * (after(when, self.grain) - when).days
        return value * {"day": 1.0, "week": 7.0, "month": 365.25 / 12}[self.grain]


def after(when: date, grain: Grain) -> date:
    """The first day of the next day, week or month."""
    if grain == "month":
        return (when.replace(day=1) + timedelta(days=32)).replace(day=1)
    return when + timedelta(days=7 if grain == "week" else 1)


def grain_of(rows: pl.DataFrame) -> Grain:
    """What one row's date stands for: as its column is called, else as the days lie."""
    names: Mapping[str, Grain] = {"day": "day", "week": "week", "month": "month"}
    if rows.columns[0] in names:
        return names[rows.columns[0]]
    days = rows[rows.columns[0]].drop_nulls()
    return "month" if len(days) > 1 and bool((days.dt.day() == 1).all()) else "day"


def series(
    metric: Metric,
    rows: pl.DataFrame,
    since: date,
    until: date,
    immature_from: date | None = None,
) -> Series | None:
    """The metric's course over whole days, weeks or months within the half-open period, before the
    first that is not mature; None where its rows are no course in time.

    Rows split by a word are added up. Of a line with several numbers it is the first. A period
    without a row is nothing for a count and left out for all else.
    """
    if metric.chart not in ("rate", "line", "stacked", "nps", "score") or rows.width < 2:
        return None
    name = rows.columns[0]
    if not rows.schema[name].is_temporal():
        return None
    grain = grain_of(rows)
    end = until if immature_from is None else min(until, immature_from)
    known = rows.drop_nulls(name).with_columns(pl.col(name).cast(pl.Date))
    summed = (
        known.group_by(name).agg(pl.selectors.numeric().fill_null(0).sum()).sort(name)
        if known.height
        else known
    )
    kept = [since <= when and after(when, grain) <= end for when in summed[name]]
    summed = summed.filter(pl.Series(kept, dtype=pl.Boolean))
    if metric.chart in ("line", "stacked"):
        column = summed.columns[1] if metric.chart == "line" else summed.columns[-1]
        return _counted(metric, summed.select(name, column), grain)
    return _measured(metric, summed.filter(pl.col(summed.columns[-1]) > 0), grain)


def _counted(metric: Metric, rows: pl.DataFrame, grain: Grain) -> Series:
    """Counts or amounts by their days; what can be below zero, or is no amount, as it stands."""
    at: list[date] = rows[rows.columns[0]].to_list()
    values = dict(zip(at, _floats(rows[rows.columns[1]]), strict=True))
    if at:
        when, at = at[0], []
        while when <= max(values):
            at.append(when)
            when = after(when, grain)
    part = np.array([values.get(when, 0.0) for when in at])
    if metric.unit in ("percent", "points", "score", "days", "hours") or (part < 0).any():
        return Series("mean", grain, tuple(at), part, np.ones(len(at)), np.ones(len(at)), 0.0)
    days = np.array([float((after(when, grain) - when).days) for when in at])
    floor = 0.0 if metric.unit == "money" else 1.0
    return Series("count", grain, tuple(at), part, days, part, floor)


def _measured(metric: Metric, rows: pl.DataFrame, grain: Grain) -> Series:
    """A share by its cases; a score by how sure it is, with one spread for all of its points."""
    at = tuple(rows[rows.columns[0]])
    whole = _floats(rows[rows.columns[-1]])
    if metric.chart == "rate":
        return Series("rate", grain, at, _floats(rows[rows.columns[-2]]), whole, whole, 1.0)
    n = whole.sum()
    if metric.chart == "nps":
        promoters, detractors = _floats(rows[rows.columns[-4]]), _floats(rows[rows.columns[-2]])
        value = 100 * (promoters - detractors) / whole
        for_, against = (promoters.sum() / n, detractors.sum() / n) if n else (0.0, 0.0)
        spread, floor = 1e4 * (for_ + against - (for_ - against) ** 2), 1.0
    else:
        total = _floats(rows[rows.columns[-3]])
        value = total / whole
        mean = total.sum() / n if n else CES_SCALE[0]
        spread, floor = (mean - CES_SCALE[0]) * (CES_SCALE[1] - mean), 0.0
    weight = whole / max(spread, 1e-9)
    return Series("mean", grain, at, value * weight, weight, whole, floor)


def weekly(found: Series) -> Series:
    """A daily series by whole weeks from Monday, in which weekdays cannot differ; others as they
    are."""
    if found.grain != "day" or not found.at:
        return found
    weeks: dict[date, list[int]] = {}
    for place, when in enumerate(found.at):
        weeks.setdefault(when - timedelta(days=when.weekday()), []).append(place)
    first, last = found.at[0], found.at[-1]
    whole = {w: p for w, p in weeks.items() if first <= w and w + timedelta(days=6) <= last}
    part, of, cases = (
        np.array([column[places].sum() for places in whole.values()], dtype=np.float64)
        for column in (found.part, found.whole, found.cases)
    )
    return replace(found, grain="week", at=tuple(whole), part=part, whole=of, cases=cases)


def _floats(column: pl.Series) -> Numbers:
    """A column of counts as floats."""
    return column.cast(pl.Float64).fill_null(0.0).to_numpy()
