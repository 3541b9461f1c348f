"""A funnel asked of a snapshot: its steps with counts and rates, and its rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from journey.analysis.funnel.names import known
from journey.analysis.funnel.rows import query, rows
from journey.analysis.funnel.rule import closes_after, counted, rule
from journey.analysis.funnel.spec import Funnel
from journey.analysis.funnel.tries import Tries, tries
from journey.errors import MetricError
from journey.metrics import statistics
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


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
    counts = follow(engine, funnel, filters, mature_only=mature_only).counts
    return Report(funnel, filters, mature_only, reached(funnel, counts))


def follow(
    engine: Engine,
    funnel: Funnel,
    filters: Filters,
    *,
    also: Sequence[str] = (),
    mature_only: bool = False,
) -> Tries:
    """The tries behind a report, with what their touches carried in the columns `also`."""
    entered_by = None
    if mature_only:
        time = closes_after(funnel)
        if time is None:
            raise MetricError(
                "Without a window no try has had its time, so none is mature. Give a --window, "
                "or leave --mature-only out."
            )
        entered_by = filters.as_of - time
    asked = query(funnel, known(engine, filters), also, entered_by)
    return tries(rows(funnel, engine.table(asked.sql, filters, asked.parameters)), funnel)


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
