"""Means of weighted answers: how sure they are, and whether two of them differ.

A weight says how many customers an answer stands for. Unequal weights make a sample worth fewer
answers than it has: its effective size is (sum of weights)² / sum of squared weights (Kish 1965,
"Survey Sampling", 8.2), which is the number of answers where all weights are equal. Intervals
are 95 %.
"""

from dataclasses import dataclass
from math import erfc, sqrt

from scipy.special import stdtr, stdtrit

from journey.metrics import statistics
from journey.metrics.statistics import Z95


@dataclass(frozen=True)
class Sample:
    """Sums over the answers of one group: of their weights, and of what each answer is worth."""

    count: int
    weight: float
    squared_weight: float
    """The sum of the squared weights."""
    total: float
    """The sum of weight times value."""
    squares: float
    """The sum of weight times squared value."""

    @property
    def size(self) -> float:
        """Kish's effective number of answers; 0 where nothing weighs anything."""
        return self.weight**2 / self.squared_weight if self.squared_weight > 0 else 0.0

    @property
    def mean(self) -> float:
        """The weighted mean."""
        return self.total / self.weight

    @property
    def variance(self) -> float:
        """The weighted variance of the values, divided by all of them."""
        return max(0.0, self.squares / self.weight - self.mean**2)


@dataclass(frozen=True)
class Measured:
    """A value and the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """How far two samples lie apart, and how often chance alone would part them as far."""

    difference: float
    low: float
    high: float
    p: float


def share(sample: Sample) -> Measured:
    """The share of values that are 1, with Wilson's interval at the effective size.

    >>> part = share(Sample(200, 200, 200, 30, 30))
    >>> [round(100 * value, 1) for value in (part.value, part.low, part.high)]
    [15.0, 10.7, 20.6]
    """
    part = min(1.0, max(0.0, sample.mean))
    return Measured(part, *statistics.wilson(part * sample.size, sample.size))


def net(sample: Sample) -> Measured:
    """The share of values that are +1 less the share that are -1, in points from -100 to 100; the
    variance of one answer is p + d - (p - d)².

    >>> score = net(Sample(200, 200, 200, 100 - 40, 100 + 40))
    >>> [round(value, 1) for value in (score.value, score.low, score.high)]
    [30.0, 19.2, 40.8]
    """
    half = Z95 * net_error(sample)
    value = 100 * sample.mean
    return Measured(value, max(-100.0, value - half), min(100.0, value + half))


def net_error(sample: Sample) -> float:
    """The standard error of a net score, in points.

    >>> round(net_error(Sample(200, 200, 200, 60, 140)), 2)
    5.52
    """
    return 100 * sqrt(sample.variance / sample.size) if sample.size else 0.0


def mean(sample: Sample) -> Measured:
    """The mean with Student's interval; with fewer than two answers' worth, the value alone."""
    if sample.size <= 1:
        return Measured(sample.mean, sample.mean, sample.mean)
    half = float(stdtrit(sample.size - 1, 0.975)) * mean_error(sample)
    return Measured(sample.mean, sample.mean - half, sample.mean + half)


def mean_error(sample: Sample) -> float:
    """The standard error of the mean, from the variance divided by one answer less."""
    return sqrt(sample.variance / (sample.size - 1)) if sample.size > 1 else 0.0


def shares_differ(now: Sample, before: Sample) -> Difference:
    """Two shares: Newcombe's interval of the difference, and the pooled two-proportion test."""
    counts = [
        value
        for sample in (now, before)
        for value in (min(1.0, max(0.0, sample.mean)) * sample.size, sample.size)
    ]
    return Difference(*statistics.difference(*counts), statistics.two_shares(*counts))


def nets_differ(now: Sample, before: Sample) -> Difference:
    """Two net scores: z = difference / √(SE² + SE²), as for the net promoter score.

    >>> apart = nets_differ(Sample(200, 200, 200, 60, 140), Sample(200, 200, 200, 30, 130))
    >>> round(apart.difference, 1), round(apart.p, 4)
    (15.0, 0.0565)
    """
    error = sqrt(net_error(now) ** 2 + net_error(before) ** 2)
    return _normal(100 * (now.mean - before.mean), error)


def means_differ(now: Sample, before: Sample) -> Difference:
    """Two means: Welch's t test, with Satterthwaite's degrees of freedom (Welch 1947)."""
    difference = now.mean - before.mean
    one, other = mean_error(now) ** 2, mean_error(before) ** 2
    if one + other <= 0 or min(now.size, before.size) <= 1:
        return _normal(difference, 0.0)
    freedom = (one + other) ** 2 / (one**2 / (now.size - 1) + other**2 / (before.size - 1))
    error = sqrt(one + other)
    half = float(stdtrit(freedom, 0.975)) * error
    p = 2 * float(stdtr(freedom, -abs(difference) / error))
    return Difference(difference, difference - half, difference + half, p)


def _normal(difference: float, error: float) -> Difference:
    """A difference judged by the normal distribution; without any spread, certain or nothing."""
    if error <= 0:
        return Difference(difference, difference, difference, 0.0 if difference else 1.0)
    half = Z95 * error
    p = erfc(abs(difference) / error / sqrt(2))
    return Difference(difference, difference - half, difference + half, p)
