"""What comparable people would have done: rates of alike groups, weighted as the group is made.

Who comes is told by the entry channel and the persona. Where the shop itself may differ (device,
country) or time has passed, people are comparable when they came through the same channel and are
of the same persona.
"""

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

PRIOR = 25.0
"""A stratum's rate is drawn to that of the wider group as by so many people of it."""


@dataclass(frozen=True)
class Gap:
    """A group against comparable others."""

    people: float
    observed: float
    comparable: float
    lost: float
    """People who would have gone on at the comparable rate and did not."""
    error: float
    """Its standard error."""
    chance: float
    """The one-sided p-value of Mantel and Haenszel's test (1959)."""
    rates: Floats
    """The rate of the others in each stratum; not a number where a stratum does not hold both."""


def expected_rates(people: Floats, went_on: Floats, wider: Ints, narrower: Ints) -> Floats:
    """For each row the rate of its narrow stratum, drawn towards that of its wide one, and that
    towards the whole: an empirical Bayes estimate with a fixed prior."""
    whole = went_on.sum() / people.sum()
    wide = _drawn(people, went_on, wider, np.full(len(people), whole))
    return _drawn(people, went_on, narrower, wide)


def _drawn(people: Floats, went_on: Floats, stratum: Ints, towards: Floats) -> Floats:
    """Each row's stratum rate with `PRIOR` people of the rate given for the row."""
    n = np.bincount(stratum, people)[stratum]
    x = np.bincount(stratum, went_on)[stratum]
    return np.asarray((x + PRIOR * towards) / (n + PRIOR))


def gaps(
    people: Floats, went_on: Floats, stratum: Ints, kind: Ints, least: float = 0.0
) -> list[Gap | None]:
    """For each kind (a number from 0 on), how many more of it would have gone on at the rates of
    all others in the same strata: direct standardisation to the kind, over the strata that hold
    both. None where none does, and of kinds of fewer than `least` people."""
    strata, kinds = int(stratum.max(initial=-1)) + 1, int(kind.max(initial=-1)) + 1
    place = stratum * kinds + kind
    n, x = (
        np.bincount(place, values, strata * kinds).astype(np.float64).reshape(strata, kinds)
        for values in (people, went_on)
    )
    whole_n, whole_x = n.sum(axis=1), x.sum(axis=1)
    return [
        _gap(n[:, one], x[:, one], whole_n - n[:, one], whole_x - x[:, one])
        if size >= least
        else None
        for one, size in enumerate(n.sum(axis=0))
    ]


def gap(people: Floats, went_on: Floats, stratum: Ints, group: Flags) -> Gap | None:
    """How many more of a group would have gone on at the rates of the others in the same strata."""
    found = gaps(people, went_on, stratum, group.astype(np.int64))
    return found[1] if len(found) > 1 else None


def _gap(n1: Floats, x1: Floats, n0: Floats, x0: Floats) -> Gap | None:
    """A group against others, from the counts of both by stratum."""
    both = (n1 > 0) & (n0 > 0)
    by_stratum = np.full(len(n1), np.nan)
    n1, x1, n0, x0 = n1[both], x1[both], n0[both], x0[both]
    n = n1 + n0
    total = float(n1.sum())
    if total <= 0:
        return None
    rates = by_stratum[both] = x0 / n0
    lost = float((n1 * rates - x1).sum())
    # One success and one failure more, so that a stratum of few is not without error.
    guess1, guess0 = (x1 + 1) / (n1 + 2), (x0 + 1) / (n0 + 2)
    error = sqrt(
        float((n1 * guess1 * (1 - guess1)).sum() + (n1**2 * guess0 * (1 - guess0) / n0).sum())
    )
    m = x1 + x0
    spread = float((n1 * n0 * m * (n - m) / (n**2 * np.maximum(n - 1, 1))).sum())
    short = float((n1 * m / n - x1).sum())
    z = short / sqrt(spread) if spread > 0 else 0.0
    return Gap(
        people=total,
        observed=float(x1.sum()) / total,
        comparable=float((n1 * rates).sum()) / total,
        lost=lost,
        error=error,
        chance=erfc(z / sqrt(2)) / 2,
        rates=by_stratum,
    )
