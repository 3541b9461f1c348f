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
from functools import cache
from math import erfc, pi, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST = 2.0
"""Spans that fall short by fewer rough standard deviations are not looked at."""

FEWEST = 5.0
"""Spans in which fewer than so many were expected to go on, or did not, are not looked at."""


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


@cache
def lengths(days: int) -> tuple[int, ...]:
    """The lengths of the spans looked at: each up to two weeks, then a fifth longer each time, up
    to half of the days.

    >>> lengths(40)
    (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 17)
    """
    found = [length for length in range(1, 15) if length <= days / 2]
    while found and found[-1] >= 14 and (longer := -(-found[-1] * 6 // 5)) <= days / 2:
        found.append(longer)
    return tuple(found)


def chance(score: Floats, days: int) -> Floats:
    """How often the most striking span of so many days reaches each score where nothing happened;
    at most 1."""
    b = np.maximum(score, 1.0)
    density = np.exp(-b * b / 2) / sqrt(2 * pi)
    total = len(lengths(days)) * _tail(b)
    for length in lengths(days):
        total = total + days * b / length * density * np.exp(-0.583 * b * sqrt(2 / length))
    return np.asarray(np.where(score <= 1, 1.0, np.minimum(1.0, total)))


def _tail(score: Floats) -> Floats:
    """How often a standard normal is above each score."""
    return np.array([erfc(one / sqrt(2)) / 2 for one in score])


def worst(
    people: Floats,
    went_on: Floats,
    expected: Floats,
    variance: Floats,
    least: float = 0.0,
    meeting: tuple[int, int] | None = None,
) -> list[Span | None]:
    """Of each series the span of days that falls furthest short of what was expected, None where
    none can be judged. A row a series, a column a day; what was expected must add up to what
    happened, series by series. Spans of fewer than `least` people are not looked at. `meeting`
    asks for spans that meet these days (half-open) and are not much longer.

    Where the other weeks scatter more than chance explains, all is judged by that scatter.
    """
    series, days = people.shape
    whole = variance.sum(axis=1)
    sums = [_run(values) for values in (people, went_on, expected, variance)]
    short, room = sums[2] - sums[1], sums[3]
    best = np.zeros(series)
    first, after = np.zeros(series, np.int64), np.zeros(series, np.int64)
    for length in lengths(days):
        if meeting is not None and length > 2 * (meeting[1] - meeting[0]) + 14:
            break
        missing, spread = (run[:, length:] - run[:, :-length] for run in (short, room))
        # A rough score first: the exact one is worked out only where there is something to see.
        row, start = np.nonzero((missing > 0) & (missing * missing > LEAST**2 * spread))
        n, x, e, v = (run[row, start + length] - run[row, start] for run in sums)
        told = (e >= FEWEST) & (n - x >= FEWEST) & (n >= least) & (v < whole[row])
        if meeting is not None:
            told &= (start < meeting[1]) & (start + length > meeting[0])
        row, start = row[told], start[told]
        scores = np.zeros(missing.shape)
        scores[row, start] = _scores(n[told], x[told], e[told], v[told] / whole[row])
        highest = scores.argmax(axis=1)
        score = scores[np.arange(series), highest]
        better = score > best
        best[better], first[better] = score[better], highest[better]
        after[better] = highest[better] + length
    day = np.arange(days)
    outside = (day < first[:, None]) | (day >= after[:, None])
    best /= scatter(went_on * outside, expected * outside, variance * outside)
    spans = zip(*(each.tolist() for each in (first, after, best, chance(best, days))), strict=True)
    return [Span(*span) if span[2] > 0 else None for span in spans]


def matched(people: Floats, went_on: Floats, expected: Floats) -> Floats:
    """What was expected, brought in line with what happened, series by series (the last axis), so
    that both add up to the same. The rarer of going on and not going on is multiplied, so that
    neither is expected of more people than there are."""
    n, x, e = (values.sum(axis=-1, keepdims=True) for values in (people, went_on, expected))
    lost = (people - expected) * (n - x) / np.maximum(n - e, 1e-9)
    return np.asarray(
        np.where(2 * x > n, people - lost, expected * x / np.maximum(e, 1e-9)), dtype=np.float64
    )


def scatter(went_on: Floats, expected: Floats, variance: Floats) -> Floats:
    """How much more the weeks of each series scatter about what was expected than chance explains,
    as a factor of 1 or more on the standard deviation; 1 where fewer than eight weeks can tell.
    Robust, so that another bad month does not hide this one."""
    series, days = went_on.shape
    weeks = days // 7
    level = went_on.sum(axis=1) / np.maximum(expected.sum(axis=1), 1e-9)
    expected = expected * level[:, None]
    off, spread = (
        values[:, : weeks * 7].reshape(series, weeks, 7).sum(axis=2)
        for values in (went_on - expected, variance)
    )
    judged = spread >= FEWEST
    standard = np.where(judged, off / np.sqrt(np.maximum(spread, FEWEST)), np.inf)
    number = judged.sum(axis=1)
    swing = 1.4826 * _medians(np.abs(standard - _medians(standard, number)[:, None]), number)
    return np.where(number >= 8, np.maximum(1.0, swing), 1.0)


def _medians(values: Floats, number: Ints) -> Floats:
    """The median of each row's finite values, of which there are so many; 0 where there is none."""
    ranked = np.sort(np.where(np.isfinite(values), values, np.inf), axis=1)
    row = np.arange(len(ranked))
    low, high = (ranked[row, np.maximum(place, 0)] for place in ((number - 1) // 2, number // 2))
    return np.where(number > 0, (low + high) / 2, 0.0)


def _scores(n: Floats, x: Floats, e: Floats, share: Floats) -> Floats:
    """The signed roots of the binomial deviances of x of n against e expected; the expectation was
    settled with the span among the days, of which it is a share, so it is a little too near."""
    left, right = np.maximum(n - x, 0.0), np.maximum(n - e, 1e-9)
    deviance = x * np.log(np.maximum(x, 1e-300) / e)
    deviance += left * np.log(np.maximum(left, 1e-300) / right)
    return np.asarray(np.sqrt(np.maximum(0.0, 2 * deviance) / (1 - np.minimum(share, 0.99))))


def _run(values: Floats) -> Floats:
    """Sums up to each day, with 0 before the first."""
    return np.concatenate((np.zeros((len(values), 1)), np.cumsum(values, axis=1)), axis=1)
