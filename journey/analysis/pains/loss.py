"""People lost at one place: what the detectors find before it is told in words and money."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from journey.analysis.pains.cases import Place
from journey.metrics.statistics import Z95

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEVEL = 0.01
"""How often a comparison finds anything at all where nothing happened."""


@dataclass(frozen=True)
class Loss:
    """People lost at one place, counted in the orders that would have come of them."""

    detector: str
    place: Place
    who: Mapping[str, str]
    first: int | None
    """Days since the first day of the period; None where it was always so."""
    after: int | None
    """The day after the last; None where it goes on."""
    people: int
    observed: float
    comparable: float
    onward: float
    """Of those who go on, the share that orders in the end."""
    orders: float
    """People × (comparable − observed) × onward."""
    error: float
    """The standard error of the orders."""
    chance: float
    rows: Ints
    """The numbers of the cases it holds; no other loss at the place holds them."""
    missing: Floats
    """What each of these rows misses in orders; they add up to `orders`."""
    against: tuple[str, ...] = ()
    """The segments that it was compared with; empty for other days."""
    beside: tuple[str, ...] = ()
    """What else stood out among its people and is counted here, in words."""

    @property
    def is_sure(self) -> bool:
        """Whether the interval of what is missing leaves out none at all."""
        return self.orders > Z95 * self.error


def held(people: Floats, went_on: Floats, rates: Floats, onward: float) -> Floats:
    """What each row misses in orders: people × (comparable − observed) × the share that orders."""
    return np.asarray((people * rates - went_on) * onward)
