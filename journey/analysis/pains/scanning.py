"""When fewer went on than usual: the span of days that stands out most, and how often chance
alone would make one as striking.

A scan statistic (Kulldorff 1997, "A spatial scan statistic", here over time): each span of days
is compared with all other days, given how many were expected to go on, and the most striking is
kept. The measure is the signed root of the binomial deviance, which is near a standard normal
where nothing happened. How often the largest of so many spans passes b by chance is bounded by
adding up, over the lengths w of spans, the tail of a sliding window's maximum:
Q(b) + days * (b / w) * phi(b) * v(b * sqrt(2 / w)), with v(x) = exp(-0.583 x) for days in place
of moments (Siegmund 1985, "Sequential Analysis", 4.2 and 10.4). The sum is above the true chance,
never below it, since spans of different lengths overlap.
"""

from dataclasses import dataclass
from math import erfc, exp, pi, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FEWEST = 5.0
"""Spans in which fewer than so many were expected to go on are not looked at."""


@dataclass(frozen=True)
class Span:
    """A span of days on which fewer went on than expected."""

    first: int
    """Days since the first day of the series."""
    after: int
    """The day after the last."""
    score: float
    """Standard deviations, above 0."""
    chance: float
    """How often the most striking span of such a series is as striking by chance alone."""


def lengths(days: int) -> list[int]:
    """The lengths of the spans looked at: each up to two weeks, then a fifth longer each time, up
    to half of the days.

    >>> lengths(40)
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17]
    """
    found = [length for length in range(1, 15) if length <= days / 2]
    while found and found[-1] >= 14 and (longer := -(-found[-1] * 6 // 5)) <= days / 2:
        found.append(longer)
    return found


def chance(score: float, days: int) -> float:
    """How often the most striking span of so many days reaches a score where nothing happened; at
    most 1."""
    if score <= 1:
        return 1.0
    density = exp(-score * score / 2) / sqrt(2 * pi)
    tail = erfc(score / sqrt(2)) / 2
    total = 0.0
    for length in lengths(days):
        steady = exp(-0.583 * score * sqrt(2 / length))
        total += tail + days * score / length * density * steady
    return min(1.0, total)


def worst(people: Floats, went_on: Floats, expected: Floats, variance: Floats) -> Span | None:
    """The span of days that falls furthest short of what was expected, None where none can be
    judged. A value a day; what was expected must add up to what happened.

    Where weeks scatter more than chance explains, all is judged by that scatter.
    """
    days = len(people)
    whole = float(variance.sum())
    if whole <= 0:
        return None
    unrest = scatter(went_on, expected, variance)
    sums = [_run(values) for values in (people, went_on, expected, variance)]
    best, place = 0.0, (0, 0)
    for length in lengths(days):
        n, x, e, v = (run[length:] - run[:-length] for run in sums)
        short = np.where((e >= FEWEST) & (v < whole) & (x < e), (e - x) / np.sqrt(v + 1e-9), 0.0)
        for first in np.flatnonzero(short > max(2.0, 0.7 * best)):
            score = _score(n[first], x[first], e[first], v[first] / whole) / unrest
            if score > best:
                best, place = score, (int(first), int(first) + length)
    if best <= 0:
        return None
    return Span(*place, best, chance(best, days))


def scatter(went_on: Floats, expected: Floats, variance: Floats) -> float:
    """How much more weeks scatter about what was expected than chance explains, as a factor of 1
    or more on the standard deviation. Robust, so that a bad month does not hide itself."""
    weeks = len(went_on) // 7 * 7
    off, spread = (
        values[:weeks].reshape(-1, 7).sum(axis=1) for values in (went_on - expected, variance)
    )
    judged = spread >= FEWEST
    if judged.sum() < 8:
        return 1.0
    standard = off[judged] / np.sqrt(spread[judged])
    return max(1.0, 1.4826 * float(np.median(np.abs(standard - np.median(standard)))))


def _score(n: float, x: float, e: float, share: float) -> float:
    """The signed root of the binomial deviance of x of n against e expected; the expectation was
    settled with the span among the days, of which it is a share, so it is a little too near."""
    left, right = max(n - x, 0.0), max(n - e, 1e-9)
    deviance = (x * np.log(x / e) if x > 0 else 0.0) + (
        left * np.log(left / right) if left > 0 else 0.0
    )
    return float(sqrt(max(0.0, 2 * deviance) / (1 - min(share, 0.99))))


def _run(values: Floats) -> Floats:
    """Sums up to each day, with 0 before the first."""
    return np.concatenate(([0.0], np.cumsum(values)))
