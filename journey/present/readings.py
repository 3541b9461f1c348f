"""Rows of counts as values with their intervals: what rate, NPS and score pictures draw."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from journey.metrics import statistics
from journey.metrics.answer import CES_SCALE
from journey.metrics.metric import Metric
from journey.present.numbers import counted as counted_things
from journey.present.words import interval, label, show


@dataclass(frozen=True)
class Reading:
    """One value with its interval, in the unit that is shown, and the counts behind it."""

    at: Any
    """A date, or a word."""
    series: str | None
    value: float
    low: float
    high: float
    part: float
    whole: float


def is_dated(rows: pl.DataFrame) -> bool:
    """Whether the rows are a course in time."""
    return rows.width > 0 and rows.schema[rows.columns[0]].is_temporal()


def readings(metric: Metric, rows: pl.DataFrame) -> list[Reading]:
    """The rows of a rate, NPS or score that have any case."""
    named = _series_column(metric, rows)
    dated = is_dated(rows)
    result = []
    for row in rows.iter_rows():
        if (dated and row[0] is None) or not row[-1]:
            continue
        at = _day(row[0]) if dated else (row[0] or "Unknown")
        series = (row[named] or "Unknown") if named is not None else None
        result.append(_measure(metric, at, series, row))
    return result


def overall(metric: Metric, rows: pl.DataFrame) -> Reading | None:
    """All rows in one value: sums over sums, never a mean of ratios."""
    whole = rows.select(pl.exclude(pl.String, pl.Date, pl.Datetime).fill_null(0).sum())
    if rows.is_empty() or not whole.row(0)[-1]:
        return None
    return _measure(metric, None, None, whole.row(0))


def has_series(metric: Metric, rows: pl.DataFrame) -> bool:
    """Whether a word between the date and the counts splits the rows into several lines."""
    return _series_column(metric, rows) is not None


def told(value: float, metric: Metric, currency: str | None = None) -> str:
    """A value that is already in the shown unit, in words."""
    return show(value / 100 if metric.unit == "percent" else value, metric.unit, currency)


def told_interval(reading: Reading, metric: Metric) -> str:
    """The interval of a reading in words."""
    scale = 100 if metric.unit == "percent" else 1
    low, high, value = reading.low / scale, reading.high / scale, reading.value / scale
    return interval(low, high, metric.unit, beside=value)


def counted(reading: Reading, metric: Metric, rows: pl.DataFrame) -> str:
    """The counts behind a reading: `1,440 of 10,000 journeys`."""
    noun = label(rows.columns[-1]).lower()
    if metric.chart == "rate":
        return f"{reading.part:,.0f} of {counted_things(reading.whole, noun)}"
    return counted_things(reading.whole, noun)


def numbers(values: Iterable[Any]) -> list[float]:
    """The values as numbers, nothing as zero."""
    return [float(value or 0) for value in values]


def _series_column(metric: Metric, rows: pl.DataFrame) -> int | None:
    """The place of the word that names a line."""
    if metric.chart != "rate" or not is_dated(rows):
        return None
    kinds = list(rows.schema.values())
    places = [place for place in range(1, rows.width - 2) if kinds[place] == pl.String]
    return places[0] if places else None


def _day(when: date | datetime) -> date:
    """The day, without its hour."""
    return when.date() if isinstance(when, datetime) else when


def _measure(metric: Metric, at: Any, series: str | None, row: tuple[Any, ...]) -> Reading:
    """The value and interval that the counts at the row's end give."""
    if metric.chart == "nps":
        promoters, _, detractors, whole = numbers(row[-4:])
        part = promoters - detractors
        value, low, high = statistics.nps(promoters, detractors, whole)
    elif metric.chart == "score":
        part, _, whole = numbers(row[-3:])
        value, low, high = statistics.mean_on_scale(part, whole, *CES_SCALE)
    else:
        part, whole = numbers(row[-2:])
        scale = 100 if metric.unit == "percent" else 1
        value = low = high = scale * part / whole
        if 0 <= part <= whole:
            low, high = (scale * end for end in statistics.wilson(part, whole))
    return Reading(at, series, value, low, high, part, whole)
