"""Pictures of rates and scores in time: lines with their intervals."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from journey.present import ahead, expectations, frames, timeaxis, timelines, turns
from journey.present.categories import colour_of
from journey.present.endlabels import EndLabel, end_labels
from journey.present.frames import Drawing
from journey.present.palette import MOST_COLOURS, fade
from journey.present.readings import Reading, counted, has_series, readings, told
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, label

_MARKED = 20
"""Up to so many points each gets a dot of its own."""


def measured(d: Drawing) -> Sheet:
    """A rate, NPS or score in time: its line, how sure it is, the span before and the target."""
    points = readings(d.metric, d.rows)
    if not points:
        return frames.nothing(d.palette, d.height)
    height = d.height or timelines.HEIGHT
    grain = frames.grain(d.rows)
    enough = [point for point in points if point.whole >= d.minimum_n]
    earlier = timelines.earlier(d, points)
    sheet = frames.canvas(d.palette, height)
    _fit(sheet, d, [*(enough or points), *(e for e in earlier if e.whole >= d.minimum_n)])
    shown = [point.at for point in points]
    young = [one.at for one in expectations.drawn(d) if one.at]
    timeaxis.axis(sheet, d.palette, [*shown, *young, *ahead.dates(d)], grain, d.notes)
    frames.still_maturing(sheet, d, shown, grain)
    labels = timelines.before(sheet, d, earlier) + timelines.target(sheet, d)
    turns.beneath(sheet, d, shown)
    _ribbon(sheet, points, d)
    others = {point.at: point for point in earlier}
    sheet.add_scatter(
        x=[point.at for point in points],
        y=[point.value if point.whole >= d.minimum_n else None for point in points],
        mode="lines+markers",
        line={"color": d.palette.accent, "width": 2.5},
        marker={"size": _marks(points, d, 6)},
        text=[timelines.hover(point, d, grain, other=others.get(point.at)) for point in points],
        hoverinfo="text",
        error_y=_alone(points, d),
        name=escape_plotly(d.metric.title),
    )
    turns.above(sheet, d, [point.at for point in enough])
    _too_few(sheet, points, d, grain)
    expectations.dots(sheet, d, grain)
    labels += ahead.fan(sheet, d)
    if enough:
        last = enough[-1]
        text = told(last.value, d.metric, d.currency)
        labels.append(EndLabel(last.value, text, d.palette.accent, bold=True))
    end_labels(sheet, labels, height)
    sheet.update_layout(hovermode="x")
    return sheet


def by_category(d: Drawing) -> Sheet:
    """A rate in time for each of a few categories, each line named at its end."""
    points = readings(d.metric, d.rows)
    if not points:
        return frames.nothing(d.palette, d.height)
    height = d.height or timelines.HEIGHT
    grain = frames.grain(d.rows)
    enough = [point for point in points if point.whole >= d.minimum_n] or points
    sheet = frames.canvas(d.palette, height)
    _fit(sheet, d, enough)
    timeaxis.axis(sheet, d.palette, [point.at for point in points], grain, d.notes)
    frames.still_maturing(sheet, d, [point.at for point in points], grain)
    column = next(name for name, kind in d.rows.schema.items() if kind == pl.String)
    sizes: dict[str, float] = {}
    for point in points:
        sizes[point.series or ""] = sizes.get(point.series or "", 0) + point.whole
    # Rates of the rest cannot be added up by the eye, so the largest are drawn and no Other.
    drawn = sorted(sizes, key=lambda name: (-sizes[name], name))[:MOST_COLOURS]
    labels = timelines.target(sheet, d)
    for name in drawn:
        own = [point for point in points if point.series == name]
        colour = colour_of(d.palette, column, name)
        sheet.add_scatter(
            x=[point.at for point in own],
            y=[point.value if point.whole >= d.minimum_n else None for point in own],
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"size": _marks(own, d, 5)},
            name=escape_plotly(label(name)),
            text=[timelines.hover(point, d, grain, label(name)) for point in own],
            hoverinfo="text",
        )
        known = [point for point in own if point.whole >= d.minimum_n]
        if known:
            text = frames.shortened(label(name), 18)
            labels.append(EndLabel(known[-1].value, text, d.palette.text, swatch=colour))
    end_labels(sheet, labels, height)
    return sheet


def rate(d: Drawing) -> Sheet:
    """A rate in time: one line, or one a category."""
    return by_category(d) if has_series(d.metric, d.rows) else measured(d)


def _fit(sheet: Sheet, d: Drawing, points: Sequence[Reading]) -> None:
    """The axis of values over all that is sure enough to be drawn, and the target."""
    values = [end for point in points for end in (point.low, point.high)]
    values += [d.target] if d.target is not None else []
    values += ahead.ends(d)
    values += [100 * end for one in expectations.drawn(d) for end in (one.low, one.high)]
    if d.metric.chart == "score":
        low, high = frames.span(values, floor=1, top=7)
    else:
        low, high = frames.span(values, top=100 if d.percent else None)
    frames.value_axis(sheet, d, low, high)
    if low < 0 < high:
        sheet.add_hline(y=0, line={"color": d.palette.muted, "width": 1})


def _ribbon(sheet: Sheet, points: Sequence[Reading], d: Drawing) -> None:
    """The 95 % interval around each unbroken run of points that rest on enough cases."""
    across: list[Any] = []
    up: list[Any] = []
    run: list[Reading] = []
    for point in [*points, None]:
        if point is not None and point.whole >= d.minimum_n:
            run.append(point)
            continue
        if run:
            across += [*(r.at for r in run), *(r.at for r in reversed(run)), None]
            up += [*(r.high for r in run), *(r.low for r in reversed(run)), None]
        run = []
    sheet.add_scatter(
        x=across,
        y=up,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=fade(d.palette.accent, 0.16),
        hoverinfo="skip",
        name="95 % interval",
    )


def _lone(points: Sequence[Reading], d: Drawing) -> list[bool]:
    """Which points have a value to draw and no neighbour that has one."""
    enough = [False, *(point.whole >= d.minimum_n for point in points), False]
    return [
        enough[n] and not enough[n - 1] and not enough[n + 1] for n in range(1, len(enough) - 1)
    ]


def _marks(points: Sequence[Reading], d: Drawing, size: int) -> list[int]:
    """How large each point's mark is: none where the line shows it and there are many."""
    few = len(points) <= _MARKED
    return [size if few or lone else 0 for lone in _lone(points, d)]


