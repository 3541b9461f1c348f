"""Estimates beside each other: a dot on its interval for each name, value and n in columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from journey.present import frames
from journey.present.frames import BODY
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly

MOST_ROWS = 14
"""The most names a picture shows; the table has them all."""

_ROW = 30


@dataclass(frozen=True)
class Estimate:
    """One name with its value and interval; no value where there are too few cases."""

    name: str
    value: float | None
    low: float
    high: float
    shown: str
    """The value in words."""
    count: int
    hover: str
    """Already escaped."""
    mark: str = ""
    """An arrow before the value where it moved beyond chance."""
    judgement: str = "none"
    """`good`, `bad` or `none`: the colour of the mark."""
    stands_out: bool = True
    """Whether the dot has the accent, or stays grey."""


def picture(
    rows: Sequence[Estimate],
    palette: Palette,
    *,
    suffix: str = "",
    whole: tuple[float, str] | None = None,
    zero: bool = False,
    span: tuple[float, float] | None = None,
    height: int = 0,
    longest: int = 22,
    values: int = 56,
) -> go.Figure:
    """The rows in the order given, from the top.

    `whole` is all rows together with its words, as a thin dotted line; `zero` draws the line of
    no difference. `span` holds the axis to a scale; without it the axis shows all intervals.
    `longest` cuts names, `values` is the room of the column of values in pixels.
    """
    if not rows:
        return frames.nothing(palette, height or None).figure()
    hidden, rows = len(rows) - MOST_ROWS, rows[:MOST_ROWS]
    top, foot = 26, 18 if hidden > 0 else 0
    tall = max(height, _ROW * len(rows) + top + 38 + foot)
    counts = 14 + max(frames.text_width(f"{row.count:,}") for row in rows)
    sheet = frames.canvas(palette, tall, right=values + counts + 6, top=top)
    sheet.update_yaxes(
        range=[len(rows) - 0.4, -0.6],
        tickvals=list(range(len(rows))),
        ticktext=[frames.shortened(row.name, longest) for row in rows],
        tickfont={"color": palette.text},
        ticklabelstandoff=8,
    )
    known = [(place, row) for place, row in enumerate(rows) if row.value is not None]
    low, high = span or _span(known, zero)
    sheet.update_xaxes(
        range=[low, high], nticks=5, showgrid=True, gridcolor=palette.line, ticksuffix=suffix
    )
    if zero:
        sheet.add_vline(x=0, line={"color": palette.muted, "width": 1})
    if whole is not None and low <= whole[0] <= high:
        sheet.add_vline(x=whole[0], line={"color": palette.muted, "width": 1, "dash": "dot"})
        side = {"xanchor": "left"} if whole[0] < (low + high) / 2 else {"xanchor": "right"}
        frames.note(sheet, palette, whole[1], x=whole[0], xref="x", y=1, yanchor="bottom", **side)
    _dots(sheet, known, palette)
    _columns(sheet, rows, palette, values, values + counts)
    if hidden > 0:
        place = {"x": 1, "y": 0, "yshift": -24, "xanchor": "right", "yanchor": "top"}
        frames.note(sheet, palette, f"and {hidden} more in the table", **place)
    return sheet.figure()


def _span(known: Sequence[tuple[int, Estimate]], zero: bool) -> tuple[float, float]:
    """The ends of an axis that shows every interval, and zero where it matters."""
    ends = [end for _, row in known for end in (row.low, row.high)] + ([0.0] if zero else [])
    if not ends:
        return 0.0, 1.0
    if zero:
        room = 0.06 * (max(ends) - min(ends) or 1.0)
        return min(ends) - room, max(ends) + room
    return frames.span(ends)


def _dots(sheet: Sheet, known: Sequence[tuple[int, Estimate]], palette: Palette) -> None:
    """The intervals, and the dots on them."""
    sheet.add_scatter(
        x=[end for _, row in known for end in (row.low, row.high, None)],
        y=[y for place, _ in known for y in (place, place, None)],
        mode="lines",
        line={"color": fade(palette.muted, 0.38), "width": 6},
        hoverinfo="skip",
        name="95 % interval",
    )
    sheet.add_scatter(
        x=[row.value for _, row in known],
        y=[place for place, _ in known],
        mode="markers",
        marker={
            "size": 9,
            "color": [palette.accent if row.stands_out else palette.muted for _, row in known],
        },
        cliponaxis=False,
        text=[row.hover for _, row in known],
        hoverinfo="text",
        hoverlabel={"font": {"size": BODY}},
        name="value",
    )


def _columns(
    sheet: Sheet, rows: Sequence[Estimate], palette: Palette, value: float, count: float
) -> None:
    """The value and n of each row, aligned right, where no interval reaches."""
    place = {"x": 1, "xanchor": "right"}
    frames.note(sheet, palette, "n", y=1, yanchor="bottom", xshift=count, **place)
    colours = {"good": palette.good, "bad": palette.bad, "none": palette.muted}
    for number, row in enumerate(rows):
        at = {"y": number, "yref": "y", **place}
        if row.value is None:
            frames.note(sheet, palette, "too few", xshift=value, **at)
        else:
            mark = f'<span style="color:{colours[row.judgement]}">{row.mark}</span> '
            text = f"{mark if row.mark else ''}<b>{escape_plotly(row.shown)}</b>"
            frames.note(sheet, palette, text, colour=palette.text, xshift=value, **at)
        frames.note(sheet, palette, f"{row.count:,}", xshift=count, **at)
