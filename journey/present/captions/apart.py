"""Which of several values are apart, held to the number of pairs that were looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import NormalDist

from journey.metrics import statistics
from journey.metrics.measures import Value
from journey.present.readings import Reading

_Z95 = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Sized:
    """A value with the ends of its 95 % interval, in any unit, and how many cases it rests on."""

    name: str
    value: float
    low: float
    high: float
    n: float
    part: float | None = None
    """Of a share: how many of the n."""

    @property
    def is_doubted(self) -> bool:
        """Whether it has an interval at all; without one nothing can be told apart."""
        return self.low < self.high


@dataclass(frozen=True)
class Pair:
    """Two values, the higher first."""

    high: Sized
    low: Sized


def of_reading(reading: Reading, name: str) -> Sized:
    """A reading under a name."""
    return Sized(name, reading.value, reading.low, reading.high, reading.whole, reading.part)


def of_value(value: Value, name: str) -> Sized:
    """A measure's value under a name."""
    return Sized(name, value.value, value.low, value.high, value.n, value.part)


def differ(one: Sized, other: Sized, wider: float = 1.0) -> bool:
    """Whether the two are further apart than chance would explain: the 95 % interval of their
    difference, so many times as wide, leaves out zero."""
    if not (one.is_doubted and other.is_doubted):
        return False
    gap, low, high = statistics.apart(
        (one.value, one.low, one.high), (other.value, other.low, other.high)
    )
    return gap - wider * (gap - low) > 0 or gap + wider * (high - gap) < 0


def widest(values: Sequence[Sized], pairs: int | None = None) -> Pair | None:
    """The two furthest apart among all that differ by more than chance; None where none do.

    The intervals are widened for the number of pairs looked at (Bonferroni); `pairs` says how
    many, where there are more than those of these values. Parts of one whole vary against each
    other, which makes the variance of a difference at most twice as large: they are widened by
    its root.
    """
    looked_at = pairs if pairs is not None else len(values) * (len(values) - 1) // 2
    wider = NormalDist().inv_cdf(1 - 0.025 / max(1, looked_at)) / _Z95
    if _are_of_one_whole(values):
        wider *= sqrt(2)
    ordered = sorted(values, key=lambda one: -one.value)
    apart = [Pair(high, low) for high, low in combinations(ordered, 2) if differ(high, low, wider)]
    return max(apart, key=lambda pair: pair.high.value - pair.low.value, default=None)


def _are_of_one_whole(values: Sequence[Sized]) -> bool:
    """Whether the values can be parts of the same cases."""
    parts = [one.part for one in values if one.part is not None]
    wholes = {one.n for one in values}
    return len(parts) == len(values) and len(wholes) == 1 and sum(parts) <= max(wholes)
