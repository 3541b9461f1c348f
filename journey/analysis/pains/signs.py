"""Signs of trouble on the way: errors, calls for help, going back, going in circles, slow steps.

At each place of the journey, the share of people whom something befell is compared as the share
that goes on is: with a segment's own other days, and between devices and countries among people of
the same channel and persona. More of a sign is no loss by itself: who was lost by it is counted
where fewer went on. So a sign whose people are mostly counted in a loss already is evidence for
that loss; one that stands for itself keeps only the people who are in no loss, and has no price.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from journey.analysis.pains.cases import Cases, Sign
from journey.analysis.pains.dropoff import standing
from journey.analysis.pains.incidents import Scanned, scan, told
from journey.analysis.pains.loss import Loss

SCANNED: Scanned = ((), ("device",), ("country",))
"""Whose days are looked at."""

MOSTLY = 0.5
"""A sign is evidence for a loss where the loss holds this share of what is in excess."""


SIGNS = {
    name: Sign(name, name, title, befell)
    for name, title, befell in (
        ("met_error", "Errors", "met an error"),
        ("needed_help", "Calls for help", "contacted support"),
        ("went_back", "Going back", "went back a stage"),
        ("circled", "Going in circles", "went in circles"),
        ("slow", "Slow step", "took long to go on"),
    )
}
"""Name of a count of the cases to what it says."""


def signs(places: Sequence[Cases], days: int, minimum_n: int) -> list[Loss]:
    """Segments and spans of days with more of a sign than comparable people have; what such a loss
    counts in orders are the people in excess. All signs together pass a chance of 1 %, by days and
    between segments."""
    asked = [
        _without(cases, sign)
        for sign in SIGNS.values()
        for cases in places
        if cases.counts[sign.name].sum() >= minimum_n
    ]
    over, rest = told(scan(asked, days, minimum_n, SCANNED), days, minimum_n, SCANNED)
    return [loss for loss in (*over, *standing(rest, minimum_n)[0]) if loss.is_sure]


def _without(cases: Cases, sign: Sign) -> Cases:
    """Those at a place whom a sign did not befall; of slow steps, those who went on."""
    people = cases.went_on if sign.name == "slow" else cases.people
    place = replace(cases.place, sign=sign, metric=f"pains/{sign.detector}")
    spared = people - cases.counts[sign.name]
    return replace(cases, place=place, people=people, went_on=spared, ordered=spared)


def settled(
    found: Sequence[Loss], places: Sequence[Cases], losses: Sequence[Loss], minimum_n: int
) -> tuple[list[Loss], list[list[Loss]]]:
    """The signs that stand for themselves, with the people that no loss holds; and for each loss
    the signs that are evidence for it."""
    alone: list[Loss] = []
    beside: list[list[Loss]] = [[] for _ in losses]
    by_number = {cases.place.number: cases for cases in places}
    for sign in found:
        shares = [
            float(sign.missing[np.isin(sign.rows, loss.rows)].sum()) / sign.missing.sum()
            if loss.place.number == sign.place.number
            else 0.0
            for loss in losses
        ]
        if sum(shares) >= MOSTLY:
            beside[int(np.argmax(shares))].append(sign)
        elif (own := _rest(sign, by_number[sign.place.number], losses)).people >= minimum_n:
            alone.append(own)
    return alone, beside


def _rest(sign: Loss, cases: Cases, losses: Sequence[Loss]) -> Loss:
    """A sign without the people of losses."""
    held = [loss.rows for loss in losses if loss.place.number == sign.place.number]
    if not held or not np.isin(sign.rows, np.concatenate(held)).any():
        return sign
    left = ~np.isin(sign.rows, np.concatenate(held))
    assert sign.place.sign is not None
    own = _without(cases, sign.place.sign)
    row = np.searchsorted(own.number, sign.rows[left])
    people, went_on = float(own.people[row].sum()), float(own.went_on[row].sum())
    missing = sign.missing[left]
    observed = went_on / people if people else 0.0
    return replace(
        sign,
        people=int(people),
        observed=observed,
        comparable=observed + float(missing.sum()) / people if people else 0.0,
        rows=sign.rows[left],
        missing=missing,
    )
