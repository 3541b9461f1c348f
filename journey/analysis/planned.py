"""A persona's planned touchpoints against what its people do: who follows, skips, adds, repeats,
and what following goes with.

Looked at are the persona's mature journeys that started in the period, and of each the touches
within the conversion window of its start, so that all had the same time. A journey *follows* the
plan where it meets every planned touchpoint in the planned order, whatever comes between; it may
also meet all of them in another order, some, or none. A touchpoint is *skipped* where a journey
never meets it, *repeated* where it is met more often than planned, *added* where it is not planned
at all; orders are no addition.

What following goes with is told of the steps planned before an order, met in order before the
journey's own order (where it has one), so that what an order brings with it cannot count as
following. Journeys that follow are set against those that do not, with Newcombe's interval. Longer
journeys meet more touchpoints, and whoever means to buy takes more steps: it is an association.
"""

from dataclasses import dataclass

import polars as pl

from journey.analysis.plannedquery import added_sql, bound, followed_sql
from journey.config import STAGES, Config
from journey.errors import MetricError, suggest
from journey.metrics import statistics
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.personas import Persona


@dataclass(frozen=True)
class Step:
    """One planned touchpoint, and what journeys do with it."""

    touchpoint: str
    met: int
    """Journeys that meet it at all."""
    in_order: int
    """Journeys that meet it and all planned before it, in order."""
    repeated: int
    """Journeys that meet it more often than planned."""


@dataclass(frozen=True)
class Compared:
    """A share among those who follow and among the others."""

    name: str
    """`conversion` or `satisfied`."""
    following: tuple[int, int]
    """Part and whole of those who follow."""
    others: tuple[int, int]

    def gap(self, minimum_n: int) -> tuple[float, float, float] | None:
        """The difference with its 95 % interval (Newcombe), from -1 to 1; None where either side
        has fewer than the minimum."""
        if min(self.following[1], self.others[1]) < max(1, minimum_n):
            return None
        return statistics.difference(*self.following, *self.others)


@dataclass(frozen=True)
class Planned:
    """A plan against what is done. `follow`, `other_order`, `some` and `none` add up to
    `journeys`."""

    persona: str
    plan: tuple[str, ...]
    journeys: int
    follow: int
    other_order: int
    some: int
    none: int
    adding: int
    """Journeys with a touchpoint that is not planned."""
    repeating: int
    """Journeys that meet a planned touchpoint more often than planned."""
    steps: tuple[Step, ...]
    added: tuple[tuple[str, int], ...]
    """The commonest added touchpoints, and the journeys that have each."""
    before_order: tuple[str, ...]
    """The part of the plan that lies before an order, which `compared` is about."""
    compared: tuple[Compared, ...]


def planned(engine: Engine, config: Config, filters: Filters, name: str) -> Planned:
    """How a persona's journeys keep to its plan.

    Raises MetricError where there is no such persona, it has no plan, or the question takes too
    long.
    """
    persona = _persona(config, name)
    plan = persona.touchpoints
    late = STAGES.index("purchase")
    early = tuple(
        step
        for step in plan
        if (stage := config.touchpoints.get(step)) is None or STAGES.index(stage) < late
    )
    asked = {"persona": persona.name, **bound(plan)}
    found = engine.table(followed_sql(plan, early), filters, asked)
    steps = tuple(
        Step(step, *(_total(found, f"{what}_{place}") for what in ("met", "chain", "again")))
        for place, step in enumerate(plan)
    )
    added = engine.table(added_sql(plan), filters, asked)
    return Planned(
        persona=persona.name,
        plan=plan,
        journeys=_total(found, "journeys"),
        follow=_total(found, "follow"),
        other_order=_total(found, "other_order"),
        some=_total(found, "some"),
        none=_total(found, "none"),
        adding=_total(found, "adding"),
        repeating=_total(found, "repeating"),
        steps=steps,
        added=tuple(added.iter_rows()),
        before_order=early,
        compared=_compared(found) if early else (),
    )


def as_rows(found: Planned) -> pl.DataFrame:
    """The steps as rows."""
    rows = [
        (found.persona, one.touchpoint, one.met, one.in_order, one.repeated, found.journeys)
        for one in found.steps
    ]
    words = ("persona", "touchpoint")
    numbers = ("met", "met_in_order", "repeated", "journeys")
    return pl.DataFrame(
        rows,
        schema={**dict.fromkeys(words, pl.String), **dict.fromkeys(numbers, pl.Int64)},
        orient="row",
    )


def _persona(config: Config, name: str) -> Persona:
    """The persona of the configuration, with a plan."""
    known = {persona.name: persona for persona in config.personas}
    if name not in known:
        there = f"There are: {', '.join(known)}." if known else "journey.toml declares none."
        raise MetricError(f"There is no persona {name!r}.{suggest(name, known)} {there}")
    if not known[name].touchpoints:
        raise MetricError(
            f"The persona {name!r} has no planned touchpoints. Give it some in journey.toml, as in "
            'touchpoints = ["product_viewed", "product_added"].'
        )
    return known[name]


def _total(found: pl.DataFrame, column: str) -> int:
    """A count over both outcomes."""
    return int(found[column].sum() or 0)


def _compared(found: pl.DataFrame) -> tuple[Compared, ...]:
    """What following goes with."""
    sides = {
        is_following: {
            name: _total(found.filter(pl.col("is_following") == is_following), name)
            for name in ("journeys", "converted", "satisfied", "answers")
        }
        for is_following in (True, False)
    }
    return tuple(
        Compared(
            name,
            (sides[True][part], sides[True][whole]),
            (sides[False][part], sides[False][whole]),
        )
        for name, part, whole in (
            ("conversion", "converted", "journeys"),
            ("satisfied", "satisfied", "answers"),
        )
    )
