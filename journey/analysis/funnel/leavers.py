"""Who left at a step: how many, who, and as a segment that lasts."""

from dataclasses import dataclass

import polars as pl

from journey.analysis.funnel.maturity import is_mature
from journey.analysis.funnel.rule import rule
from journey.analysis.funnel.spec import Funnel
from journey.errors import MetricError
from journey.metrics.filters import Filters


@dataclass(frozen=True)
class Leavers:
    """Those that reached the step before and not this one, though they have had their time."""

    step: int
    """The step they did not reach, from 1."""
    tries: int
    undecided: int
    """Tries that reached the step before and may still reach this one: their window is open."""
    people: pl.DataFrame
    """One row a person: `person` (their number), `tries` (how many of theirs left here),
    `left_at` (when they last reached the step before, UTC), the latest first."""


def leavers(table: pl.DataFrame, funnel: Funnel, filters: Filters, step: int) -> Leavers:
    """Who left at a step. Without a window nobody has run out of time: then all who have not
    reached it by the as-of. Raises MetricError for a step that nobody can leave at."""
    before = step_before(funnel, step)
    stopped = table.filter(
        pl.col(f"at_{before}").is_not_null() & pl.col(f"at_{step}").is_null()
    ).with_columns(over=is_mature(funnel, filters.as_of))
    gone = stopped.filter("over")
    people = (
        gone.group_by("person")
        .agg(pl.len().cast(pl.Int64).alias("tries"), pl.col(f"at_{before}").max().alias("left_at"))
        .sort(["left_at", "person"], descending=[True, False])
    )
    return Leavers(step, gone.height, stopped.height - gone.height, people)


def step_before(funnel: Funnel, step: int) -> int:
    """The last step before this one that must happen, from 1."""
    if step - 1 not in funnel.required[1:]:
        raise MetricError(
            f"Nobody can leave at step {step}. Choose one that must happen, after the first: "
            f"{', '.join(str(place + 1) for place in funnel.required[1:])}."
        )
    return max(place for place in funnel.required if place < step - 1) + 1


def described(funnel: Funnel, filters: Filters, step: int) -> tuple[str, str]:
    """A title and a question for the segment of those who left at a step."""
    before = step_before(funnel, step)
    title = f"Left between {_name(funnel, before)} and {_name(funnel, step)}"
    question = f"Who got to {_name(funnel, before)} and not on to {_name(funnel, step)}?"
    return title, question


def notes(funnel: Funnel, filters: Filters) -> str:
    """The rule behind the segment."""
    return rule(funnel, filters)


def _name(funnel: Funnel, step: int) -> str:
    """A step's name."""
    return funnel.steps[step - 1].text
