"""Devices and countries in which fewer go on than elsewhere, all the time.

A device or a country is compared with the others among people of the same channel and persona, and
the same country or device. That visitors of one channel or persona buy less often than those of
another is not a loss: they came with another intent, and no one can get them back.

The one that stands out most is kept, its people are taken out, and the others are compared again:
a device and a country that both fall short share people, and those are counted once. What stood
out before and does so no longer is told with the row that holds its people. All comparisons
together pass a chance of 1 % (Holm 1979), and at least `minimum_n` people must be concerned.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from journey.analysis.pains.cases import Cases
from journey.analysis.pains.loss import LEVEL, Loss, held
from journey.analysis.pains.standard import Gap, gaps
from journey.analysis.pains.wording import percent

COMPARED = (("device", "country"), ("country", "device"))
"""What is compared, and what else must be alike."""


@dataclass(frozen=True)
class _Compared:
    """One segment of one place against the others."""

    number: int
    name: str
    value: str
    gap: Gap


def standing(places: list[Cases], minimum_n: int) -> tuple[list[Loss], list[Cases]]:
    """Segments that fall short, each with people of its own, and the cases that are left."""
    rest = list(places)
    compared = [one for number, cases in enumerate(rest) for one in _all(number, cases, minimum_n)]
    first_seen = _told(compared, len(compared), minimum_n)
    found: list[Loss] = []
    count = len(compared)
    while worst := _told(compared, count - len(found), minimum_n)[:1]:
        one = worst[0]
        cases = rest[one.number]
        loss = _loss(cases, one)
        found.append(loss)
        rest[one.number] = cases.at(~np.isin(cases.number, loss.rows))
        compared = [other for other in compared if other.number != one.number]
        compared += _all(one.number, rest[one.number], minimum_n)
    return _with_absorbed(found, first_seen, places), rest


def _all(number: int, cases: Cases, minimum_n: int) -> Iterator[_Compared]:
    """Every device and country of a place against the others."""
    for name, other in COMPARED:
        stratum = cases.codes(("channel", "persona", other))
        known = set(_values(cases, name, minimum_n))
        found = gaps(cases.people, cases.went_on, stratum, cases.segment[name], minimum_n)
        for value, one in zip(cases.values[name], found, strict=False):
            if value in known and one is not None:
                yield _Compared(number, name, value, one)


def _told(compared: list[_Compared], count: int, minimum_n: int) -> list[_Compared]:
    """Those that stand out in so many comparisons, the most striking first."""
    found = []
    ranked = sorted(compared, key=lambda one: (one.gap.chance, one.number, one.name, one.value))
    for place, one in enumerate(ranked):
        if one.gap.chance * max(1, count - place) > LEVEL:
            break
        if one.gap.lost > 0 and one.gap.people >= minimum_n:
            found.append(one)
    return found


def _loss(cases: Cases, one: _Compared) -> Loss:
    """A segment that falls short, with the people it has in strata that others have too."""
    other = dict(COMPARED)[one.name]
    against = [other for other in _values(cases, one.name, 1) if other != one.value]
    rates = one.gap.rates[cases.codes(("channel", "persona", other))]
    group = cases.of({one.name: one.value}) & ~np.isnan(rates)
    onward, onward_error = cases.onward(group)
    return Loss(
        detector="drop_off",
        place=cases.place,
        who={one.name: one.value},
        first=None,
        after=None,
        people=int(one.gap.people),
        observed=one.gap.observed,
        comparable=one.gap.comparable,
        onward=onward,
        orders=one.gap.lost * onward,
        error=float(np.hypot(one.gap.error * onward, one.gap.lost * onward_error)),
        chance=one.gap.chance,
        rows=cases.number[group],
        missing=held(cases.people[group], cases.went_on[group], rates[group], onward),
        against=tuple(against),
    )


def _with_absorbed(
    found: list[Loss], first_seen: list[_Compared], places: list[Cases]
) -> list[Loss]:
    """The losses, each with what stood out at first among the people it holds now."""
    own = {(loss.place.name, *loss.who.items()) for loss in found}
    said: dict[int, list[str]] = {}
    for one in first_seen:
        cases = places[one.number]
        if (cases.place.name, (one.name, one.value)) in own:
            continue
        group = cases.number[cases.of({one.name: one.value})]
        shared = [
            len(np.intersect1d(loss.rows, group)) if loss.place == cases.place else 0
            for loss in found
        ]
        if any(shared):
            said.setdefault(int(np.argmax(shared)), []).append(
                f"{one.value} fell short too, by people who are counted here: "
                f"{percent(one.gap.observed)} {cases.place.onward}, of comparable people "
                f"{percent(one.gap.comparable)}."
            )
    return [replace(loss, beside=tuple(said.get(number, ()))) for number, loss in enumerate(found)]


def _values(cases: Cases, name: str, minimum_n: int) -> list[str]:
    """The values of a filter that enough people have; not knowing is no place to go."""
    sizes = np.bincount(cases.segment[name], cases.people, len(cases.values[name]))
    return [
        value
        for value, size in zip(cases.values[name], sizes, strict=True)
        if size >= minimum_n and value != "Unknown"
    ]
