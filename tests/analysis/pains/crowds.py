"""Crowds that stand at a place of the journey, drawn or declared, for the detectors."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from journey.analysis.pains.cases import Cases
from journey.analysis.pains.places import PLACES
from journey.analysis.pains.signs import SIGNS

CHECKOUT = PLACES[3]

VALUES = {
    "channel": ["Direct", "Email", "Social"],
    "persona": ["Loyal", "New"],
    "device": ["desktop", "mobile", "tablet"],
    "country": ["AT", "DE", "FR"],
}

BASE = {"Direct": 0.62, "Email": 0.55, "Social": 0.4}
"""How many go on, by channel; the persona New a tenth fewer."""


def crowd(
    seed: int,
    days: int = 120,
    a_day: float = 60.0,
    holes: Sequence[tuple[Mapping[str, str], tuple[int, int] | None, float]] = (),
    place: int = 3,
    befell: Sequence[tuple[str, float, Mapping[str, str], tuple[int, int] | None, float]] = (),
) -> Cases:
    """People at a place. A hole is a segment, the days it has (None: all) and the factor by which
    fewer of its people go on. `befell` names a sign, how often it befalls people, and a segment
    and days in which it does so more often, by a factor."""
    random = np.random.default_rng(seed)
    size = random.poisson(a_day * days)
    day = random.integers(0, days, size)
    shares = ((0.4, 0.35, 0.25), (0.5, 0.5), (0.4, 0.5, 0.1), (0.2, 0.5, 0.3))
    segment = {
        name: random.choice(len(values), size, p=share)
        for (name, values), share in zip(VALUES.items(), shares, strict=True)
    }
    chance = np.array([BASE[name] for name in VALUES["channel"]])[segment["channel"]]
    chance = chance * np.where(segment["persona"] == 1, 0.9, 1.0)

    def inside(who: Mapping[str, str], span: tuple[int, int] | None) -> Any:
        found = np.ones(size, dtype=np.bool_)
        for name, value in who.items():
            found &= segment[name] == VALUES[name].index(value)
        return found if span is None else found & (day >= span[0]) & (day < span[1])

    for who, span, factor in holes:
        chance = np.where(inside(who, span), chance * factor, chance)
    went_on = random.random(size) < chance
    ordered = went_on & (random.random(size) < 0.8)
    counts = dict.fromkeys(SIGNS, np.zeros(size))
    for name, usual, who, span, factor in befell:
        often = np.where(inside(who, span), usual * factor, usual)
        counts[name] = random.random(size) < often
        if name == "slow":
            counts[name] &= went_on
    return cases(day, segment, went_on, ordered, place, counts)


def cases(
    day: Any,
    segment: dict[str, Any],
    went_on: Any,
    ordered: Any,
    place: int = 3,
    counts: Mapping[str, Any] | None = None,
) -> Cases:
    """One row a person, counted together where day and segment are the same."""
    key = np.stack([day, *segment.values()], axis=1)
    rows, where = np.unique(key, axis=0, return_inverse=True)
    where = where.reshape(-1)

    def counted(values: Any) -> Any:
        return np.bincount(where, values, len(rows)).astype(np.float64)

    codes = {name: rows[:, column] for column, name in enumerate(segment, 1)}
    people = [counted(values) for values in (np.ones(len(day)), went_on, ordered)]
    more = {name: counted(values) for name, values in (counts or {}).items()}
    return Cases(PLACES[place], rows[:, 0], codes, VALUES, *people, np.arange(len(rows)), more)
