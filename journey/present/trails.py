"""Small pictures on cards, as images: the course of a number, and the spread of one."""

import base64
from dataclasses import dataclass

import polars as pl

from journey.metrics.answer import total
from journey.present.palette import Palette

_WIDTH, _HEIGHT = 240, 58


@dataclass(frozen=True)
class Point:
    """One value of a trail and its interval."""

    value: float
    low: float
    high: float


def trail(chart: str, rows: pl.DataFrame, minimum_n: int) -> list[Point]:
    """The value of each row that has enough cases, where rows are periods."""
    if rows.height < 3 or rows.schema[rows.columns[0]] != pl.Date:
        return []
    points = []
    for number in range(rows.height):
        one = total(chart, rows[number])
        if one and one.value is not None and one.whole >= minimum_n:
            points.append(Point(one.value, one.low or 0.0, one.high or 0.0))
    return points


def sparkline(points: list[Point], target: float | None, colours: Palette, alt: str) -> str:
    """A small line with its intervals as a ribbon and the target as a dashed line, as HTML."""
    low = min([point.low for point in points] + ([target] if target is not None else []))
    high = max([point.high for point in points] + ([target] if target is not None else []))
    room = (high - low) or 1.0

    def x(place: int) -> float:
        return place * _WIDTH / (len(points) - 1)

    def y(value: float) -> float:
        return _HEIGHT - 2 - (value - low) / room * (_HEIGHT - 4)

    up = [f"{x(n):.1f},{y(point.high):.1f}" for n, point in enumerate(points)]
    down = [f"{x(n):.1f},{y(point.low):.1f}" for n, point in reversed(list(enumerate(points)))]
    line = " ".join(f"{x(n):.1f},{y(point.value):.1f}" for n, point in enumerate(points))
    goal = (
        f'<line x1="0" x2="{_WIDTH}" y1="{y(target):.1f}" y2="{y(target):.1f}" '
        f'stroke="{colours.muted}" stroke-dasharray="3 3" vector-effect="non-scaling-stroke"/>'
        if target is not None
        else ""
    )
    return _image(
        f'<polygon points="{" ".join(up + down)}" fill="{colours.accent}" opacity=".14"/>{goal}'
        f'<polyline points="{line}" fill="none" stroke="{colours.accent}" stroke-width="1.8" '
        'stroke-linejoin="round" vector-effect="non-scaling-stroke"/>',
        alt,
    )


def strip(low: float, middle: float, high: float, far: float, colours: Palette, alt: str) -> str:
    """A spread from zero to its far end, as HTML: the middle half as a band, the median a mark."""
    scale = _WIDTH / (far or 1.0)
    centre = _HEIGHT / 2
    return _image(
        f'<line x1="0" x2="{_WIDTH}" y1="{centre}" y2="{centre}" stroke="{colours.accent}" '
        'stroke-width="2" opacity=".4" vector-effect="non-scaling-stroke"/>'
        f'<rect x="{scale * low:.1f}" width="{scale * (high - low):.1f}" y="{centre - 12}" '
        f'height="24" fill="{colours.accent}" opacity=".3"/>'
        f'<line x1="{scale * middle:.1f}" x2="{scale * middle:.1f}" y1="{centre - 17}" '
        f'y2="{centre + 17}" stroke="{colours.accent}" stroke-width="2.5" '
        'vector-effect="non-scaling-stroke"/>',
        alt,
    )


def _image(drawn: str, alt: str) -> str:
    """A drawing as an image, since the page's sanitiser takes inline drawings out; `alt` is
    escaped."""
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'preserveAspectRatio="none">{drawn}</svg>'
    )
    code = base64.b64encode(picture.encode()).decode()
    return f'<img class="trail" src="data:image/svg+xml;base64,{code}" alt="{alt}">'
