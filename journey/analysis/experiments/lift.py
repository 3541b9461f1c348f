"""One arm against another: differences and ratios with their intervals.

Shares: Newcombe's interval from two Wilson intervals (1998, method 10), the relative lift by the
same two intervals (MOVER for ratios, Donner and Zou 2012). Means: Welch's t interval (1947), which
needs no equal spread. Where several arms are held against one, each interval is widened so that
all of them hold together in 95 of 100 such experiments (Bonferroni).

Who looks every day at an interval made for one look is fooled far more often than once in twenty
times. The always-valid interval may be looked at whenever one likes: it is the normal mixture of
the sequential test (Robbins 1970; Johari, Koomen, Pekelis and Walsh 2022, "Always valid
inference"), with the variance put in as it is estimated, so that it holds for large numbers. Its
price is width.
"""

from dataclasses import dataclass
from math import log, sqrt
from statistics import NormalDist

from scipy.stats import t as student

from journey.analysis.experiments.power import ERROR
from journey.metrics import statistics

MIXING = 0.1
"""Spread of the effects the always-valid interval is made for, as a share: ten points. It must be
fixed before the data is seen, and the interval holds whatever it is. One far above the effects
there are costs little width, one far below costs much."""

_SOME = 20
"""The fewest who did and who did not, in each arm, for an always-valid interval, which rests on
large numbers."""


@dataclass(frozen=True)
class Sums:
    """A quantity over people: how many, their sum, and the sum of their squares."""

    people: int
    total: float
    squares: float

    @property
    def mean(self) -> float | None:
        """None where there is nobody."""
        return self.total / self.people if self.people else None

    @property
    def variance(self) -> float:
        """Of the mean; 0 with fewer than two people."""
        if self.people < 2:
            return 0.0
        spread = max(0.0, self.squares - self.total**2 / self.people) / (self.people - 1)
        return spread / self.people


Interval = tuple[float, float, float]
"""A value and the ends of its interval."""


def share_apart(one: tuple[int, int], other: tuple[int, int], error: float = ERROR) -> Interval:
    """The first share, part and whole, less the second."""
    z = NormalDist().inv_cdf(1 - error / 2)
    return statistics.apart(_share(one, z), _share(other, z))


def share_ratio(
    one: tuple[int, int], other: tuple[int, int], error: float = ERROR
) -> tuple[float, float, float | None] | None:
    """The first share over the second less 1: the relative lift. None where the second is 0; no
    upper end where it may be."""
    z = NormalDist().inv_cdf(1 - error / 2)
    found = statistics.ratio(_share(one, z), _share(other, z))
    if found is None:
        return None
    value, low, high = found
    return value - 1, low - 1, None if high is None else high - 1


def mean_apart(one: Sums, other: Sums, error: float = ERROR) -> Interval | None:
    """The first mean less the second; None with fewer than two people on a side."""
    if min(one.people, other.people) < 2 or one.mean is None or other.mean is None:
        return None
    apart = one.mean - other.mean
    spread = one.variance + other.variance
    doubt = one.variance**2 / (one.people - 1) + other.variance**2 / (other.people - 1)
    if doubt <= 0:
        return apart, apart, apart
    freedom = spread**2 / doubt
    half = float(student.ppf(1 - error / 2, freedom)) * sqrt(spread)
    return apart, apart - half, apart + half


def always_valid(
    one: tuple[int, int], other: tuple[int, int], error: float = ERROR
) -> Interval | None:
    """The first share less the second, with an interval that holds at every look at once; None
    with too few cases for it.

    The ends are where the mixture likelihood ratio against that difference reaches 1 / error:
    with the variance V of the difference and the mixing variance T,
    sqrt(2 V (V + T) / T (log(1 / error) + log((V + T) / V) / 2)) on either side.
    """
    if min(one[0], other[0], one[1] - one[0], other[1] - other[0]) < _SOME:
        return None
    (part, whole), (part_other, whole_other) = one, other
    share, share_other = part / whole, part_other / whole_other
    variance = share * (1 - share) / whole + share_other * (1 - share_other) / whole_other
    mixing = MIXING**2
    reach = log(1 / error) + log((variance + mixing) / variance) / 2
    half = sqrt(2 * variance * (variance + mixing) / mixing * reach)
    apart = share - share_other
    return apart, apart - half, apart + half


def _share(counted: tuple[int, int], z: float) -> Interval:
    """A share with its Wilson interval."""
    part, whole = counted
    return part / whole, *statistics.wilson(part, whole, z)
