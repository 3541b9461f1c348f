"""What a theme goes with: the score of all answers, and without the answers that speak of it.

The method is Thematic's "impact", given an interval. With `S` the mean of all answers and `R` the
mean of those without the theme, the impact is `S - R`: how far the theme's answers pull the score
up or down, by how much they differ and by how many they are. It is an association: what customers
mention and what they score have many causes.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from journey.metrics.statistics import Z95

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Impact:
    """One theme's impact, in the unit of the values."""

    answers: int
    """Answers that speak of the theme."""
    with_theme: float
    """Their mean."""
    without: float
    """The mean of the others."""
    impact: float
    """The mean of all less the mean of the others."""
    low: float
    high: float


def impact(value: Floats, person: npt.NDArray[np.int64], speaks: npt.NDArray[np.bool_]) -> Impact:
    """The impact of the answers that speak of a theme, with a 95 % interval.

    The interval is from the influence of each answer on both means, summed by person, since a
    person's answers are not independent (the linearised cluster variance of a ratio, as for any
    survey estimate). Both kinds of answers must be there.
    """
    answers, others = len(value), int((~speaks).sum())
    whole, without = float(value.mean()), float(value[~speaks].mean())
    influence = (value - whole) / answers - np.where(speaks, 0.0, (value - without) / others)
    by_person = np.bincount(person, influence)
    people = len(np.unique(person))
    spread = float((by_person**2).sum()) * people / max(people - 1, 1)
    half = Z95 * np.sqrt(spread)
    change = whole - without
    return Impact(
        answers - others,
        float(value[speaks].mean()),
        without,
        change,
        float(change - half),
        float(change + half),
    )
