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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from journey.config import STAGES, Config
from journey.errors import MetricError, suggest
from journey.metrics import statistics
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.personas import Persona

MOST_ADDED = 5
"""The commonest added touchpoints that are named."""


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
    bound = {"persona": persona.name, **_bound(plan)}
    found = engine.table(_sql(plan, early), filters, bound)
    steps = tuple(
        Step(step, *(_total(found, f"{what}_{place}") for what in ("met", "chain", "again")))
        for place, step in enumerate(plan)
    )
    added = engine.table(_added_sql(plan), filters, bound)
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


def _bound(plan: Sequence[str]) -> Mapping[str, str]:
    """The planned touchpoints as parameters."""
    return {f"step_{place}": step for place, step in enumerate(plan)}


_SEEN = """
with
    mature as (
        select person_id, person_number, journey_number, matures_at,
            deepest_in_window >= 4 as is_converted
        from journeys
        where not is_orphan and persona = $persona
            and started_on >= $since and started_on < $until and matures_at <= $as_of
    ),
    seen as (
        select mature.person_number, mature.journey_number,
            touches.touch_number, touches.touchpoint, touches.is_order
        from touches
        inner join mature
            on touches.person_number = mature.person_number
            and touches.journey_number = mature.journey_number
        where touches.occurred_at <= mature.matures_at
    )
"""
"""The journeys looked at, and their touches within the window."""


def _chain(name: str, source: str, places: Sequence[int]) -> list[str]:
    """A table for each step: when a journey meets it after all planned before it, the earliest
    way through (which finds the order wherever there is one)."""
    tables = []
    for number, place in enumerate(places):
        before, after = "", ""
        if number:
            before = (
                f"inner join {name}_{number - 1} as before "
                "on own.person_number = before.person_number "
                "and own.journey_number = before.journey_number"
            )
            after = "and own.touch_number > before.at"
        tables.append(
            f"""{name}_{number} as (
                select own.person_number, own.journey_number, min(own.touch_number) as at
                from {source} as own {before}
                where own.touchpoint = $step_{place} {after}
                group by own.person_number, own.journey_number
            )"""
        )
    return tables


def _sql(plan: Sequence[str], early: Sequence[str]) -> str:
    """One row per outcome: counts of journeys by what they do with the plan."""
    first = [plan.index(step) for step in plan]
    times = [plan.count(step) for step in plan]
    early_places = [place for place, step in enumerate(plan) if step in set(early)]
    named = ", ".join(f"$step_{place}" for place in sorted(set(first)))
    counts = ", ".join(
        f"count(*) filter (where touchpoint = $step_{place}) as times_{place}"
        for place in range(len(plan))
    )
    tables = [
        f"""met as (
            select person_number, journey_number, {counts},
                count(*) filter (where touchpoint not in ({named}) and not is_order) as others
            from seen group by person_number, journey_number
        )""",
        """ordered as (
            select person_number, journey_number, min(touch_number) as order_number
            from seen where is_order group by person_number, journey_number
        )""",
        """early as (
            select seen.* from seen
            left join ordered
                on seen.person_number = ordered.person_number
                and seen.journey_number = ordered.journey_number
            where ordered.order_number is null or seen.touch_number < ordered.order_number
        )""",
        """opinions as (
            select person_id, journey_number, count(*) as answers,
                count(*) filter (where score >= scale_max - 1) as satisfied
            from responses
            where survey = 'csat' and score is not null and answered_at <= $as_of
            group by person_id, journey_number
        )""",
        *_chain("whole", "seen", range(len(plan))),
        *_chain("first", "early", early_places),
    ]
    joins = [
        f"left join {name} on mature.person_number = {name}.person_number "
        f"and mature.journey_number = {name}.journey_number"
        for name in (
            "met",
            *(f"whole_{place}" for place in range(len(plan))),
            *([f"first_{len(early_places) - 1}"] if early_places else []),
        )
    ]
    follow = f"whole_{len(plan) - 1}.at is not null"
    every = " and ".join(f"met.times_{place} >= {times[place]}" for place in range(len(plan)))
    any_met = " or ".join(f"met.times_{place} > 0" for place in range(len(plan)))
    again = " or ".join(f"met.times_{place} > {times[place]}" for place in range(len(plan)))
    follows_early = f"first_{len(early_places) - 1}.at is not null" if early_places else "false"
    steps = ", ".join(
        f"count(*) filter (where met.times_{place} > 0) as met_{place}, "
        f"count(*) filter (where whole_{place}.at is not null) as chain_{place}, "
        f"count(*) filter (where met.times_{place} > {times[place]}) as again_{place}"
        for place in range(len(plan))
    )
    return f"""
    {_SEEN}, {", ".join(tables)}
    select
        {follows_early} as is_following,
        count(*) as journeys,
        count(*) filter (where {follow}) as follow,
        count(*) filter (where not ({follow}) and coalesce({every}, false)) as other_order,
        count(*) filter (
            where not ({follow}) and not coalesce({every}, false) and coalesce({any_met}, false)
        ) as some,
        count(*) filter (where not coalesce({any_met}, false)) as none,
        count(*) filter (where met.others > 0) as adding,
        count(*) filter (where {again}) as repeating,
        count(*) filter (where mature.is_converted) as converted,
        coalesce(sum(opinions.satisfied), 0)::bigint as satisfied,
        coalesce(sum(opinions.answers), 0)::bigint as answers,
        {steps}
    from mature {" ".join(joins)}
    left join opinions
        on mature.person_id = opinions.person_id
        and mature.journey_number = opinions.journey_number
    group by is_following
    order by is_following
    """


def _added_sql(plan: Sequence[str]) -> str:
    """The commonest touchpoints that nobody planned."""
    named = ", ".join(f"$step_{plan.index(step)}" for step in dict.fromkeys(plan))
    return f"""
    {_SEEN}
    select touchpoint, count(distinct (person_number, journey_number)) as journeys
    from seen
    where touchpoint not in ({named}) and not is_order
    group by touchpoint
    order by journeys desc, touchpoint
    limit {MOST_ADDED}
    """


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
