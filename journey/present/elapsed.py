"""Pictures of time since something: how many it has happened to, or what has come of it, a line a
group. Both end where too few are left to say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from journey.metrics import statistics
from journey.metrics.measures import Measure, measures
from journey.metrics.metric import Metric
from journey.present import frames, timelines
from journey.present.categories import colour_of
from journey.present.endlabels import EndLabel, end_labels
from journey.present.frames import Drawing
from journey.present.numbers import counted, singular
from journey.present.palette import MOST_COLOURS, Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import THIN, escape_plotly, interval, label, listed, show

RIBBONS = 4
"""Up to so many lines each has its interval around it; more would hide each other."""


@dataclass(frozen=True)
class Point:
    """A value so long after the beginning, and how many it rests on."""

    at: float
    value: float
    low: float | None
    high: float | None
    n: float


@dataclass(frozen=True)
class Course:
    """The points of one group, in time, as far as enough are left."""

    name: str
    points: tuple[Point, ...]
    n: float
    """How many began."""


def courses(metric: Metric, rows: pl.DataFrame, minimum_n: int) -> list[Course]:
    """The groups in the rows' order; one without points has too few from the beginning."""
    found = []
    for name in rows[rows.columns[0]].unique(maintain_order=True):
        own = rows.filter(pl.col(rows.columns[0]).eq_missing(name))
        points = list(_steps(own) if metric.chart == "survival" else _values(own))
        enough = tuple(point for point in points if point.n >= minimum_n)
        found.append(Course(name or "Unknown", enough, points[0].n if points else 0))
    return found


def _steps(rows: pl.DataFrame) -> Iterator[Point]:
    """The share it has happened to, by each time."""
    _, at, events, at_risk = rows.columns
    shares = statistics.kaplan_meier(rows[events].to_list(), rows[at_risk].to_list())
    for when, n, (value, low, high) in zip(rows[at], rows[at_risk], shares, strict=True):
        yield Point(when, value, low, high, n)


def _values(rows: pl.DataFrame) -> Iterator[Point]:
    """The measure at each time."""
    (measure,) = measures(rows.columns[2:])
    for row in rows.iter_rows(named=True):
        if value := measure.value(row):
            yield Point(row[rows.columns[1]], value.value, value.low, value.high, value.n)


def unit_of(metric: Metric, rows: pl.DataFrame) -> str:
    """The unit that values are in."""
    if metric.chart == "survival":
        return "percent"
    measure: Measure = measures(rows.columns[2:])[0]
    return measure.unit or metric.unit


@dataclass(frozen=True)
class Axes:
    """What a picture of courses is drawn on."""

    palette: Palette
    column: str
    """What the groups are, for their colours."""
    since: str
    """What the time is counted in and from, as a column's name."""
    unit: str
    noun: str
    """What a point's n counts."""
    currency: str | None = None
    height: int = timelines.HEIGHT
    begins: float | None = None
    """Where each line begins at zero; None where it begins with its first point."""
    steps: bool = False
    """Whether a value holds until the next one."""
    ticks: tuple[tuple[float, str], ...] = ()
    """Marks of the time axis with their words; none leaves it to the numbers."""


def lines(d: Drawing) -> Sheet:
    """A line a group over the time since, each named at its end."""
    if d.rows.is_empty():
        return frames.nothing(d.palette, d.height)
    survival = d.metric.chart == "survival"
    column, since = d.rows.columns[:2]
    axes = Axes(
        d.palette,
        column,
        since,
        unit_of(d.metric, d.rows),
        label(d.rows.columns[-1]).lower() if survival else "people",
        d.currency,
        d.height or timelines.HEIGHT,
        begins=0.0 if survival else None,
        steps=survival,
    )
    return picture(_largest(courses(d.metric, d.rows, d.minimum_n)), axes, d.minimum_n)


def picture(found: Sequence[Course], axes: Axes, minimum_n: int) -> Sheet:
    """The courses that have any point, with their intervals where they are few."""
    drawn = [one for one in found if one.points]
    if not drawn:
        sheet = frames.nothing(axes.palette, axes.height)
        sheet.layout["annotations"][0]["text"] = f"Too few to show; from {minimum_n} on."
        return sheet
    scale = 100 if axes.unit == "percent" else 1
    sheet = frames.canvas(axes.palette, axes.height, top=26)
    ribbon = len(drawn) <= RIBBONS
    points = [point for one in drawn for point in one.points]
    highest = max((point.high if ribbon else None) or point.value for point in points)
    first = min(point.at for point in points) if axes.begins is None else axes.begins
    last = max(point.at for point in points)
    sheet.update_yaxes(
        range=[0.0, scale * highest * 1.06 or 1.0],
        nticks=5,
        showgrid=True,
        gridcolor=axes.palette.line,
        ticksuffix=f"{THIN}%" if axes.unit == "percent" else "",
        separatethousands=True,
        ticklabelstandoff=6,
    )
    room = (last - first or 1.0) * 0.015
    sheet.update_xaxes(
        range=[first - room, last + room],
        ticks="outside",
        ticklen=5,
        tickcolor=axes.palette.muted,
        showline=True,
        linecolor=axes.palette.line,
    )
    if axes.ticks:
        places, texts = zip(*axes.ticks, strict=True)
        sheet.update_xaxes(tickvals=list(places), ticktext=list(texts), tickangle=0)
    else:
        sheet.update_xaxes(dtick=_step(last, axes.since))
    what = f"{axes.currency}, " if axes.unit == "money" and axes.currency else ""
    frames.note(
        sheet, axes.palette, escape_plotly(f"{what}by {label(axes.since).lower()}"),
        x=0, y=1, xanchor="left", yanchor="bottom", yshift=4,
    )  # fmt: skip
    labels = []
    for one, colour in zip(drawn, colours(axes.palette, axes.column, drawn), strict=True):
        _line(sheet, axes, one, colour, ribbon=ribbon)
        end = one.points[-1]
        value = escape_plotly(show(end.value, axes.unit))
        text = f"{frames.shortened(label(one.name), 18)} {value}"
        labels.append(EndLabel(scale * end.value, text, axes.palette.text, swatch=colour))
    end_labels(sheet, labels, axes.height)
    sheet.update_layout(hovermode="closest")
    return sheet


