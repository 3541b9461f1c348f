"""Cases that belong to a loss which is told already, so that nobody's loss is told twice.

The journeys that a loss holds are left out on both sides, by what they are and not by how far they
got: their days, channel, persona, device and country, on their own day and on those on which they
stood at the place of the loss.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from journey.analysis.pains.cases import Cases, Flags, Floats
from journey.analysis.pains.loss import Loss

MOSTLY = 0.5
"""What is found is evidence for a loss where the loss holds this share of what is missing."""

Find = Callable[[Sequence[Cases]], list[Loss]]
"""What stands out among cases."""


def settled(
    asked: Sequence[Cases], losses: Sequence[Loss], find: Find
) -> tuple[list[Loss], list[list[Loss]]]:
    """What stands out among the cases that no loss holds; and for each loss what it explains.
    `NAME_day` among the counts of the cases is the day on which they stood at the place NAME."""
    claimed = [_claimed(cases, losses) for cases in asked]
    everyone = find(asked)
    beside: list[list[Loss]] = [[] for _ in losses]
    if not any(own.any() for flags in claimed for own in flags):
        return everyone, beside
    for one in everyone:
        number = next(n for n, cases in enumerate(asked) if cases.place == one.place)
        inside = np.isin(asked[number].number, one.rows)
        row = np.searchsorted(one.rows, asked[number].number[inside])
        shares = [float(one.missing[row][own[inside]].sum()) for own in claimed[number]]
        if max(shares) >= MOSTLY * float(one.missing.sum()):
            beside[int(np.argmax(shares))].append(one)
    free = [cases.at(~np.any(own, axis=0)) for cases, own in zip(asked, claimed, strict=True)]
    return find(free), beside


def _claimed(cases: Cases, losses: Sequence[Loss]) -> list[Flags]:
    """For each loss the cases that belong to it."""
    found = []
    for loss in losses:
        own = np.zeros(len(cases), dtype=np.bool_)
        stood_on = cases.counts.get(f"{loss.place.name}_day")
        if stood_on is not None:
            own = _on(cases.day.astype(np.float64), loss) & cases.of(loss.who)
            stood = cases
            if loss.place.name == "checkout":
                shown = cases.counts["checkout_device"].astype(np.int64)
                stood = replace(cases, segment={**cases.segment, "device": shown})
            own |= _on(stood_on, loss) & stood.of(loss.who)
        found.append(own)
    return found


def _on(day: Floats, loss: Loss) -> Flags:
    """Whether days are those of a loss; a day that is not known is not."""
    known = ~np.isnan(day)
    after = np.inf if loss.after is None else loss.after
    return np.asarray(known & (day >= (loss.first or -np.inf)) & (day < after))
