"""Counts and amounts in a sentence: their course, their largest, where most are lost, how long."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from statistics import mean, stdev

import polars as pl
from scipy import stats

from journey.analysis.trend.course import Turn
from journey.metrics import statistics
from journey.metrics.metric import Metric
from journey.present import frames
from journey.present.captions.measured import in_between
from journey.present.categories import lumped
from journey.present.numbers import counted, interval, show
from journey.present.palette import OTHER
from journey.present.readings import numbers
from journey.present.stages import percentile_words
from journey.present.words import label, listed

_MEASURED = ("percent", "money", "points", "score", "days", "hours")
"""Units that are no count of things."""

_ENOUGH = 4
"""The fewest periods of a half that have a spread to speak of."""


def course(
    metric: Metric,
    rows: pl.DataFrame,
    currency: str | None,
    cut: Sequence[date] = (),
    turns: Sequence[Turn] = (),
) -> str:
    """The largest line's sum, and whether its later periods differ from its earlier ones by more
    than periods differ anyway. Periods in `cut` are not over and left out of that; `turns` are the
    changes of level in the period."""
    columns = rows.columns[1:]
    sums = {name: sum(numbers(rows[name])) for name in columns}
    if not any(sums.values()):
        return "Nothing in this period."
    name = max(columns, key=lambda column: sums[column])
    things = metric.unit if len(columns) == 1 else label(name).lower()
    grain = frames.grain(rows)
    full = rows.filter(~pl.col(rows.columns[0]).is_in(list(cut))).sort(rows.columns[0])
    values, middle = numbers(full[name]), full.height // 2
    if middle < _ENOUGH:
        return f"{_total(sums[name], rows.height, metric.unit, things, currency)}."
    first, last = values[:middle], values[middle:]
    before, after = (sum(half) / len(half) for half in (first, last))
    counts = "" if metric.unit in _MEASURED else f" {things}"
    from_ = (
        f"{show(before, metric.unit, currency)}{counts} a {grain} in the first {middle} {grain}s"
    )
    to = f"{show(after, metric.unit, currency)} in the last {len(last)}"
    if _spread_apart(first, last):
        verb = "Rose" if after > before else "Fell"
        return f"{verb} from {from_} to {to}, more than {grain}s differ anyway."
    if between := in_between(turns):
        return f"{from_}, {to}: no more apart than {grain}s differ, {between}."
    return f"{from_}, {to}: no more apart than {grain}s differ anyway."


def _total(number: float, periods: int, unit: str, things: str, currency: str | None) -> str:
    """All of a short course: the sum of counts and money, the mean of anything else."""
    if unit in _MEASURED and unit != "money":
        return f"{show(number / periods, unit)} on average"
    return f"{_amount(number, unit, things, currency)} in all"


def parts(metric: Metric, rows: pl.DataFrame, currency: str | None, minimum_n: int) -> str:
    """The largest part of a whole, with its share where the whole counts enough, and the one after
    it."""
    sizes = {word: sum(course.values()) for word, course in lumped(rows).items()}
    whole = sum(sizes.values())
    if not whole:
        return "Nothing in this period."
    leading = _leading(sizes)
    size = sizes[leading[0]]
    in_all = _amount(whole, metric.unit, metric.unit, currency)
    if len(sizes) == 1:
        return f"All at {label(leading[0])}: {in_all}."
    is_enough = metric.unit == "money" or whole >= minimum_n
    share = f" ({show(size / whole, 'percent')})" if is_enough else ""
    amount = _amount(size, metric.unit, "", currency)
    if len(leading) > 1:
        return f"Most: {listed(map(label, leading))}, {amount} each of {in_all}{share}."
    after = _next(sizes, size)
    then = (
        f"; then {label(after)}, {_amount(sizes[after], metric.unit, '', currency)}"
        if after
        else ""
    )
    return f"Most: {label(leading[0])}, {amount} of {in_all}{share}{then}."


def bars(metric: Metric, rows: pl.DataFrame, currency: str | None) -> str:
    """The largest bar, and the one after it."""
    sizes = {row[0] or "Unknown": float(row[1] or 0) for row in rows.iter_rows()}
    if not any(sizes.values()):
        return "Nothing in this period."
    most = "Most" if metric.unit not in _MEASURED or metric.unit == "money" else "Highest"
    leading = _leading(sizes)
    size = sizes[leading[0]]
    amount = _amount(size, metric.unit, metric.unit, currency)
    if len(sizes) == 1:
        return f"All at {label(leading[0])}: {amount}."
    if len(leading) > 1:
        return f"{most}: {listed(map(label, leading))}, {amount} each, of {len(sizes)} shown."
    after = _next(sizes, size)
    then = (
        f"; then {label(after)}, {_amount(sizes[after], metric.unit, '', currency)}"
        if after
        else ""
    )
    return f"{most}: {label(leading[0])}, {amount}{then}."


def funnel(metric: Metric, rows: pl.DataFrame, minimum_n: int) -> str:
    """How many get to the end, with interval, and the step that loses most."""
    stages = [(label(name), float(count or 0)) for name, count in rows.iter_rows()]
    entered = stages[0][1] if stages else 0.0
    if not entered:
        return "Nothing in this period."
    if len(stages) == 1 or entered < minimum_n:
        return f"{counted(entered, metric.unit)} begin, too few to follow."
    end, reached = stages[-1]
    ends = interval(*statistics.wilson(reached, entered), "percent")
    lost = [(before - after, name, onward) for (name, before), (onward, after) in pairwise(stages)]
    most, name, onward = max(lost, key=lambda step: step[0])
    gone = f"; most are lost between {name} and {onward}, {most:,.0f}" if most > 0 else ""
    return (
        f"{show(reached / entered, 'percent')} of {counted(entered, metric.unit)} get to {end} "
        f"({ends}){gone}."
    )


def quantiles(metric: Metric, rows: pl.DataFrame, currency: str | None, minimum_n: int) -> str:
    """The percentiles in words and how many cases they are of."""
    values = rows.row(0)
    cases = counted(float(values[-1] or 0), label(rows.columns[-1]).lower())
    if not values[-1]:
        return "Nothing in this period."
    if values[-1] < minimum_n:
        return f"{cases}, too few to show a spread."
    said = [
        percentile_words(name, float(value), metric.unit, currency)
        for name, value in zip(rows.columns[:-1], values[:-1], strict=True)
        if value is not None
    ]
    return f"{listed(said).capitalize()}, of {cases}."


def _amount(number: float, unit: str, things: str, currency: str | None) -> str:
    """A number as a sentence says it: a count with its noun, anything else with its unit."""
    if unit in _MEASURED:
        return show(number, unit, currency)
    if not float(number).is_integer():
        return show(number, things)
    return counted(number, things) if things else f"{number:,.0f}"


def _leading(sizes: Mapping[str, float]) -> list[str]:
    """The largest, and all that are as large; Other leads only where there is nothing else."""
    named = {word: size for word, size in sizes.items() if word != OTHER} or sizes
    most = max(named.values())
    return [word for word, size in named.items() if size == most]


def _next(sizes: Mapping[str, float], size: float) -> str | None:
    """The largest of those below a size; None where they are nothing."""
    below = {word: one for word, one in sizes.items() if 0 < one < size and word != OTHER}
    return max(below, key=lambda word: below[word]) if below else None


def _spread_apart(first: Sequence[float], last: Sequence[float]) -> bool:
    """Whether two runs of periods differ by more than their periods scatter (Welch's t test)."""
    halves = [(mean(half), stdev(half), len(half)) for half in (first, last)]
    (before, scatter, _), (after, scatter_after, _) = halves
    if scatter == scatter_after == 0:
        return before != after
    found = stats.ttest_ind_from_stats(*halves[0], *halves[1], equal_var=False)
    return bool(found.pvalue < 0.05)
