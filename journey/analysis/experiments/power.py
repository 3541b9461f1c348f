"""How large an experiment must be, and what one of a size can show.

Two shares are compared by the two-sided z test with a pooled share under no difference and each
its own under the difference looked for (Fleiss, Levin and Paik 2003, chapter 4, without continuity
correction; what R's `power.prop.test` reckons). Power is 80 % and the error 5 %, unless said
otherwise.
"""

from math import ceil, sqrt
from statistics import NormalDist

POWER = 0.80
ERROR = 0.05

_NORMAL = NormalDist()


def people_needed(
    base: float, other: float, ratio: float = 1.0, error: float = ERROR, power: float = POWER
) -> int | None:
    """How many people the arm of the share `base` needs, the other arm having `ratio` times as
    many, to tell the two shares apart; None where they are the same.

    >>> people_needed(0.10, 0.12), people_needed(0.50, 0.75, power=0.90)
    (3841, 77)
    """
    if base == other:
        return None
    middle = (base + ratio * other) / (1 + ratio)
    chance = _NORMAL.inv_cdf(1 - error / 2) * sqrt(middle * (1 - middle) * (1 + 1 / ratio))
    found = _NORMAL.inv_cdf(power) * sqrt(base * (1 - base) + other * (1 - other) / ratio)
    return ceil(((chance + found) / (other - base)) ** 2 - 1e-9)


def smallest_effect(
    base: float, people: int, others: int, error: float = ERROR, power: float = POWER
) -> float | None:
    """The smallest rise over the share `base`, as a share, that `people` with it and `others`
    without would have shown with this power; None where even a rise to 1 would not be shown.

    >>> round(smallest_effect(0.10, 3841, 3841), 4)
    0.02
    """
    if not people or not others or base >= 1:
        return None
    low, high = base, 1.0
    if _needs(base, high, others / people, error, power) > people:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        if _needs(base, middle, others / people, error, power) > people:
            low = middle
        else:
            high = middle
    return high - base


def _needs(base: float, other: float, ratio: float, error: float, power: float) -> float:
    """The people needed, without end where the shares are the same."""
    return people_needed(base, other, ratio, error, power) or float("inf")
