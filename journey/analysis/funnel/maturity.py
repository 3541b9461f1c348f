"""Which tries have had their time, and what can be said of all with those that have not."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import polars as pl

from journey.analysis.funnel.duration import arriving
from journey.analysis.funnel.rule import closes_after
from journey.analysis.funnel.spec import Funnel


@dataclass(frozen=True)
class Estimate:
    """The share that reaches a step by the end of the window, with its 95 % interval: None where
    no try has been watched that long."""

    step: int
    share: float | None
    low: float | None
    high: float | None


def is_mature(funnel: Funnel, as_of: datetime) -> pl.Expr:
    """Whether the window of a try has closed; all have had their time where there is none."""
    window = closes_after(funnel)
    return pl.lit(True) if window is None else pl.col("at_1") + window <= pl.lit(as_of)


def estimates(table: pl.DataFrame, funnel: Funnel, as_of: datetime) -> list[Estimate]:
    """For each step the share of all that entered, those still in their window among them as
    far as they were watched (Kaplan and Meier 1958). Empty where the funnel has no window.
    """
    window = closes_after(funnel)
    if window is None or table.is_empty():
        return []
    found = []
    for step in range(1, len(funnel.steps) + 1):
        if step == 1:
            found.append(Estimate(1, 1.0, 1.0, 1.0))
            continue
        known = arriving(table, funnel, as_of, 1, step).by(window.total_seconds())
        found.append(Estimate(step, *(known or (None, None, None))))
    return found


def rows(found: Sequence[Estimate]) -> pl.DataFrame:
    """One row a step, with the estimate's fields as columns."""
    kinds = {"step": pl.Int64, **dict.fromkeys(("share", "low", "high"), pl.Float64)}
    return pl.DataFrame([asdict(one) for one in found], schema=kinds)
