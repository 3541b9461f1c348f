"""How many have come by when, where some have not been watched long enough to know.

The estimator of Kaplan and Meier (1958) of the share that has come, one minus the share still
waiting. Its interval is Greenwood's (1926) on the scale log(-log), which stays between 0 and 1
(Kalbfleisch and Prentice 1980).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journey.metrics.statistics import Z95

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Arrivals:
    """The share that has come by each time at which somebody came, with its 95 % interval."""

    times: Numbers
    share: Numbers
    low: Numbers
    high: Numbers
    waiting: Numbers
    """How many were still watched and had not come just before each time."""
    watched: float
    """The longest that anyone was watched; beyond it nothing is known."""

    def by(self, time: float) -> tuple[float, float, float] | None:
        """The share that has come by a time, and its ends; None where nobody was watched so
        long."""
        if time > self.watched:
            return None
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return 0.0, 0.0, 0.0
        return float(self.share[place]), float(self.low[place]), float(self.high[place])

    def when(self, share: float) -> float | None:
        """The first time by which at least this share has come; None where so many never were
        seen to."""
        place = int(np.searchsorted(self.share, share - 1e-12))
        return float(self.times[place]) if place < len(self.times) else None


def arrivals(waited: NDArray[np.generic], came: NDArray[np.bool_]) -> Arrivals:
    """The estimate from how long each was watched, until it came or until now.

    Who was watched exactly as long as another took to come counts as still waiting then.

    >>> found = arrivals(np.array([1, 2, 2, 3, 5]), np.array([True, True, False, True, False]))
    >>> [round(float(share), 4) for share in found.share]
    [0.2, 0.4, 0.7]
    """
    lengths = np.asarray(waited, dtype=np.float64)
    times, place = np.unique(lengths, return_inverse=True)
    arrived = np.bincount(place, weights=came, minlength=len(times))
    left = np.bincount(place, minlength=len(times)).astype(np.float64)
    waiting = left[::-1].cumsum()[::-1]
    some = arrived > 0
    times, arrived, waiting = times[some], arrived[some], waiting[some]
    stay = np.cumprod(1 - arrived / waiting)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(arrived / (waiting * (waiting - arrived)))
        half = Z95 * np.sqrt(greenwood) / np.abs(np.log(stay))
        low, high = 1 - stay ** np.exp(-half), 1 - stay ** np.exp(half)
    # Where everybody has come the scale ends; the value is then its own upper end.
    low, high = np.where(stay > 0, low, _last(low, stay)), np.where(stay > 0, high, 1.0)
    watched = float(lengths.max()) if len(lengths) else 0.0
    return Arrivals(times, 1 - stay, low, high, waiting, watched)


def _last(ends: Numbers, stay: Numbers) -> Numbers:
    """The last lower end that could be worked out, 0 where there is none."""
    known = ends[stay > 0]
    return np.full_like(ends, known[-1] if len(known) else 0.0)
