"""Difference in differences: how far a group has moved against others that were not touched.

The effect is (T2 - T1) - (C2 - C1): what the affected group changed by, less what the others
changed by over the same days, so that a season or a campaign that moves everyone takes itself out
(Ashenfelter and Card 1985; Card and Krueger 1994; Angrist and Pischke 2009, 5.2). It stands on one
assumption, that both would have moved alike: before the fix their gap must stand still, which is
tested as the slope of the gap over the weeks before. Intervals are put together from those of the
four values (MOVER: Zou and Donner 2008). Where weeks swing more than the counts explain, intervals
are widened by that (a quasi-likelihood scale; McCullagh and Nelder 1989, 4.5), since one bad week
would else pass for an effect (Bertrand, Duflo and Mullainathan 2004).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from journey.metrics import statistics

Value = tuple[float, float, float]
"""A value and the ends of its 95 % interval."""

Z99 = 2.5758293035489004
"""The 99.5 % point of the normal distribution."""

FEWEST_FOR_SWING = 4
"""Degrees of freedom from which on the swing of weeks can be told from chance."""


@dataclass(frozen=True)
class Gap:
    """The affected group less the others, in one span of days before the fix."""

    at: float
    """The middle of the span, in weeks before the fix (negative)."""
    value: float
    spread: float
    """The standard error."""
    stretch: int
    """Spans of one stretch share a level: before the pain began it was another than after."""


@dataclass(frozen=True)
class Trend:
    """How the gap moved before the fix, a week."""

    slope: float
    error: float
    """Its standard error, with the swing in it."""
    swing: float
    """How much more weeks swing than chance explains, as a factor of 1 or more."""
    spans: int

    @property
    def low(self) -> float:
        """The lower end of the 95 % interval."""
        return self.slope - statistics.Z95 * self.error

    @property
    def high(self) -> float:
        """The upper end of the 95 % interval."""
        return self.slope + statistics.Z95 * self.error

    @property
    def is_parallel(self) -> bool:
        """Whether the gap stood still, as far as chance lets one see (1 in 20): what an effect
        needs to be claimed."""
        return self.low <= 0 <= self.high

    @property
    def is_parted(self) -> bool:
        """Whether the gap moved so clearly (1 in 100) that no finding of no change stands."""
        return abs(self.slope) > Z99 * self.error


def effect(
    affected_before: Value,
    affected_after: Value,
    others_before: Value,
    others_after: Value,
    swing: float = 1.0,
) -> Value:
    """The difference in differences with the ends of its interval, in the values' own unit.

    Card and Krueger's (1994) employment in New Jersey and Pennsylvania, 95 % from their errors:

    >>> def mean(value, error): return value, value - 1.96 * error, value + 1.96 * error
    >>> found = effect(mean(20.44, 0.51), mean(21.03, 0.52), mean(23.33, 1.35), mean(21.17, 0.94))
    >>> [round(end, 2) for end in found]
    [2.75, -0.78, 6.28]
    """
    value, low, high = statistics.apart(
        statistics.apart(affected_after, affected_before),
        statistics.apart(others_after, others_before),
    )
    return value, value - swing * (value - low), value + swing * (high - value)


def gap(at: float, affected: Value, others: Value, stretch: int) -> Gap:
    """The gap of one span, its error read off the interval."""
    value, low, high = statistics.apart(affected, others)
    return Gap(at, value, (high - low) / (2 * statistics.Z95), stretch)


def trend(gaps: Sequence[Gap]) -> Trend | None:
    """The slope of the gap, by least squares weighted by 1 / error², with a level for each stretch
    (the within estimator); None where there are too few spans for one."""
    levels = len({one.stretch for one in gaps})
    free = len(gaps) - levels - 1
    if free < 1:
        return None
    weights = [1 / one.spread**2 for one in gaps]
    ats = _within([one.at for one in gaps], weights, gaps)
    values = _within([one.value for one in gaps], weights, gaps)
    across = sum(w * at * at for w, at in zip(weights, ats, strict=True))
    slope = sum(w * at * v for w, at, v in zip(weights, ats, values, strict=True)) / across
    rest = sum(w * (v - slope * at) ** 2 for w, at, v in zip(weights, ats, values, strict=True))
    swing = sqrt(max(1.0, rest / free)) if free >= FEWEST_FOR_SWING else 1.0
    return Trend(slope, swing / sqrt(across), swing, len(gaps))


def _within(values: list[float], weights: list[float], gaps: Sequence[Gap]) -> list[float]:
    """The values less the weighted mean of their stretch."""
    means = {}
    for stretch in {one.stretch for one in gaps}:
        here = [number for number, one in enumerate(gaps) if one.stretch == stretch]
        means[stretch] = sum(weights[n] * values[n] for n in here) / sum(weights[n] for n in here)
    return [value - means[one.stretch] for value, one in zip(values, gaps, strict=True)]
