"""What all charts share: type, margins, axes, labels that keep apart, and the drawing's inputs."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from journey.analysis.maturing import Expected
from journey.analysis.trend.course import Course
from journey.analysis.trend.forecast import Forecast
from journey.annotations.annotation import Annotation
from journey.metrics.metric import Metric
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import THIN, cut, day, escape_plotly

FONT = "Source Sans, Source Sans Pro, sans-serif"
SMALL, BODY, LARGE = 12, 13, 18
"""The sizes of text in pictures, in pixels."""

CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "modeBarButtons": [["toImage"]],
    "toImageButtonOptions": {"format": "png", "scale": 2},
    "scrollZoom": False,
    "doubleClick": False,
    "showAxisDragHandles": False,
    "responsive": True,
}
"""How a picture behaves: it can be saved, and a finger that moves over it scrolls the page."""

_CHARACTER = 6.5
"""The mean width of a character at SMALL, in pixels, on the safe side."""


@dataclass(frozen=True)
class Drawing:
    """All that a chart is drawn from."""

    metric: Metric
    rows: pl.DataFrame
    palette: Palette
    currency: str | None = None
    minimum_n: int = 30
    compare: pl.DataFrame | None = None
    """The rows of the earlier span, or of another group, to compare with."""
    against: str | None = None
    """The name of that group; None where `compare` is an earlier span."""
    immature_from: date | None = None
    """From here on not every case has had its time."""
    expected: Sequence[Expected] = ()
    """What young weeks or months are expected to come to, where the reader asked for it."""
    target: float | None = None
    """In the unit that is shown: 15 for 15 %."""
    since: date | None = None
    until: date | None = None
    """The period, half-open: a week or month that sticks out of it is drawn as unfinished."""
    course: Course | None = None
    """Its levels and expected ranges, from further back than is shown."""
    forecast: Forecast | None = None
    """The course carried on, where the reader asked for it."""
    notes: Sequence[Annotation] = ()
    """What happened that a reader of a picture in time should know."""
    height: int | None = None
    """In pixels; None leaves it to the chart."""
    shown: str | None = None
    """The measure a matrix is coloured by; None for its leading one."""

    def is_cut(self, when: date, grain: str) -> bool:
        """Whether the period holds only a part of the week or month that begins at `when`."""
        return is_cut(when, grain, self.since, self.until)

    @property
    def percent(self) -> bool:
        """Whether values are shares, shown in percent."""
        return self.metric.unit == "percent"


def canvas(palette: Palette, height: int, right: float = 8, left: int = 8, top: int = 8) -> Sheet:
    """An empty picture: transparent, in the product's type, still under a finger."""
    sheet = Sheet(
        {
            "height": height,
            "margin": {"l": left, "r": round(right), "t": top, "b": 8, "pad": 0},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"family": FONT, "size": SMALL, "color": palette.muted},
            "showlegend": False,
            "dragmode": False,
            "hoverlabel": {
                "bgcolor": palette.surface,
                "bordercolor": palette.line,
                "font": {"family": FONT, "size": BODY, "color": palette.text},
                "align": "left",
                "namelength": -1,
            },
            "bargap": 0.16,
            "modebar": {
                "bgcolor": "rgba(0,0,0,0)",
                "color": palette.muted,
                "activecolor": palette.text,
            },
        }
    )
    sheet.update_xaxes(fixedrange=True, showgrid=False, zeroline=False, automargin=True)
    sheet.update_yaxes(fixedrange=True, showgrid=False, zeroline=False, automargin=True)
    return sheet


def nothing(palette: Palette, height: int | None = None) -> Sheet:
    """The picture of no rows, which says so."""
    sheet = canvas(palette, height or 160)
    sheet.update_xaxes(visible=False)
    sheet.update_yaxes(visible=False)
    note(sheet, palette, "Nothing in this period.", x=0.5, y=0.5, xanchor="center")
    return sheet


def note(sheet: Sheet, palette: Palette, text: str, **place: Any) -> None:
    """A small muted text; the text must be escaped, the place is Plotly's, in shares of the plot
    unless it says otherwise."""
    font = {
        "family": FONT,
        "size": place.pop("size", SMALL),
        "color": place.pop("colour", palette.muted),
    }
    settings = {"xref": "paper", "yref": "paper", "showarrow": False, "font": font, "align": "left"}
    sheet.add_annotation(text=text, **{**settings, **place})