def _line(sheet: Sheet, axes: Axes, one: Course, colour: str, *, ribbon: bool) -> None:
    """One group's line, from the beginning where nothing has happened yet."""
    scale = 100 if axes.unit == "percent" else 1
    start = [] if axes.begins is None else [Point(axes.begins, 0.0, 0.0, 0.0, one.n)]
    points = [*start, *one.points]
    across = [point.at for point in points]
    shape = "hv" if axes.steps else "linear"
    if ribbon and all(point.low is not None for point in points):
        for ends, fill in (
            ([scale * (point.high or 0.0) for point in points], None),
            ([scale * (point.low or 0.0) for point in points], "tonexty"),
        ):
            sheet.add_scatter(
                x=across, y=ends, mode="lines", line={"width": 0, "shape": shape}, fill=fill,
                fillcolor=fade(colour, 0.14), hoverinfo="skip",
            )  # fmt: skip
    sheet.add_scatter(
        x=across,
        y=[scale * point.value for point in points],
        mode="lines+markers" if len(points) <= 20 and not axes.steps else "lines",
        marker={"size": 5},
        line={"color": colour, "width": 2.2, "shape": shape},
        text=[_hover(axes, one, point) for point in points],
        hoverinfo="text",
        name=escape_plotly(label(one.name)),
    )


def _hover(axes: Axes, one: Course, point: Point) -> str:
    """A point in full."""
    doubt = ""
    if point.low is not None:
        doubt = f" ({escape_plotly(interval(point.low, point.high, axes.unit))})"
    when = next((text for at, text in axes.ticks if at == point.at), f"{point.at:g}")
    return (
        f"<b>{escape_plotly(label(one.name))}</b><br>"
        f"<b>{escape_plotly(show(point.value, axes.unit, axes.currency))}</b>{doubt}<br>"
        f"{escape_plotly(label(axes.since).lower())}: {when}<br>"
        f"{point.n:,.0f} {escape_plotly(axes.noun)}"
    )


def colours(palette: Palette, column: str, drawn: list[Course]) -> list[str]:
    """A colour for each group: channels have their own; words with an order, such as scores and
    quarters, go from light to dark; others get colours that are apart."""
    if column.endswith("channel"):
        return [colour_of(palette, column, one.name) for one in drawn]
    ordered = column in ("cohort", "satisfaction", "order_to_come")
    if ordered:
        steps = palette.stages
        last = max(1, len(drawn) - 1)
        return [steps[round(n * (len(steps) - 1) / last)] for n in range(len(drawn))]
    apart = [palette.accent, *palette.known.values()]
    return [apart[n % len(apart)] for n in range(len(drawn))]


def foot(metric: Metric, rows: pl.DataFrame, minimum_n: int, currency: str | None) -> str:
    """How many began, the end of each line with its interval, and what is left out."""
    found = courses(metric, rows, minimum_n)
    drawn = [one for one in _largest(found) if one.points]
    unit = unit_of(metric, rows)
    since = singular(rows.columns[1].partition("_")[0]).strip()
    said = []
    if len(drawn) <= RIBBONS:
        for one in drawn:
            end = one.points[-1]
            said.append(
                f"{label(one.name)} {show(end.value, unit, currency)} by {since} {end.at:g} "
                f"(95 %: {interval(end.low, end.high, unit)}, n {one.n:,.0f})"
            )
    else:
        low, high = min(one.n for one in drawn), max(one.n for one in drawn)
        said.append(f"From {low:,.0f} to {high:,.0f} a line; intervals under the pointer")
    few = [label(one.name) for one in found if not one.points]
    more = len([one for one in found if one.points]) - len(drawn)
    parts = ["; ".join(said) + "." if drawn else ""]
    parts.append(f"A line ends where fewer than {minimum_n} are left.")
    if few:
        parts.append(f"Too few: {listed(few[:5])}{' and others' if len(few) > 5 else ''}.")
    if more > 0:
        parts.append(f"{counted(more, 'more lines')} in the menu.")
    return " ".join(part for part in parts if part)


def _largest(found: list[Course]) -> list[Course]:
    """As many as a picture can colour, in the rows' order."""
    kept = sorted(found, key=lambda one: -one.n)[:MOST_COLOURS]
    return [one for one in found if one in kept]


def _step(last: float, since: str) -> float:
    """How far apart the marks of the axis are: whole months of 30 days, or whole months."""
    if since.startswith("days"):
        return next((step for step in (7, 30, 60, 90, 180) if last / step <= 6.5), 365)
    return next((step for step in (1, 2, 3, 6, 12) if last / step <= 8), 24)
