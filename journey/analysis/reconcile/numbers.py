"""The numbers that cards show, each with its name, its own value, and what it declares."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from journey.analysis.reconcile.counting import Count
from journey.errors import MetricError, suggest
from journey.metrics import metric as registry
from journey.metrics.answer import Answer
from journey.metrics.counts import STAGE_GOAL, Counts
from journey.metrics.filters import Filters
from journey.metrics.metric import Metric

FUNNEL_STAGES = ("awareness", "consideration", "decision", "purchase", "post_purchase")
"""The rows of a stage funnel, each a number of its own."""

_CENT = 10_000
"""Money is kept to four decimals; what summing as floats adds to that is no money."""

Ask = Callable[[Metric, Filters], Answer]
"""How a metric is asked in a frame."""


@dataclass(frozen=True)
class Number:
    """One number of a metric: its own, or where `pick` names a column or a stage, that one."""

    metric: Metric
    pick: str
    counts: Counts | None
    """What it declares to count; None where it does not say."""

    @property
    def name(self) -> str:
        """`metric` or `metric:pick`."""
        return f"{self.metric.name}:{self.pick}" if self.pick else self.metric.name

    @property
    def title(self) -> str:
        """The metric's title, and which number of it."""
        if not self.pick:
            return self.metric.title
        return f"{self.metric.title}: {self.pick.replace('_', ' ')}"

    @property
    def unit(self) -> str:
        """The unit it is shown in."""
        if self.counts is not None and self.counts.measure in ("count", "money"):
            return "money" if self.counts.measure == "money" else self.pick or self.metric.unit
        return self.metric.unit if self._is_own else self.pick

    @property
    def kind(self) -> str:
        """What it is a measure of, so that two can be told to be of one kind."""
        if self.counts is not None:
            return self.counts.measure
        if self._is_own and self.metric.chart in _KINDS:
            return _KINDS[self.metric.chart]
        return "money" if self.metric.unit == "money" and self._is_own else "count"

    @property
    def _is_own(self) -> bool:
        """Whether it is the number that the card is about."""
        return not self.pick or self.metric.chart == "funnel"


_KINDS = {"rate": "share", "nps": "nps", "score": "mean", "quantiles": "median"}


def find(name: str) -> Number:
    """The number `metric` or `metric:pick`. Raises MetricError where there is no such metric, or
    it has several numbers and none is picked."""
    stem, _, pick = name.partition(":")
    metric = registry.find(stem)
    declared = metric.counts.get("")
    if metric.chart == "funnel":
        if pick not in FUNNEL_STAGES:
            raise MetricError(
                f"{metric.name} has a number for each stage.{suggest(pick, FUNNEL_STAGES)} "
                f"Say which: {', '.join(f'{metric.name}:{stage}' for stage in FUNNEL_STAGES)}."
            )
        if declared is not None and declared.goal == STAGE_GOAL:
            declared = replace(declared, goal=pick)
        return Number(metric, pick, declared)
    if not pick:
        if metric.chart not in (*_KINDS, "line", "stacked", "bar"):
            raise MetricError(
                f"{metric.name} is a {metric.chart} and has no one number to compare. "
                "Choose a rate, a score or a count."
            )
        return Number(metric, "", declared)
    if metric.chart not in ("rate", "line", "stacked", "bar"):
        raise MetricError(f"{metric.name} has one number. Leave out ':{pick}'.")
    return Number(metric, pick, metric.counts.get(pick))


def leading(metric: Metric) -> str:
    """The title of the number that the metric's card is about; empty where it declares none."""
    if not metric.counts:
        return ""
    pick = "purchase" if metric.chart == "funnel" else ""
    return Number(metric, pick, metric.counts.get("")).title


def offered() -> list[str]:
    """The names of all numbers that can be compared, by title: of each card its own, of a funnel
    its stages, and the columns that declare what they count."""
    found: list[Number] = []
    for path in registry.files():
        try:
            metric = registry.read(path)
            picks = FUNNEL_STAGES if metric.chart == "funnel" else ("", *sorted(metric.counts))
            found += [find(f"{metric.name}:{pick}".rstrip(":")) for pick in dict.fromkeys(picks)]
        except MetricError:
            continue  # its own card says what is wrong with it, and a table has no one number
    return [number.name for number in sorted(found, key=lambda one: (one.title, one.name))]


def own(ask: Ask, number: Number, filters: Filters) -> Count:
    """What the card itself says in the frame. Raises MetricError where it cannot be asked or
    has no such column."""
    answer = ask(number.metric, filters)
    rows, chart = answer.rows, number.metric.chart
    if chart == "quantiles":
        row = rows.row(0, named=True) if rows.height else {}
        days = row.get(next((name for name in rows.columns if "median" in name), ""))
        n = int(row.get(rows.columns[-1]) or 0)
        return Count(None if days is None or not n else Fraction(days), n)
    if chart == "funnel":
        reached = int(rows.filter(pl.nth(0) == number.pick)[rows.columns[1]].sum() or 0)
        return Count(Fraction(reached), reached)
    total = answer.total
    if not number.pick and total is not None:
        part, whole = total.part, int(total.whole)
        if not whole:
            return Count(None, 0)
        scale = 100 if chart == "nps" else 1
        shown = int(part) if chart == "rate" else None
        return Count(scale * Fraction(part) / whole, whole, shown)
    # As the card's own foot sums it up.
    column = number.pick or rows.columns[-1 if chart == "stacked" else 1]
    if column not in rows.columns or not rows.schema[column].is_numeric():
        numbers = [name for name, kind in rows.schema.items() if kind.is_numeric()]
        raise MetricError(
            f"{number.metric.name} has no number {column!r}.{suggest(column, numbers)} "
            f"It has {', '.join(numbers)}."
        )
    value = Fraction(round(_CENT * float(rows[column].sum() or 0)), _CENT)
    return Count(value, None if number.kind == "money" else int(value))


def declared(number: Number, rows: pl.DataFrame) -> Counts | None:
    """What the number declares to count; for the part and the whole of a rate, which are columns
    of the answer, that of the rate."""
    share = number.metric.counts.get("")
    if number.counts is not None or share is None or share.measure != "share":
        return number.counts
    part, whole = rows.columns[-2:]
    if number.pick == part:
        return replace(share, measure="count")
    if number.pick == whole:
        return replace(share, measure="count", goal=None, reached=True, window="known")
    return None
