"""The one place where the kind of a chart finds the template of its sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from journey.analysis.trend.course import Turn
from journey.metrics.metric import Metric
from journey.present import frames
from journey.present.captions import counts, grids, times
from journey.present.captions.measured import measured
from journey.present.numbers import counted, exact
from journey.present.words import label


@dataclass(frozen=True)
class Told:
    """All that a sentence is made from."""

    metric: Metric
    rows: pl.DataFrame
    currency: str | None
    minimum_n: int
    since: date | None
    until: date | None
    turns: Sequence[Turn] = ()


def caption(
    metric: Metric,
    rows: pl.DataFrame,
    currency: str | None = None,
    minimum_n: int = 30,
    since: date | None = None,
    until: date | None = None,
    turns: Sequence[Turn] = (),
) -> str:
    """What the chart of these rows shows, as one plain sentence; never empty.

    `since` and `until` are the period, half-open: a day, week or month that it cuts is left out
    where periods are compared. `turns` are the changes of level that are told beneath the chart,
    which the sentence must not deny. Plain text: escape it where it is written.
    """
    if rows.is_empty() or rows.width < 2:
        return "Nothing in this period."
    return TEMPLATES[metric.chart](Told(metric, rows, currency, minimum_n, since, until, turns))


def _measured(t: Told) -> str:
    """A rate or score."""
    return measured(t.metric, t.rows, t.minimum_n, t.turns)


def _line(t: Told) -> str:
    """A course of counts."""
    grain = frames.grain(t.rows)
    cut = [
        day
        for day in t.rows[t.rows.columns[0]].drop_nulls().cast(pl.Date)
        if frames.is_cut(day, grain, t.since, t.until)
    ]
    return counts.course(t.metric, t.rows, t.currency, cut, t.turns)


def _table(t: Told) -> str:
    """How many rows there are, what one is, and where the first number is largest: `2 rows, one
    per currency. Most amounts: EUR, 132.`"""
    said = f"{counted(t.rows.height, 'rows')}, {t.metric.grain.replace('one row', 'one', 1)}"
    words = [name for name, kind in t.rows.schema.items() if kind == pl.String]
    named = [name for name, kind in t.rows.schema.items() if kind.is_numeric()]
    if not words or not named or t.rows.height == 1:
        return f"{said}."
    column = t.metric.unit if t.metric.unit in named else named[0]
    values = [(float(row[column] or 0), row) for row in t.rows.iter_rows(named=True)]
    most = max(value for value, _ in values)
    at = [row for value, row in values if value == most]
    if most <= 0 or len(at) > 1:
        return f"{said}."
    place = label(at[0][words[0]])
    if len(words) > 1:
        place += f" ({label(at[0][words[1]])})"
    unit = "money" if column.startswith(("revenue", "value")) else ""
    return f"{said}. Most {label(column).lower()}: {place}, {exact(most, unit, t.currency)}."


TEMPLATES: Mapping[str, Callable[[Told], str]] = {
    "rate": _measured,
    "nps": _measured,
    "score": _measured,
    "line": _line,
    "stacked": lambda t: counts.parts(t.metric, t.rows, t.currency, t.minimum_n),
    "bar": lambda t: counts.bars(t.metric, t.rows, t.currency),
    "funnel": lambda t: counts.funnel(t.metric, t.rows, t.minimum_n),
    "quantiles": lambda t: counts.quantiles(t.metric, t.rows, t.currency, t.minimum_n),
    "matrix": lambda t: grids.matrix(t.metric, t.rows, t.currency, t.minimum_n),
    "measures": lambda t: grids.lines(t.metric, t.rows, t.currency, t.minimum_n),
    "survival": lambda t: times.since(t.metric, t.rows, t.currency, t.minimum_n),
    "curve": lambda t: times.since(t.metric, t.rows, t.currency, t.minimum_n),
    "table": _table,
}
"""Kind of chart to its template."""
