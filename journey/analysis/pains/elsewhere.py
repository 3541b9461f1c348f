"""Places held against others of their kind: where fewer of alike people go on than elsewhere."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from journey.analysis.pains.cases import Cases
from journey.analysis.pains.loss import LEVEL, Ints, Loss, held
from journey.analysis.pains.standard import Gap, gaps

Strata = Callable[[Cases], Ints]
"""A number for each row of cases; those of the same number are alike, whatever their place."""


def elsewhere(groups: Iterable[Sequence[Cases]], strata: Strata, minimum_n: int) -> list[Loss]:
    """Places at which fewer go on than at the others of their group, as always so and of everyone.
    All comparisons of all groups together pass a chance of 1 % (Holm 1979); a place of fewer than
    `minimum_n` people that others can be held against is among the others alone."""
    compared: list[tuple[Cases, Gap]] = []
    for group in groups:
        own = [cases for cases in group if len(cases)]
        if len(own) < 2:
            continue
        people, went_on, stratum = (
            np.concatenate(values)
            for values in zip(*((c.people, c.went_on, strata(c)) for c in own), strict=True)
        )
        kind = np.repeat(np.arange(len(own)), [len(cases) for cases in own])
        found = gaps(people, went_on, stratum, kind, minimum_n)
        compared += (
            (cases, gap)
            for cases, gap in zip(own, found, strict=True)
            if gap is not None and gap.people >= minimum_n
        )
    ranked = sorted((gap.chance, number) for number, (_, gap) in enumerate(compared))
    losses = []
    for place, (chance, number) in enumerate(ranked):
        if chance * (len(ranked) - place) > LEVEL:
            break
        cases, gap = compared[number]
        if gap.lost > 0:
            losses.append(_loss(cases, gap, gap.rates[strata(cases)]))
    return losses


def _loss(cases: Cases, gap: Gap, rates: np.ndarray) -> Loss:
    """A place that falls short, with the people it has in strata that others have too."""
    known = ~np.isnan(rates)
    return Loss(
        detector="elsewhere",
        place=cases.place,
        who={},
        first=None,
        after=None,
        people=int(gap.people),
        observed=gap.observed,
        comparable=gap.comparable,
        onward=1.0,
        orders=gap.lost,
        error=gap.error,
        chance=gap.chance,
        rows=cases.number[known],
        missing=held(cases.people[known], cases.went_on[known], rates[known], 1.0),
    )
