"""How much better two levels fit a stretch of a series than one, for every stretch at once.

The likelihood ratio of a run of points against the points around it, by the kind of series:
binomial, Poisson, or Gaussian with known variances. Sums over points are differences of running
sums, so that all runs of 104 weeks take about a millisecond.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journey.analysis.trend.series import Kind, Numbers, Series

LEAST = 2
"""The fewest points that make a level; a single one is a matter for the expected range."""


def fit(kind: Kind, part: Any, whole: Any) -> Any:
    """The greatest log-likelihood of sums of parts and wholes under one level, up to what does not
    depend on the level."""
    if kind == "mean":
        return part * part / (2 * whole)
    level = part / whole
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(part > 0, part * np.log(level), 0.0)
        if kind == "rate":
            rest = whole - part
            found = found + np.where(rest > 0, rest * np.log1p(-level), 0.0)
    return found


@lru_cache(maxsize=512)
def runs(n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every run of points that may stand out, as its first place and the place after its last:
    both the run and what is left of it, on either side where there is any, have LEAST points."""
    first, last = np.triu_indices(n + 1, LEAST)
    fits = (last - first <= n - LEAST) & ((first == 0) | (first >= LEAST))
    fits &= (last == n) | (n - last >= LEAST)
    return first[fits], last[fits]


def ratios(points: Series) -> Numbers:
    """Twice the log of the likelihood ratio for each of `runs`: two levels against one."""
    first, last = runs(len(points))
    part, whole = (np.concatenate(([0.0], np.cumsum(c))) for c in (points.part, points.whole))
    inside, of = part[last] - part[first], whole[last] - whole[first]
    kind = points.kind
    two = fit(kind, inside, of) + fit(kind, part[-1] - inside, whole[-1] - of)
    found: Numbers = 2 * (two - fit(kind, part[-1], whole[-1]))
    return found


def residuals(points: Series, levels: Numbers) -> Numbers:
    """How far each point is from a level, in standard deviations of sampling (Pearson)."""
    expected = points.whole * levels
    if points.kind == "rate":
        variance = expected * (1 - levels)
    else:
        variance = points.whole if points.kind == "mean" else expected
    found: Numbers = np.where(
        variance > 0, (points.part - expected) / np.sqrt(np.maximum(variance, 1e-300)), 0.0
    )
    return found