def value_axis(sheet: Sheet, drawing: Drawing, low: float, high: float) -> None:
    """The axis of values upwards: few lines, the unit at each number where it is a percent."""
    sheet.update_yaxes(
        range=[low, high],
        nticks=5,
        showgrid=True,
        gridcolor=drawing.palette.line,
        ticksuffix=f"{THIN}%" if drawing.percent else "",
        separatethousands=True,
        ticklabelstandoff=6,
    )


def span(
    values: Sequence[float], floor: float | None = None, top: float | None = None
) -> tuple[float, float]:
    """The ends of an axis that shows the values: from zero unless that would flatten them.

    >>> span([14.0, 16.0]), span([2.0, 9.0])
    ((13.68, 16.32), (0.0, 9.7))
    """
    low, high = min(values), max(values)
    if 0 <= low < 0.6 * high or low == high:
        low = min(0.0, low)
    room = (high - low or 1.0) * (0.16 if low else 0.1)
    first = low - room if low else 0.0
    last = high + (room if low else (high or 1.0) * 0.7 / 9.0)
    if floor is not None:
        first = max(first, floor)
    if top is not None:
        last = min(last, top)
    return round(first, 6), round(last, 6)


def grain(rows: pl.DataFrame) -> str:
    """`day`, `week` or `month`: what one row's date stands for."""
    name = rows.columns[0]
    if name in ("day", "week", "month"):
        return name
    days = rows[name].drop_nulls()
    return "month" if len(days) > 1 and (days.dt.day() == 1).all() else "day"


def moment(when: date, grain: str) -> str:
    """A date as hover text says it: `week of 29 Jun 2026`, `July 2026`."""
    if grain == "month":
        return f"{when:%B} {when.year}"
    return f"{'week of ' if grain == 'week' else ''}{day(when)} {when.year}"


def after(when: date, grain: str) -> date:
    """The first day of the next day, week or month."""
    if grain == "month":
        return (when.replace(day=1) + timedelta(days=32)).replace(day=1)
    return when + timedelta(days=7 if grain == "week" else 1)


def is_cut(when: date, grain: str, since: date | None, until: date | None) -> bool:
    """Whether a half-open period holds only a part of the day, week or month from `when`."""
    early = since is not None and when < since
    return early or (until is not None and after(when, grain) > until)


def still_maturing(sheet: Sheet, drawing: Drawing, dates: Sequence[date], grain: str) -> None:
    """Hatch the time from which on not every case has had its time, and say so."""
    since = drawing.immature_from
    low, high = sheet.y_range
    if since is None or not dates:
        return
    # Weeks without one mature case have no row, yet they are part of the period.
    end = max(after(max(dates), grain), drawing.until or date.min)
    if since >= end:
        return
    since = max(since, min(dates))
    sheet.add_scatter(
        x=[since, end, end, since],
        y=[low, low, high, high],
        mode="none",
        fill="toself",
        fillpattern={
            "shape": "/",
            "fgcolor": fade(drawing.palette.muted, 0.5),
            "bgcolor": fade(drawing.palette.muted, 0.07),
            "size": 7,
            "solidity": 0.12,
        },
        hoverinfo="skip",
    )
    sheet.margin["t"] = max(24, sheet.margin["t"])
    place = {"x": end, "xref": "x", "y": 1, "xanchor": "right", "yanchor": "bottom"}
    note(sheet, drawing.palette, "still maturing", **place)


def text_width(text: str) -> float:
    """About how many pixels a text takes at the small size; an escaped sign counts as one."""
    return _CHARACTER * len(shorten_entities(text))


def shorten_entities(text: str) -> str:
    """The text with each escaped sign as a single one, for measuring."""
    for entity in ("&lt;", "&gt;", "&amp;", "&#36;", "&#37;"):
        text = text.replace(entity, "x")
    return text


def wrapped(text: str, longest: int) -> str:
    """The escaped text for an axis on up to two lines, each cut at a length that leaves room for
    the plot: words go on in the second where the first is full.

    >>> wrapped("No customer and no anonymous ID", 24)
    'No customer and no<br>anonymous ID'
    >>> wrapped("Unassigned", 24), wrapped("a" * 30, 9), wrapped("one two three four five", 9)
    ('Unassigned', 'aaaaaaaa…', 'one two<br>three fo…')
    """
    first, *more = textwrap.wrap(text, longest, break_long_words=False) or [""]
    lines = [first, " ".join(more)] if more else [first]
    return "<br>".join(shortened(line, longest) for line in lines)


def shortened(text: str, longest: int = 24) -> str:
    """The escaped text for an axis, cut at a length that leaves room for the plot."""
    return escape_plotly(cut(text, longest))
