"""Series that are made up: weeks of cases, counts and means, with and without anything in them."""

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from journey.analysis.trend.series import Grain, Kind, Series

MONDAY = date(2025, 1, 6)


def made(
    kind: Kind,
    part: Iterable[float],
    whole: Iterable[float],
    *,
    floor: float = 1.0,
    grain: Grain = "week",
) -> Series:
    """A series of these parts and wholes, from a Monday on."""
    parts, wholes = np.array([*part], dtype=float), np.array([*whole], dtype=float)
    step = timedelta(days=7 if grain == "week" else 1)
    at = tuple(MONDAY + step * place for place in range(len(parts)))
    cases = parts if kind == "count" else wholes
    return Series(kind, grain, at, parts, wholes, cases, floor)


def rate(
    draw: np.random.Generator,
    shares: Iterable[float],
    size: float = 350,
    excess: float = 1.0,
    tie: float = 0.0,
) -> Series:
    """Shares of about `size` cases a week. Beyond `excess` 1 the weeks differ by more than
    sampling, each tied to the one before by `tie`."""
    level = np.array([*shares])
    whole = np.maximum(1, draw.poisson(size, len(level)))
    shock = draw.standard_normal(len(level))
    for place in range(1, len(level)):
        shock[place] = tie * shock[place - 1] + np.sqrt(1 - tie**2) * shock[place]
    spread = np.sqrt(level * (1 - level) / size * (excess - 1))
    moved = np.clip(level + spread * shock, 0.001, 0.999)
    return made("rate", draw.binomial(whole, moved), whole)


def count(
    draw: np.random.Generator, means: Iterable[float], excess: float = 1.0, grain: Grain = "week"
) -> Series:
    """Counts around these means, `excess` times as spread out as Poisson's."""
    mean = np.array([*means])
    if excess > 1:
        mean = draw.gamma(mean / (excess - 1), excess - 1)
    days = 7.0 if grain == "week" else 1.0
    return made("count", draw.poisson(mean), [days] * len(mean), grain=grain)


def money(draw: np.random.Generator, orders: float, weeks: int) -> Series:
    """Sums of so many orders a week of very different size."""
    sums = [draw.lognormal(4, 0.8, draw.poisson(orders)).sum() for _ in range(weeks)]
    return made("count", sums, [7.0] * weeks, floor=0.0)


def means(draw: np.random.Generator, levels: Iterable[float], *, known: bool) -> Series:
    """Means with a variance of one, which is known or not."""
    level = np.array([*levels])
    value = level + draw.standard_normal(len(level))
    return made("mean", value, np.ones(len(level)), floor=1.0 if known else 0.0)
