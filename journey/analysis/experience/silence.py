"""How those who answer differ from those who stay silent, touchpoint by touchpoint.

Every person counts once, at the first time of the period they were asked about the touchpoint, so
that busy customers, who are asked more often, do not pass for eager ones. Asked, answered and the
14 days to answer are those of the metric `response_rate`. Compared are what was known of the person
then (orders before, money before, entry channel, persona, device), what the order of that journey
was like (value, days to delivery), and whether it was followed by another within the repeat window,
where that has closed.

A difference says that the answers do not speak for everyone; it does not say by how much the score
is off, since the silent gave none. With so many differences looked at, those worth a word are
picked by the rule of Benjamini and Hochberg (1995) at 10 %.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import polars as pl

from journey.analysis.experience.occasions import NUMBERS, SHARES, TRAITS
from journey.config import Config
from journey.metrics import statistics, weighed
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.weighed import Difference, Sample


@dataclass(frozen=True)
class Trait:
    """One difference between those who answered about a touchpoint and those who did not."""

    touchpoint: str
    name: str
    """One of NUMBERS or SHARES."""
    of: str | None
    """The value of a segment whose share is compared."""
    unit: str
    answered: float
    """The mean or share among those who answered."""
    silent: float
    answered_people: int
    silent_people: int
    test: Difference
    spread: float
    """The standard deviation within the two sides, pooled; differences of unlike things are
    compared in this unit (Austin 2009: from 0.1 on they are not negligible)."""
    stands_out: bool = False
    """Whether it is worth a word, all differences of all touchpoints considered."""


def silence(engine: Engine, config: Config, filters: Filters) -> tuple[Trait, ...]:
    """The differences, for touchpoints with enough people on both sides, the surest first.

    Raises MetricError where the question takes too long.
    """
    rows = engine.table(TRAITS, filters)
    found = [*_numbers(rows, config.minimum_n), *_shares(rows, config.minimum_n)]
    stand_out = statistics.discoveries([trait.test.p for trait in found])
    traits = [replace(trait, stands_out=out) for trait, out in zip(found, stand_out, strict=True)]
    return tuple(
        sorted(traits, key=lambda one: (one.test.p, one.touchpoint, one.name, one.of or ""))
    )


def table(traits: Sequence[Trait]) -> pl.DataFrame:
    """The differences as rows."""
    numbers = ("answered", "silent", "difference", "low", "high", "standardised", "p")
    return pl.DataFrame(
        [
            (
                one.touchpoint,
                one.name if one.of is None else f"{one.name}: {one.of}",
                one.answered_people,
                one.silent_people,
                one.answered,
                one.silent,
                one.test.difference,
                one.test.low,
                one.test.high,
                one.test.difference / one.spread if one.spread else None,
                one.test.p,
                one.stands_out,
            )
            for one in traits
        ],
        schema={
            "touchpoint": pl.String,
            "trait": pl.String,
            "people_who_answered": pl.Int64,
            "people_silent": pl.Int64,
            **dict.fromkeys(numbers, pl.Float64),
            "stands_out": pl.Boolean,
        },
        orient="row",
    )


def _numbers(rows: pl.DataFrame, minimum_n: int) -> list[Trait]:
    """The traits that are numbers."""
    found = []
    for name, unit in NUMBERS.items():
        sides: dict[str, dict[bool, Sample]] = {}
        for touchpoint, answered, count, total, squares in (
            rows.filter(name=name)
            .select("touchpoint", "answered", "people", "total", "squares")
            .iter_rows()
        ):
            side = Sample(count, count, count, total or 0.0, squares or 0.0)
            sides.setdefault(touchpoint, {})[answered] = side
        for touchpoint, both in sides.items():
            if len(both) < 2 or min(side.count for side in both.values()) < minimum_n:
                continue
            differ = weighed.shares_differ if unit == "percent" else weighed.means_differ
            found.append(_trait(touchpoint, name, None, unit, both[True], both[False], differ))
    return found


def _shares(rows: pl.DataFrame, minimum_n: int) -> list[Trait]:
    """The traits that are shares of the values of a segment."""
    found = []
    shares = rows.filter(pl.col("name").is_in(SHARES))
    people = pl.col("people")
    sides = shares.group_by("touchpoint", "name", "value", maintain_order=True).agg(
        people.filter(pl.col("answered")).sum().alias("answered"),
        people.filter(~pl.col("answered")).sum().alias("silent"),
    )
    for (touchpoint, name), own in sides.group_by("touchpoint", "name", maintain_order=True):
        answered, silent = int(own["answered"].sum()), int(own["silent"].sum())
        if min(answered, silent) < minimum_n:
            continue
        for value, yes, no in own.select("value", "answered", "silent").iter_rows():
            if yes + no < minimum_n:
                continue
            there = Sample(answered, answered, answered, yes, yes)
            gone = Sample(silent, silent, silent, no, no)
            differ = weighed.shares_differ
            found.append(_trait(str(touchpoint), str(name), value, "percent", there, gone, differ))
    return found


def _trait(
    touchpoint: str,
    name: str,
    of: str | None,
    unit: str,
    answered: Sample,
    silent: Sample,
    differ: Callable[[Sample, Sample], Difference],
) -> Trait:
    """One difference with its test."""
    return Trait(
        touchpoint,
        name,
        of,
        unit,
        answered.mean,
        silent.mean,
        answered.count,
        silent.count,
        differ(answered, silent),
        sqrt((answered.variance + silent.variance) / 2),
    )