def _alone(points: Sequence[Reading], d: Drawing) -> dict[str, Any]:
    """The intervals of points with no neighbour, which no ribbon can show, as bars."""
    lone = _lone(points, d)
    return {
        "array": [p.high - p.value if own else 0 for p, own in zip(points, lone, strict=True)],
        "arrayminus": [p.value - p.low if own else 0 for p, own in zip(points, lone, strict=True)],
        "color": fade(d.palette.accent, 0.4),
        "thickness": 5,
        "width": 0,
        "visible": any(lone),
    }


def _too_few(sheet: Sheet, points: Sequence[Reading], d: Drawing, grain: str) -> None:
    """A hollow mark on the ground where there are too few cases for a value to be drawn."""
    few = [point for point in points if point.whole < d.minimum_n]
    if not few:
        return
    low, _ = sheet.y_range
    sheet.add_scatter(
        x=[point.at for point in few],
        y=[low] * len(few),
        mode="markers",
        marker={"symbol": "circle-open", "size": 7, "color": d.palette.muted, "opacity": 0.7},
        cliponaxis=False,
        text=[
            f"{escape_plotly(counted(point, d.metric, d.rows).rpartition(' of ')[2])}<br>"
            f"{frames.moment(point.at, grain)}<br>too few: from {d.minimum_n} on"
            for point in few
        ],
        hoverinfo="text",
        name="too few",
    )
