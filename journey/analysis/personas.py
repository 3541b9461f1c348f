"""Each persona in facts: how many, through which channels, what becomes of them, how they feel,
and which touchpoints they meet more or less often than everyone else."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from journey.config import Config
from journey.metrics import statistics
from journey.metrics.measures import Value, measures
from journey.personas import Persona

__all__ = ["Persona", "Portrait", "Touched", "as_rows", "portraits"]

FALSE_SHARE = 0.10
"""The most that may be false of the touchpoints said to set a persona apart."""


@dataclass(frozen=True)
class Touched:
    """How many of a persona's people meet a touchpoint, against all other people."""

    touchpoint: str
    met: int
    people: int
    others_met: int
    others: int
    gap: tuple[float, float, float]
    """The difference of the two shares and its ends (Newcombe), from -1 to 1."""
    stands: bool
    """More than chance would explain, with at most one in ten of such false."""


@dataclass(frozen=True)
class Portrait:
    """The facts of one persona in a period."""

    name: str
    people: int
    everyone: int
    facts: dict[str, Value | None]
    """Measure of `persona_facts` to its value: conversion, value_per_journey, satisfied, repeat."""
    channels: tuple[tuple[str, int, int], ...]
    """Entry channel, journeys that came by it, and all journeys; the commonest first."""
    touched: tuple[Touched, ...]
    """Every touchpoint its people or others meet, the largest difference first."""

    @property
    def size(self) -> Value:
        """The share of all people, with its interval."""
        share = self.people / self.everyone
        return Value(share, *statistics.wilson(self.people, self.everyone), self.everyone)

    def apart(self, more: bool) -> list[Touched]:
        """The touchpoints its people meet more (or less) often, where that stands."""
        return [one for one in self.touched if one.stands and (one.gap[0] > 0) == more]

    def met(self, touchpoint: str) -> tuple[int, int] | None:
        """How many of its people meet a touchpoint, of how many; None where nobody at all does."""
        found = [one for one in self.touched if one.touchpoint == touchpoint]
        return (found[0].met, found[0].people) if found else None


def portraits(ask: Callable[[str], pl.DataFrame], config: Config) -> list[Portrait]:
    """The personas with people in the period, the commonest first.

    `ask` gives the rows of a metric by name; asked are `persona_facts`, `persona_channels` and
    `persona_touchpoints`. The share of people who meet a touchpoint is set against all people of
    other personas, with Newcombe's interval; the differences are judged together by Benjamini and
    Hochberg at one in ten, where both sides have enough people. Touchpoints that a persona's own
    rule names are left out: they would be different by definition. Raises MetricError.
    """
    facts, channels, touched = (
        ask(f"personas/{name}")
        for name in ("persona_facts", "persona_channels", "persona_touchpoints")
    )
    everyone = int(facts["people"].sum() or 0)
    apart = _touched(touched, config)
    found = measures(facts.columns[1:])
    return [
        Portrait(
            row["persona"],
            row["people"],
            everyone,
            {one.name: one.value(row) for one in found if one.kind != "count"},
            tuple(
                channels.filter(persona=row["persona"])
                .select("channel", "came", "journeys")
                .iter_rows()
            ),
            tuple(apart.get(row["persona"], ())),
        )
        for row in facts.iter_rows(named=True)
    ]


def as_rows(found: Iterable[Portrait]) -> pl.DataFrame:
    """What sets the personas apart, as rows: one per persona and touchpoint."""
    rows = [
        (
            portrait.name,
            one.touchpoint,
            one.met,
            one.people,
            one.others_met,
            one.others,
            *one.gap,
            one.stands,
        )
        for portrait in found
        for one in portrait.touched
    ]
    numbers = ("met", "people", "others_met", "others")
    return pl.DataFrame(
        rows,
        schema={
            "persona": pl.String,
            "touchpoint": pl.String,
            **dict.fromkeys(numbers, pl.Int64),
            **dict.fromkeys(("difference", "low", "high"), pl.Float64),
            "more_than_chance": pl.Boolean,
        },
        orient="row",
    )


def _touched(rows: pl.DataFrame, config: Config) -> dict[str, list[Touched]]:
    """Each persona's touchpoints against those of all others."""
    people: dict[str, int] = dict(rows.select("persona", "people").unique().iter_rows())
    met = {(name, what): n for name, what, n in rows.select(rows.columns[:3]).iter_rows()}
    totals: dict[str, int] = {}
    for (_, what), count in met.items():
        totals[what] = totals.get(what, 0) + count
    everyone = sum(people.values())
    given = {persona.name: persona for persona in config.personas}
    pairs, chances = [], []
    for name, own in people.items():
        rule = given[name].rule_in_words() if name in given else ""
        for what, total in totals.items():
            others = everyone - own
            if not others or re.search(rf"\b{re.escape(what)}\b", rule):
                continue
            counts = (met.get((name, what), 0), own)
            counts_others = (total - counts[0], others)
            pairs.append((name, what, counts, counts_others))
            enough = min(own, others) >= config.minimum_n
            chances.append(statistics.two_shares(*counts, *counts_others) if enough else 1.0)
    stands = statistics.discoveries(chances, FALSE_SHARE)
    found: dict[str, list[Touched]] = {}
    for (name, what, one, other), judged in zip(pairs, stands, strict=True):
        gap = statistics.difference(*one, *other)
        found.setdefault(name, []).append(Touched(what, *one, *other, gap, judged))
    for touched in found.values():
        touched.sort(key=lambda one: (-abs(one.gap[0]), one.touchpoint))
    return found
