"""One shape of answer, whoever asks: rows, total with interval, as-of."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl

from journey.metrics import statistics
from journey.metrics.filters import Filters
from journey.metrics.metric import Metric

CES_SCALE = (1, 7)
"""The scale of CES 2.0, which the metric `ces` is restricted to."""


@dataclass(frozen=True)
class Total:
    """The whole answer in one number: a part of a whole, and how sure it is.

    `value`, `low` and `high` are shares for rates, points from -100 to 100 for NPS, and scale
    points for means. None where there is no case.
    """

    part: float
    whole: float
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Answer:
    """What a metric says about one frame."""

    metric: Metric
    filters: Filters
    rows: pl.DataFrame
    snapshot: str
    as_of_given: date | datetime
    """The as-of as it was asked for."""

    @property
    def total(self) -> Total | None:
        """The sum of the rows as one number, for charts that have a part and a whole."""
        return total(self.metric.chart, self.rows)

    @property
    def is_empty(self) -> bool:
        """Whether there is not one case to show."""
        if self.rows.is_empty():
            return True
        if (whole := self.total) is not None:
            return not whole.whole
        if self.metric.chart in ("quantiles", "funnel"):
            return not self.rows[self.rows.columns[-1]].sum()
        if self.metric.chart in ("matrix", "measures"):
            counted = self.rows.select(pl.selectors.numeric()).fill_null(0)
            return not counted.sum().sum_horizontal().sum()
        return False

    def as_json(self) -> dict[str, Any]:
        """Plain values: dates as ISO text, numbers as numbers."""
        answer: dict[str, Any] = {
            "metric": self.metric.name,
            "since": self.filters.since.isoformat(),
            "until": self.filters.until.isoformat(),
            "as_of": self.as_of_given.isoformat(),
            "where": {name: list(values) for name, values in self.filters.where.items()},
            **(
                {"outside": {name: list(values) for name, values in self.filters.outside.items()}}
                if self.filters.outside
                else {}
            ),
            "snapshot": self.snapshot,
            "rows": [
                {name: _plain(value) for name, value in row.items()}
                for row in self.rows.iter_rows(named=True)
            ],
        }
        if (whole := self.total) is not None:
            answer["total"] = {
                "part": _count(whole.part),
                "whole": _count(whole.whole),
                "value": whole.value,
                "low": whole.low,
                "high": whole.high,
            }
        return answer


def total(chart: str, rows: pl.DataFrame) -> Total | None:
    """The rows' sum as one number: ratios are sums over sums, never means of ratios."""
    if chart not in ("rate", "nps", "score") or rows.width < 2:
        return None
    if chart == "nps":
        promoters, _, detractors, responses = (_sum(rows, column) for column in rows.columns[-4:])
        part: float = promoters - detractors
        whole = responses
        measured = statistics.nps(promoters, detractors, responses) if responses else None
    elif chart == "score":
        part, _, whole = (_sum(rows, column) for column in rows.columns[-3:])
        measured = statistics.mean_on_scale(part, whole, *CES_SCALE) if whole else None
    else:
        part, whole = (_sum(rows, column) for column in rows.columns[-2:])
        measured = (part / whole, *statistics.wilson(part, whole)) if whole else None
    value, low, high = measured or (None, None, None)
    return Total(part, whole, value, low, high)


def apart(one: Total, other: Total) -> tuple[float, float, float] | None:
    """How far one total is from another, and the ends of the 95 % interval (MOVER; Newcombe's for
    shares), in the totals' own units; None where one has no value."""
    ends = (one.value, one.low, one.high, other.value, other.low, other.high)
    if any(end is None for end in ends):
        return None
    value, low, high, value_other, low_other, high_other = (float(end or 0) for end in ends)
    return statistics.apart((value, low, high), (value_other, low_other, high_other))


def _sum(rows: pl.DataFrame, column: str) -> float:
    """The column's sum; 0 without rows."""
    return float(rows[column].sum() or 0)


def _count(value: float) -> float:
    """A whole number without its point."""
    return int(value) if value.is_integer() else value


def _plain(value: Any) -> Any:
    """A value that JSON knows."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    return value
