"""Charts in a sentence, for those who do not see them and for reports without pictures."""

import polars as pl

from journey.metrics.measures import measures
from journey.metrics.metric import Metric
from journey.present import elapsed, frames
from journey.present.categories import lumped
from journey.present.numbers import counted
from journey.present.readings import is_dated, numbers, overall, readings, told
from journey.present.stages import percentile_words, step_words
from journey.present.words import exact, label, listed, period


def alt(
    metric: Metric, rows: pl.DataFrame, currency: str | None = None, minimum_n: int = 30
) -> str:
    """What a picture shows, in a sentence or two of plain text. Values that rest on fewer than
    `minimum_n` cases are not named, as they are not drawn."""
    if rows.is_empty() or rows.width < 2:
        return f"{metric.title}: nothing in this period."
    if metric.chart == "table":
        return f"{metric.title}: a table of {counted(rows.height, 'rows')}."
    if metric.chart in ("survival", "curve"):
        return f"{metric.title}: {elapsed.foot(metric, rows, minimum_n, currency)}"
    if metric.chart in _SAYINGS:
        return f"{metric.title}: {_SAYINGS[metric.chart](metric, rows, currency)}"
    return f"{metric.title}: {_measured(metric, rows, currency, minimum_n)}"


def _measured(metric: Metric, rows: pl.DataFrame, currency: str | None, minimum_n: int) -> str:
    """A rate or score: first and last in time, or highest and lowest category, and all."""
    points = [point for point in readings(metric, rows) if point.whole >= minimum_n]
    whole = overall(metric, rows)
    if whole is None:
        return "nothing in this period."
    if not points:
        return f"too few to show, {whole.whole:,.0f} in all."
    noun = label(rows.columns[-1]).lower()
    all_of = f"Overall {told(whole.value, metric, currency)} of {counted(whole.whole, noun)}."
    if metric.chart != "rate":
        all_of = f"Overall {told(whole.value, metric, currency)} from {counted(whole.whole, noun)}."
    if is_dated(rows) and not any(point.series for point in points):
        first, last = points[0], points[-1]
        return (
            f"from {told(first.value, metric, currency)} to {told(last.value, metric, currency)}, "
            f"{_when(rows)}. {all_of}"
        )
    if is_dated(rows):
        names = sorted({label(point.series) for point in points})
        return f"a line each for {listed(names)}, {_when(rows)}. {all_of}"
    best, worst = max(points, key=lambda p: p.value), min(points, key=lambda p: p.value)
    if best is worst:
        return f"{label(best.at)} {told(best.value, metric, currency)}. {all_of}"
    return (
        f"highest {label(best.at)} with {told(best.value, metric, currency)}, lowest "
        f"{label(worst.at)} with {told(worst.value, metric, currency)}. {all_of}"
    )


def _line(metric: Metric, rows: pl.DataFrame, currency: str | None) -> str:
    """Each line's first and last value, and its sum."""
    parts = []
    for name in rows.columns[1:]:
        values = numbers(rows[name])
        first, last = (exact(value, metric.unit, currency) for value in (values[0], values[-1]))
        parts.append(f"{label(name).lower()} from {first} to {last}")
    return f"{'; '.join(parts)}, {_when(rows)}."


def _stacked(metric: Metric, rows: pl.DataFrame, currency: str | None) -> str:
    """The largest parts of the whole."""
    sizes = {name: sum(course.values()) for name, course in lumped(rows).items()}
    whole = sum(sizes.values())
    parts = [
        f"{label(name)} {exact(size, metric.unit, currency)}"
        for name, size in list(sizes.items())[:3]
    ]
    return f"{exact(whole, metric.unit, currency)} in all, {_when(rows)}; most in {listed(parts)}."


def _bar(metric: Metric, rows: pl.DataFrame, currency: str | None) -> str:
    """The categories in order, the first five by name."""
    named = [
        f"{label(row[0])} {exact(float(row[1] or 0), metric.unit, currency)}"
        for row in rows.head(5).iter_rows()
    ]
    more = f", and {rows.height - 5} more" if rows.height > 5 else ""
    return f"{', '.join(named)}{more}."


def _funnel(metric: Metric, rows: pl.DataFrame, currency: str | None) -> str:
    """Every stage with its count and shares."""
    stages = [(name or "Unknown", float(count or 0)) for name, count in rows.iter_rows()]
    if not stages[0][1]:
        return "nothing in this period."
    parts = []
    for place, (name, count) in enumerate(stages):
        shares = step_words(stages, place).replace(" · ", ", ")
        parts.append(f"{label(name)} {count:,.0f}" + (f" ({shares})" if shares else ""))
    return "; ".join(parts) + "."


def _quantiles(metric: Metric, rows: pl.DataFrame, currency: str | None) -> str:
    """Each percentile in words, and the count."""
    first = rows.row(0)
    parts = [
        percentile_words(name, float(value), metric.unit, currency)
        for name, value in zip(rows.columns[:-1], first[:-1], strict=True)
        if value is not None
    ]
    noun = label(rows.columns[-1]).lower()
    return (
        f"{listed(parts)}, of {counted(first[-1] or 0, noun)}."
        if parts
        else "nothing in this period."
    )


def _when(rows: pl.DataFrame) -> str:
    """The time the rows span."""
    days = sorted(rows[rows.columns[0]].drop_nulls().cast(pl.Date))
    if not days:
        return "in an unknown time"
    return period(days[0], frames.after(days[-1], frames.grain(rows)))


def _matrix(metric: Metric, rows: pl.DataFrame, currency: str | None) -> str:
    """How many cells there are, and the fullest."""
    words = [
        (row[0] or "Unknown", row[1] or "Unknown", float(row[-1] or 0)) for row in rows.iter_rows()
    ]
    down, across, most = max(words, key=lambda word: word[2])
    noun = label(rows.columns[-1]).lower()
    if not most:
        return "nothing in this period."
    return (
        f"a table of {rows[:, 0].n_unique()} by {rows[:, 1].n_unique()}; most {noun} at "
        f"{label(down)} and {label(across)}, {most:,.0f}."
    )


def _measures(metric: Metric, rows: pl.DataFrame, currency: str | None) -> str:
    """What is compared, and by what."""
    names = [label(measure.name).lower() for measure in measures(rows.columns[1:])]
    if not rows.select(pl.selectors.numeric()).fill_null(0).sum().sum_horizontal().sum():
        return "nothing in this period."
    return f"a table of {counted(rows.height, 'lines')} with {listed(names)}."


_SAYINGS = {
    "line": _line,
    "stacked": _stacked,
    "bar": _bar,
    "funnel": _funnel,
    "quantiles": _quantiles,
    "matrix": _matrix,
    "measures": _measures,
}
