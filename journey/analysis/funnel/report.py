"""A funnel asked of a snapshot: its steps with counts and rates, and its rule."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import polars as pl

from journey.analysis import inparts
from journey.analysis.funnel.carried import carried
from journey.analysis.funnel.names import known
from journey.analysis.funnel.query import Query, query
from journey.analysis.funnel.reaching import is_simple, reach
from journey.analysis.funnel.rows import check_order, in_order, rows, shared_out, thinned
from journey.analysis.funnel.rule import closes_after, counted, rule
from journey.analysis.funnel.spec import Funnel, Mode
from journey.analysis.funnel.tries import Tries, tries
from journey.errors import MetricError
from journey.metrics import statistics
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

STEP_TOUCHES, ALL_TOUCHES = 40_000_000, 12_000_000
"""How many events of the store are worked through in one part, where only the steps' touches are
read, and where all are."""

SLICE = 100_000
"""How many touches of a part are followed at a time: so few that their arrays stay near the core.
The cores share the slices, since arrays are worked on without holding Python."""

_CORES = os.cpu_count() or 1

Part = TypeVar("Part")


@dataclass(frozen=True)
class Reached:
    """A step and how many reached it."""

    step: str
    count: int
    entered: int
    """How many reached the first step."""
    before: int | None
    """How many reached the last step before it that must happen; None for the first."""
    optional: bool

    @property
    def overall(self) -> float | None:
        """The share of those who entered; None where nobody did."""
        return self.count / self.entered if self.entered else None

    @property
    def previous(self) -> float | None:
        """The share of those who reached the step before; None for the first, or of nobody."""
        return self.count / self.before if self.before else None

    def as_json(self) -> dict[str, Any]:
        """Counts and rates with their 95 % Wilson intervals."""
        return {
            "step": self.step,
            "count": self.count,
            "overall": self.overall,
            "previous": self.previous,
            "overall_interval": _interval(self.count, self.entered),
            "previous_interval": _interval(self.count, self.before),
            "optional": self.optional,
        }


@dataclass(frozen=True)
class Report:
    """What a funnel found."""

    funnel: Funnel
    filters: Filters
    mature_only: bool
    steps: tuple[Reached, ...]

    @property
    def rule(self) -> str:
        """The rule in one sentence."""
        return rule(self.funnel, self.filters, mature_only=self.mature_only)

    def as_json(self) -> dict[str, Any]:
        """Plain values; rates are shares from 0 to 1."""
        return {
            "steps": [step.as_json() for step in self.steps],
            "rule": self.rule,
            "counted": counted(self.funnel),
            "since": self.filters.since.isoformat(),
            "until": self.filters.until.isoformat(),
            "as_of": self.filters.as_of.isoformat(),
            "where": {name: list(values) for name, values in self.filters.where.items()},
        }


def ask(engine: Engine, funnel: Funnel, filters: Filters, *, mature_only: bool = False) -> Report:
    """How many reach each step. With `mature_only`, only tries whose window has closed by the
    as-of enter. Raises MetricError for an unknown step, or a maturity that has no window.
    """
    count = reach if is_simple(funnel) else _counts
    parts = list(each(engine, funnel, filters, count, mature_only=mature_only))
    counts = [sum(steps) for steps in zip(*parts, strict=True)]
    return Report(funnel, filters, mature_only, reached(funnel, counts))


def told(
    table: pl.DataFrame, funnel: Funnel, filters: Filters, *, mature_only: bool = False
) -> Report:
    """The report of tries that are there already, as `table` gives them for the same question."""
    counts = [table[f"at_{number}"].count() for number in range(1, len(funnel.steps) + 1)]
    return Report(funnel, filters, mature_only, reached(funnel, counts))


def table(
    engine: Engine,
    funnel: Funnel,
    filters: Filters,
    *,
    also: Sequence[str] = (),
    mature_only: bool = False,
) -> pl.DataFrame:
    """The tries behind a report as rows (see `Tries.table`), with what their touches carried in
    the columns `also` of `touches`."""
    parts = follow(engine, funnel, filters, also=also, mature_only=mature_only)
    return pl.concat([part.table() for part in parts])


def follow(
    engine: Engine,
    funnel: Funnel,
    filters: Filters,
    *,
    also: Sequence[str] = (),
    mature_only: bool = False,
) -> Iterator[Tries]:
    """The tries, of so many people at a time that memory stays bounded. There is always at least
    one part."""
    return each(engine, funnel, filters, _tries, also=also, mature_only=mature_only)


def each(
    engine: Engine,
    funnel: Funnel,
    filters: Filters,
    work: Callable[[Funnel, Query, pl.DataFrame], Part],
    *,
    also: Sequence[str] = (),
    mature_only: bool = False,
    everything: bool = False,
) -> Iterator[Part]:
    """What `work` makes of some people's touches, part by part, as in `follow`; with `everything`,
    of all touches there are, not of the steps' alone."""
    entered_by = None
    if mature_only:
        time = closes_after(funnel)
        if time is None:
            raise MetricError(
                "Without a window no try has had its time, so none is mature. Give a --window, "
                "or leave --mature-only out."
            )
        entered_by = filters.as_of - time
    names = known(engine, filters)
    whole = everything or funnel.mode is Mode.STRICT
    for people in _people(engine, filters, ALL_TOUCHES if whole else STEP_TOUCHES):
        asked = query(
            funnel,
            names,
            filters,
            engine.snapshot.time_zone,
            also,
            entered_by,
            everything=everything,
            people=people,
        )
        words = {name: carried(engine, filters, name) for name in asked.numbered}
        asked = replace(asked, words=words)
        found = in_order(engine.table(asked.sql, filters, asked.parameters))
        parts = shared_out(found, len(found) // SLICE + 1)
        one = partial(_one, work, funnel, asked)
        if len(parts) == 1:
            yield one(parts[0])
        else:
            with ThreadPoolExecutor(_CORES) as workers:
                yield from workers.map(one, parts)


def _one(
    work: Callable[[Funnel, Query, pl.DataFrame], Part],
    funnel: Funnel,
    asked: Query,
    found: pl.DataFrame,
) -> Part:
    """What `work` makes of one part, after a look at its order."""
    if "touch" not in found.columns:
        check_order(found)
    return work(funnel, asked, found)


def _tries(funnel: Funnel, asked: Query, found: pl.DataFrame) -> Tries:
    """The tries among some people's touches."""
    return tries(rows(funnel, asked, thinned(funnel, asked, found)), funnel)


def _counts(funnel: Funnel, asked: Query, found: pl.DataFrame) -> list[int]:
    """How many of some people reach each step, try by try."""
    return _tries(funnel, asked, found).counts


def _people(engine: Engine, filters: Filters, touches: int) -> Iterator[tuple[int, int] | None]:
    """The numbers of the first and last person of each part; None for all at once."""
    if engine.snapshot.events <= touches:
        yield None
        return
    yield from inparts.people(engine, filters, touches)


def reached(funnel: Funnel, counts: Sequence[int]) -> tuple[Reached, ...]:
    """The counts as steps: each against the first, and against the last before it that must
    happen."""
    steps = []
    before: int | None = None
    for place, (step, count) in enumerate(zip(funnel.steps, counts, strict=True)):
        needed = place in funnel.required
        steps.append(Reached(step.text, count, counts[0], before, not needed))
        before = count if needed else before
    return tuple(steps)


def _interval(part: int, whole: int | None) -> list[float] | None:
    """Both ends of the Wilson interval; none where there is no case."""
    return list(statistics.wilson(part, whole)) if whole else None
