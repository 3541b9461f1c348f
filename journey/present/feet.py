"""What a card says beneath its picture, or in place of one."""

from journey.metrics.answer import Answer
from journey.metrics.maturity import Clock, clock
from journey.metrics.metric import Metric
from journey.present import comparisons, elapsed, frames, matrices, numbers, words
from journey.present.readings import has_series, is_dated, readings

_NOUNS = {
    "answered_again": "second answers",
    "asked": "touches or requests to answer about",
    "came_back": "journeys",
    "delivered": "deliveries",
    "handed_over": "journeys",
    "mature_journeys": "journeys",
    "steps_from_there": "journeys",
    "still_waiting": "buyers",
    "still_watched": "journeys",
    "stood": "journeys",
    "value_per_buyer_n": "buyers",
    "went_on": "journeys",
}
"""Columns that say what became of the cases, to what the cases are."""

_TABLES = {"money": "amounts", "score": "answers"}
"""Units that are no cases, to what the rows of a table in them are made of."""


def nothing(answer: Answer, *, measured: bool = True) -> str:
    """What an empty card says; `measured` is whether there is a case outside of this frame."""
    if not measured:
        return "The data holds nothing of the kind."
    bounded = clock(answer.metric)
    if bounded is not Clock.NONE and answer.metric.chart == "survival":
        # Those still in their time belong to it too, from their first whole day on.
        return (
            f"No {_noun(answer)} in this period that were watched for a whole day yet. Widen the "
            "period or the filters, or see Data health."
        )
    if bounded is not Clock.NONE:
        return (
            f"No {_noun(answer)} in this period that have had their {bounded}. "
            "Choose an earlier or a longer period, or see Data health."
        )
    return (
        f"No {_noun(answer)} in this period. Widen the period or the filters, or see Data health."
    )


def _noun(answer: Answer) -> str:
    """What there is none of, in words."""
    metric = answer.metric
    if metric.chart == "table":
        return _TABLES.get(metric.unit, metric.unit)
    return _NOUNS.get(answer.rows.columns[-1], cases(answer))


def footer(answer: Answer, minimum_n: int, currency: str | None) -> str:
    """The line under a chart: interval, number of cases, and what is too thin to trust. A table
    needs none, as its sentence counts its rows."""
    unit = answer.metric.unit
    whole = answer.total
    if whole is None:
        last = answer.rows.columns[-1]
        if answer.metric.chart == "matrix":
            return matrices.foot(answer.rows, minimum_n)
        if answer.metric.chart == "measures":
            return comparisons.foot(answer.rows, minimum_n)
        if answer.metric.chart in ("survival", "curve"):
            return elapsed.foot(answer.metric, answer.rows, minimum_n, currency)
        if answer.metric.chart == "quantiles":
            return numbers.counted(answer.rows[last].sum(), words.label(last).lower())
        if answer.metric.chart in ("line", "bar", "stacked", "funnel") and unit != "money":
            summed = answer.rows[
                last if answer.metric.chart == "stacked" else answer.rows.columns[1]
            ]
            number = summed[0] if answer.metric.chart == "funnel" else summed.sum()
            return numbers.counted(number or 0, unit)
        if unit == "money" and answer.metric.chart in ("line", "bar"):
            amount = float(answer.rows[answer.rows.columns[1]].sum() or 0)
            return numbers.exact(amount, unit, currency)
        return ""
    counted = numbers.counted(whole.whole, cases(answer))
    if whole.whole < minimum_n:
        return f"{counted}; a rate is shown from {minimum_n}"
    shown = numbers.show(whole.value, unit, currency)
    sure = numbers.interval(whole.low, whole.high, unit)
    return f"{shown} overall (95 %: {sure}) · {counted}{_all_too_few(answer, minimum_n)}"


def _all_too_few(answer: Answer, minimum_n: int) -> str:
    """Why a picture in time has no line, where none of its weeks or months holds enough."""
    rows, metric = answer.rows, answer.metric
    if metric.chart not in ("rate", "nps", "score") or not is_dated(rows):
        return ""
    if any(point.whole >= minimum_n for point in readings(metric, rows)):
        return ""
    apart = f" of one {words.label(rows.columns[1]).lower()}" if has_series(metric, rows) else ""
    grain = frames.grain(rows)
    return f"; no {grain}{apart} has the {minimum_n} that {kind(metric)} is drawn from"


def kind(metric: Metric) -> str:
    """What a metric's number is, where too few make none: `a rate` or `a score`."""
    return "a rate" if metric.chart == "rate" else "a score"


def cases(answer: Answer) -> str:
    """What the whole counts, in words: the last column's name."""
    if answer.metric.chart == "measures":
        return answer.metric.unit
    return words.label(answer.rows.columns[-1]).lower()
