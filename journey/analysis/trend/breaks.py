"""Where a series changed its level.

Binary segmentation by runs (circular binary segmentation: Olshen et al. 2004): of all runs of a
stretch, the one that differs most from the rest of it by the likelihood ratio; where the ratio is
beyond the threshold, the stretch falls into the run and what is around it, and each is searched in
turn. So a week that went wrong and right again is found as well as a level that stayed.

The ratio is divided by how much more the points vary than sampling alone explains, and by how far
neighbouring points hang together, both judged from what two levels leave over. The threshold was
set by simulation: a series that does not change is said to change once in a hundred.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import exp, log

import numpy as np

from journey.analysis.trend.likelihood import LEAST, fit, ratios, residuals, runs
from journey.analysis.trend.series import Numbers, Series

FEWEST = 8
"""The fewest points of a series in which a change is looked for."""

_CHANCE, _CHANCE_IN_PART = 0.01, 0.00005
"""That a change is told where there is none: looking at a stretch as a whole, and at each part."""
_KEEP = 7.9
"""A border between two levels that differ by less than this ratio is taken back: 0.5 % by chance,
of a border that was not searched for."""


@dataclass(frozen=True)
class Level:
    """A stretch of points that run at one level."""

    first: int
    last: int
    """The place after its last point."""
    value: float
    """A share, a count a day, a mean."""


@dataclass(frozen=True)
class Standing:
    """What a look at a stretch found."""

    run: tuple[int, int] | None = None
    """The first place of the run that stands out, and the place after its last."""
    is_slope: bool = False
    """Whether a straight line leaves less over than any two levels do."""

    def borders(self, first: int, last: int) -> set[int]:
        """Where the run begins and ends within the stretch from `first` up to `last`."""
        return {first + place for place in self.run or () if 0 < place < last - first}


def levels(points: Series) -> list[Level]:
    """The levels a series runs at, in order; one where it does not change."""
    n = len(points)
    if n < FEWEST:
        return [_level(points, 0, n)] if n else []
    borders = [0, *sorted(_split(points, 0, n)), n]
    return [_level(points, a, b) for a, b in _weakest_out(points, borders)]


def _split(points: Series, first: int, last: int) -> set[int]:
    """The borders within a stretch."""
    if last - first < 3 * LEAST:
        return set()
    whole = standing_out(points.stretch(first, last), _CHANCE)
    inner = whole.borders(first, last)
    if not inner and not whole.is_slope:
        # Several changes hide each other where all is looked at at once: they pass for noise.
        for a, b in _parts(first, last):
            inner = standing_out(points.stretch(a, b), _CHANCE_IN_PART).borders(a, b)
            if inner:
                break
    if not inner:
        return set()
    edges = sorted({first, last} | inner)
    for a, b in pairwise(edges):
        inner |= _split(points, a, b)
    return inner


def _parts(first: int, last: int) -> list[tuple[int, int]]:
    """Halves and quarters of a stretch, each half overlapping the next, the longer first (seeded
    intervals: Kovács et al. 2023)."""
    found = []
    for share in (2, 4):
        length = (last - first) // share
        if length >= FEWEST:
            step = length / 2
            found += [
                (first + round(n * step), first + round(n * step) + length)
                for n in range(2 * share - 1)
                if first + round(n * step) + length <= last
            ]
    return found


def standing_out(points: Series, chance: float) -> Standing:
    """The run that differs most from the rest, where one does by more than would come about with
    this chance, and no straight slope explains the points as well."""
    n = len(points)
    first, last = runs(n)
    raw = ratios(points)
    best = int(np.argmax(raw))
    left = residuals(points, _two(points, int(first[best]), int(last[best])))
    squares = float(left @ left)
    tie = _tie(float(left[1:] @ left[:-1]) / squares if squares > 0 else 0.0, n)
    if tie > 0:
        scaled = raw / hanging(tie, n)[np.minimum(last - first, n - (last - first))]
        best = int(np.argmax(scaled))
        left = residuals(points, _two(points, int(first[best]), int(last[best])))
        squares, raw = float(left @ left), scaled
    excess = squares / (n - 2)
    scale = max(points.floor, excess)
    if _slope(points) <= squares:
        return Standing(is_slope=True)
    if scale <= 0 or raw[best] / scale < threshold(n, chance, known=excess <= points.floor):
        return Standing()
    return Standing((int(first[best]), int(last[best])))


def threshold(n: int, chance: float, *, known: bool) -> float:
    """How large the ratio must be in a series of `n` points, to be reached with this chance where
    nothing changed: set by simulation for one in a hundred, and on from there as the tail of
    chi-squared falls. Where the scale of the noise is not `known` but judged from the points, it
    is larger by as much as a scale from so few may be wrong.

    >>> round(threshold(26, 0.01, known=True), 1), round(threshold(26, 0.01, known=False), 1)
    (14.0, 20.1)
    """
    plain = max(10.5, 4.3 * log(n)) + 2 * log(0.01 / chance)
    return plain if known else (n - 2) * (exp(plain / (n - 3)) - 1)


@lru_cache(maxsize=512)
def hanging(tie: float, n: int) -> Numbers:
    """By what factor the variance of a mean of 0 to `n` points is larger where each point is tied
    to the one before by this correlation."""
    lags = tie ** np.arange(1, n + 1)
    found = np.ones(n + 1)
    for length in range(2, n + 1):
        k = np.arange(1, length)
        found[length] = 1 + 2 * np.sum((1 - k / length) * lags[: length - 1])
    return found


def _tie(correlation: float, n: int) -> float:
    """The correlation of neighbours, from that of what the best two levels leave over, which is
    smaller since those levels were chosen to leave little. By simulation; never below 0."""
    return round(min(0.9, max(0.0, (correlation + 4.2 / n) / max(0.5, 1 - 10 / n))), 2)


def _two(points: Series, first: int, last: int) -> Numbers:
    """The level of each point where a run has its own."""
    inside = np.zeros(len(points), dtype=bool)
    inside[first:last] = True
    found = np.empty(len(points))
    for side in (inside, ~inside):
        found[side] = points.part[side].sum() / points.whole[side].sum()
    return found


def _slope(points: Series) -> float:
    """The squares that a straight line leaves over, weighted as those of two levels are."""
    values = points.values
    mean = float(points.part.sum() / points.whole.sum())
    variance = mean * (1 - mean) if points.kind == "rate" else mean if points.kind == "count" else 1
    if variance <= 0:
        return float("inf")
    weight = points.whole / variance
    at = np.arange(len(points), dtype=np.float64)
    at -= np.average(at, weights=weight)
    centred = values - np.average(values, weights=weight)
    slope = float((weight * at) @ centred) / float((weight * at) @ at)
    return float(weight @ (centred - slope * at) ** 2)


def _weakest_out(points: Series, borders: list[int]) -> list[tuple[int, int]]:
    """The stretches between borders, once those that separate nothing are taken back, the weakest
    first."""
    while len(borders) > 2:
        weights = [
            _between(points, *borders[place - 1 : place + 2])
            for place in range(1, len(borders) - 1)
        ]
        least = min(range(len(weights)), key=weights.__getitem__)
        if weights[least] >= _KEEP:
            break
        del borders[least + 1]
    return list(pairwise(borders))


def _between(points: Series, first: int, border: int, last: int) -> float:
    """The ratio of two neighbouring levels against one, in multiples of the noise of both."""
    sums = [
        (points.part[a:b].sum(), points.whole[a:b].sum())
        for a, b in ((first, border), (border, last), (first, last))
    ]
    one, other, both = (float(fit(points.kind, part, whole)) for part, whole in sums)
    own = points.stretch(first, last)
    left = residuals(own, _two(own, 0, border - first))
    scale = max(points.floor, float(left @ left) / max(1, last - first - 2))
    return 2 * (one + other - both) / scale if scale > 0 else float("inf")


def _level(points: Series, first: int, last: int) -> Level:
    """The level of a stretch."""
    part, whole = points.part[first:last].sum(), points.whole[first:last].sum()
    return Level(first, last, float(part / whole))
