"""Metric and rows in, picture out: one function a kind of chart, looked up by name."""

from collections.abc import Callable, Sequence
from datetime import date

import plotly.graph_objects as go
import polars as pl

from journey.analysis.maturing import Expected
from journey.analysis.trend.course import Course
from journey.analysis.trend.forecast import Forecast
from journey.annotations.annotation import Annotation
from journey.metrics.metric import Metric
from journey.present import comparisons, elapsed, matrices, ranks, stages, trends, volumes
from journey.present.frames import CONFIG, FONT, Drawing
from journey.present.palette import Palette
from journey.present.readings import is_dated
from journey.present.sheet import Sheet
from journey.present.spoken import alt

__all__ = ["CONFIG", "FONT", "KINDS", "TABLES", "alt", "figure", "html"]


def measured(d: Drawing) -> Sheet:
    """A rate, NPS or score: a line over dates, dots over words."""
    return trends.rate(d) if is_dated(d.rows) else ranks.dots(d)


KINDS: dict[str, Callable[[Drawing], Sheet]] = {
    "line": volumes.line,
    "stacked": volumes.stacked,
    "bar": ranks.bar,
    "rate": measured,
    "nps": measured,
    "score": measured,
    "funnel": stages.funnel,
    "quantiles": stages.quantiles,
    "survival": elapsed.lines,
    "curve": elapsed.lines,
}
"""Kind of chart to the function that draws it; a table is none."""

TABLES: dict[str, Callable[[Drawing], str]] = {
    "matrix": matrices.heat,
    "measures": comparisons.lines,
}
"""Kind of chart that is a table drawn by hand, to the function that writes it as HTML."""


def figure(
    metric: Metric,
    rows: pl.DataFrame,
    palette: Palette,
    *,
    currency: str | None = None,
    minimum_n: int = 30,
    compare: pl.DataFrame | None = None,
    against: str | None = None,
    immature_from: date | None = None,
    expected: Sequence[Expected] = (),
    target: float | None = None,
    since: date | None = None,
    until: date | None = None,
    course: Course | None = None,
    forecast: Forecast | None = None,
    notes: Sequence[Annotation] = (),
    height: int | None = None,
) -> go.Figure | None:
    """The metric's picture; None where its rows are best read as a table.

    `compare` are the rows of an earlier span or, where `against` names one, of another group.
    `expected` are estimates for the immature part. `target` is in the unit that is shown, 15 for
    15 %. `since` and `until` are the period: a week or month it cuts is drawn as unfinished.
    `course` are its levels and expected ranges, `forecast` carries it on, `notes` are what
    happened. Leave `height` to the picture where the card allows it: some pictures grow with their
    rows, and labels are placed for the height given here, so a height set on the figure afterwards
    can make them touch.
    """
    draw = KINDS.get(metric.chart)
    if draw is None:
        return None
    drawing = Drawing(
        metric=metric,
        rows=rows,
        palette=palette,
        currency=currency,
        minimum_n=minimum_n,
        compare=compare,
        against=against,
        immature_from=immature_from,
        expected=expected,
        target=target,
        since=since,
        until=until,
        course=course,
        forecast=forecast,
        notes=notes,
        height=height,
    )
    return draw(drawing).figure()


def html(
    metric: Metric,
    rows: pl.DataFrame,
    palette: Palette,
    *,
    currency: str | None = None,
    minimum_n: int = 30,
    shown: str | None = None,
) -> str | None:
    """The metric's table, every text in it escaped; None where its chart is no such table.

    `shown` names the measure that a matrix is coloured by, where a cell has several.
    """
    draw = TABLES.get(metric.chart)
    if draw is None:
        return None
    return draw(Drawing(metric, rows, palette, currency, minimum_n, shown=shown))
