"""What pictures in time share: the span before, the target, hover texts."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import polars as pl

from journey.present import frames, gaps
from journey.present.endlabels import EndLabel
from journey.present.frames import Drawing
from journey.present.readings import Reading, counted, is_dated, readings, told, told_interval
from journey.present.sheet import Sheet
from journey.present.words import THIN, escape_plotly

HEIGHT = 280
"""The height of a picture in time, in pixels."""


def dates(rows: pl.DataFrame) -> list[date]:
    """The days of the first column, in the rows' order."""
    return [
        when.date() if isinstance(when, datetime) else when
        for when in rows[rows.columns[0]].drop_nulls()
    ]


def earlier(d: Drawing, points: Sequence[Reading]) -> list[Reading]:
    """The readings of the span before, laid over this span."""
    before = moved(d, [point.at for point in points])
    return readings(d.metric, before) if before is not None else []


def moved(d: Drawing, shown: Sequence[date]) -> pl.DataFrame | None:
    """The rows to compare with, their first date laid on the first one shown; None without any.
    Another group's rows are of the same days and stay where they are.

    Months move by months, all else by days, so that a week stays a week. What lies beyond the
    last date shown is left out: there is nothing to compare it with.
    """
    rows = d.compare
    if rows is None or rows.is_empty() or not shown or not is_dated(rows):
        return None
    name = rows.columns[0]
    rows = rows.drop_nulls(name)
    known = dates(rows)
    if not known:
        return None
    if d.against is not None:
        own = rows.with_columns(pl.col(name).cast(pl.Date)).filter(pl.col(name) <= max(shown))
        return None if own.is_empty() else own
    first, start = min(shown), min(known)
    if frames.grain(d.rows) == "month":
        months = (first.year - start.year) * 12 + first.month - start.month
        laid = pl.col(name).cast(pl.Date).dt.offset_by(f"{months}mo")
    else:
        laid = pl.col(name).cast(pl.Date) + timedelta(days=(first - start).days)
    return rows.with_columns(laid).filter(pl.col(name) <= max(shown))


def hover(
    point: Reading, d: Drawing, grain: str, name: str = "", other: Reading | None = None
) -> str:
    """A reading in full: the value, its interval, the counts and the time; and how far it is from
    the other group's."""
    lines = [
        f"<b>{told(point.value, d.metric, d.currency)}</b> ({told_interval(point, d.metric)})",
        escape_plotly(counted(point, d.metric, d.rows)),
        frames.moment(point.at, grain),
        *against(point, d, other),
    ]
    return "<br>".join(([f"<b>{escape_plotly(name)}</b>"] if name else []) + lines)


def against(point: Reading, d: Drawing, other: Reading | None) -> list[str]:
    """The other group's value and the difference with its interval, for a hover text."""
    if d.against is None or other is None or min(point.whole, other.whole) < d.minimum_n:
        return []
    found = gaps.gap(point, other)
    return [
        f"{escape_plotly(d.against)} {told(other.value, d.metric, d.currency)} "
        f"of {other.whole:,.0f}",
        gaps.said(found, d.metric.unit),
    ]


def compared_name(d: Drawing) -> str:
    """What the dotted line is, at its end."""
    return "before" if d.against is None else frames.shortened(d.against, 18)


def unit(sheet: Sheet, d: Drawing, grain: str) -> None:
    """What is counted, above the axis."""
    what = d.currency if d.metric.unit == "money" and d.currency else d.metric.unit
    text = escape_plotly(f"{what} a {grain}")
    frames.note(sheet, d.palette, text, x=0, y=1, xanchor="left", yanchor="bottom", yshift=4)


def target(sheet: Sheet, d: Drawing) -> list[EndLabel]:
    """The line to reach, named at its end."""
    if d.target is None:
        return []
    sheet.add_hline(y=d.target, line={"color": d.palette.muted, "width": 1, "dash": "dash"})
    text = target_words(d)
    return [EndLabel(d.target, text, d.palette.muted)]


def before(sheet: Sheet, d: Drawing, earlier: Sequence[Reading]) -> list[EndLabel]:
    """The span before as a dotted line beneath this one."""
    known = [point for point in earlier if point.whole >= d.minimum_n]
    if not known:
        return []
    dotted(sheet, d, [point.at for point in known], [point.value for point in known])
    return [EndLabel(known[-1].value, compared_name(d), d.palette.muted)]


def target_words(d: Drawing) -> str:
    """The target as it was set, without digits nobody wrote."""
    number = f"{d.target:,.10g}{THIN}%" if d.percent else f"{d.target:,.10g}"
    return f"target {number}"


def dotted(sheet: Sheet, d: Drawing, dates: Sequence[date], values: Sequence[float]) -> None:
    """A muted dotted line, quiet under the pointer."""
    sheet.add_scatter(
        x=list(dates),
        y=list(values),
        mode="lines",
        line={"color": d.palette.muted, "width": 1.5, "dash": "dot"},
        hoverinfo="skip",
        name=compared_name(d),
    )
