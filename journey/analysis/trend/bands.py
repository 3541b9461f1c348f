"""The range in which each point of a series is expected, from its own past.

The middle is the median of the eight comparable points before it: the same weekday of eight weeks
for days, the eight weeks or months before for others. A point is out of range where it is further
from that than three times 1.4826 times the median absolute deviation of those eight, and further
than three standard deviations of what sampling makes of so few cases, with as much more as the
whole past says that points vary beyond sampling. The point itself is in neither, and one strange
point among the eight moves no median far.

Sampling is judged where its spread does not depend on the level: on the root of a count, the arc
sine of the root of a share (Anscombe 1948). So the range of a small share is not even around it. A
range of counts ends at whole ones, the nearest: no day can have less than nothing and a bit.
"""

from dataclasses import dataclass
from datetime import date
from math import ceil, floor, pi, sqrt
from statistics import fmean, median

import numpy as np
from numpy.typing import NDArray

from journey.analysis.trend import scale
from journey.analysis.trend.series import Kind, Numbers, Series

BACK = 8
"""How many comparable points the middle is taken over."""
FEWEST = 6
"""Without so many of them nothing is expected."""
TIMES = 3.0
"""How many deviations away a point is out of range: less than 1 in 100 are, by chance."""

_MAD = 1.4826
_MEDIAN = pi / 2
"""The variance of a median over that of a mean."""
_CHI = 0.4549
"""The median of a squared standard normal number."""
_FEW = 6
"""By how much a noise judged from few differences is taken to be larger: as many parts of one."""
_PAST = 52
"""The most differences that the noise is judged from, the latest."""


@dataclass(frozen=True)
class Range:
    """What was expected of a point, and what came, in the series' own unit."""

    at: date
    value: float
    middle: float
    low: float
    high: float

    @property
    def side(self) -> int:
        """1 above the range, -1 below it, 0 within."""
        return (self.value > self.high) - (self.value < self.low)


def ranges(points: Series, minimum_n: float = 30) -> list[Range]:
    """The range of every point that has a past and, where it is a rate or a score, at least
    `minimum_n` cases; in order of time."""
    days = np.array([when.weekday() if points.grain == "day" else 0 for when in points.at])
    found: list[Range] = []
    for day in np.unique(days):
        found += _comparable(points, np.flatnonzero(days == day), minimum_n)
    return sorted(found, key=lambda one: one.at)


def _comparable(points: Series, places: NDArray[np.intp], minimum_n: float) -> list[Range]:
    """The ranges of points that are compared with each other."""
    squares = _differences(points.kind, points.values[places], points.whole[places]).tolist()
    values: list[float] = points.values[places].tolist()
    wholes: list[float] = points.whole[places].tolist()
    found = []
    for place in range(FEWEST, len(values)):
        if points.kind != "count" and points.cases[places[place]] < minimum_n:
            continue
        near = slice(max(0, place - BACK), place)
        past = values[near]
        middle = median(past)
        spread = TIMES * _MAD * median(abs(value - middle) for value in past)
        # The difference that ends with the point itself is no part of its past.
        known = squares[max(0, place - 1 - _PAST) : place - 1]
        excess = max(points.floor, median(known) / _CHI) * (1 + _FEW / len(known))
        sampled = 1 / wholes[place] + _MEDIAN * fmean(1 / whole for whole in wholes[near]) / len(
            past
        )
        low, high = _around(points.kind, middle, TIMES * sqrt(excess * sampled))
        low = _within(points.kind, min(low, middle - spread))
        high = _within(points.kind, max(high, middle + spread))
        if points.counts_things:
            low, high = _in_whole(low, high, wholes[place])
        found.append(Range(points.at[places[place]], values[place], middle, low, high))
    return found


def _differences(kind: Kind, values: Numbers, wholes: Numbers) -> Numbers:
    """The squared differences of neighbours, in multiples of what sampling makes of them."""
    found: Numbers = np.diff(scale.even(kind, values)) ** 2 / (1 / wholes[1:] + 1 / wholes[:-1])
    return found


def _around(kind: Kind, middle: float, half: float) -> tuple[float, float]:
    """The ends of a range that reaches as far on either side on the even scale."""
    at = float(scale.even(kind, middle))
    return float(scale.back(kind, at - half)), float(scale.back(kind, at + half))


def _within(kind: Kind, end: float) -> float:
    """An end no further than a value can be."""
    if kind == "mean":
        return end
    return min(1.0, max(0.0, end)) if kind == "rate" else max(0.0, end)


def _in_whole(low: float, high: float, whole: float) -> tuple[float, float]:
    """The ends of a range of rates as counts of things: the whole numbers nearest to them."""
    return max(0, ceil(low * whole - 0.5)) / whole, floor(high * whole + 0.5) / whole
