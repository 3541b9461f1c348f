"""What has happened so long after a beginning, in a sentence: which group is furthest."""

import polars as pl

from journey.metrics.metric import Metric
from journey.present import elapsed
from journey.present.captions.apart import Sized, widest
from journey.present.captions.measured import ends_of, highest_and_lowest
from journey.present.elapsed import Course, Point
from journey.present.numbers import counted, interval, show
from journey.present.words import label


def since(metric: Metric, rows: pl.DataFrame, currency: str | None, minimum_n: int) -> str:
    """The highest and the lowest group at a time that at least half of the groups reach."""
    if rows.is_empty():
        return "Nothing in this period."
    found = [one for one in elapsed.courses(metric, rows, minimum_n) if one.points]
    if not found:
        return f"Too few to follow; a line is drawn from {minimum_n} on."
    unit = elapsed.unit_of(metric, rows)
    ends = sorted((one.points[-1].at for one in found), reverse=True)
    when = ends[(len(ends) - 1) // 2]
    there = {
        label(one.name): (one, point)
        for one in found
        if one.points[-1].at >= when and (point := _at(one, when)) is not None
    }
    joint = "of" if unit == "percent" else "from"
    told_of = {
        name: f"{show(point.value, unit, currency)} {joint} {one.n:,.0f}{_doubt(point, unit)}"
        for name, (one, point) in there.items()
    }
    after = _after(when, rows.columns[1])
    values = [
        Sized(name, point.value, point.low, point.high, point.n)
        for name, (_, point) in there.items()
        if point.low is not None and point.high is not None
    ]
    if len(there) == 1:
        ((name, (one, point)),) = there.items()
        if metric.chart == "survival":
            came = label(rows.columns[-2]).lower()
            return f"{label(name)}: {told_of[label(name)]} had {came} by {after}."
        said = f"{show(point.value, unit, currency)} {joint} {counted(one.n, 'people')}"
        return f"{label(name)}: {said}{_doubt(point, unit)} at {after}."
    if pair := widest(values):
        said = highest_and_lowest(pair, told_of, ends_of(values))
        return f"At {after}: {said}."
    high, low = ends_of(values) if values else (next(iter(there)), next(iter(there)))
    return (
        f"At {after} no two differ by more than chance would explain: from "
        f"{told_of[low]} for {low} to {told_of[high]} for {high}."
    )


def _after(when: float, column: str) -> str:
    """A time as its column counts it: `1 month since first order`."""
    unit, _, since = label(column).lower().partition(" ")
    told = counted(when, unit) if float(when).is_integer() else f"{when:g} {unit}"
    return f"{told} {since}".strip()


def _at(one: Course, when: float) -> Point | None:
    """The last point up to a time."""
    return max(
        (point for point in one.points if point.at <= when), key=lambda p: p.at, default=None
    )


def _doubt(point: Point, unit: str) -> str:
    """The interval of a point in brackets; nothing where it has none."""
    if point.low is None or point.high is None:
        return ""
    return f" ({interval(point.low, point.high, unit)})"
