"""A course carried on, in words and on its picture."""

from datetime import date, timedelta

from journey.analysis.trend.course import Course
from journey.analysis.trend.forecast import Expectation, Forecast
from journey.metrics.metric import Metric
from journey.present.endlabels import EndLabel
from journey.present.frames import Drawing
from journey.present.numbers import interval, show
from journey.present.palette import fade
from journey.present.sheet import Sheet
from journey.present.words import THIN, day, escape_plotly

_GOOD = "This goes on as the past went; nothing that is planned and no time of the year is in it."


def sentence(metric: Metric, course: Course, found: Forecast, currency: str | None = None) -> str:
    """What is expected by the day, how surely, and whether the target is met: `At this course
    14.9 % in the 4 weeks to 28 Mar 2027 (95 %: 12.6 to 17.4 %), target 16 %: about 18 % likely to
    be reached.`"""
    said = (
        f"At this course {_value(metric, course, found.end.middle, currency)} "
        f"{_when(course, found.end)} "
        f"(95{THIN}%: {_between(metric, found.end.low95, found.end.high95, currency)})"
    )
    if found.chance is None or found.target is None:
        return f"{said}. {_GOOD}"
    percent = metric.unit == "percent"
    aim = f"{(100 if percent else 1) * found.target:,.10g}{f'{THIN}%' if percent else ''}"
    return f"{said}, target {aim}: {likely(found.chance)} to be reached. {_GOOD}"


def likely(chance: float) -> str:
    """A chance in words, no surer than it is.

    >>> [likely(chance).replace(THIN, " ") for chance in (0.0004, 0.043, 0.6, 0.996)]
    ['less than 1 % likely', 'about 4 % likely', 'about 60 % likely', 'more than 99 % likely']
    """
    if chance < 0.01:
        return f"less than 1{THIN}% likely"
    if chance > 0.99:
        return f"more than 99{THIN}% likely"
    return f"about {100 * chance:.0f}{THIN}% likely"


def dates(d: Drawing) -> list[date]:
    """The dates of the steps ahead, for the axis: each stands where its last week or month does."""
    if d.forecast is None or d.course is None:
        return []
    return [_at(d.course, one) for one in d.forecast.path]


def ends(d: Drawing) -> list[float]:
    """The values that the axis must reach for the fan."""
    if d.forecast is None:
        return []
    scale = 100 if d.percent else 1
    return [scale * end for one in d.forecast.path for end in (one.low95, one.high95)]


def fan(sheet: Sheet, d: Drawing) -> list[EndLabel]:
    """The middle as a dashed line with its 80 and 95 % intervals; its end named at the right."""
    if d.forecast is None or d.course is None:
        return []
    scale = 100 if d.percent else 1
    path, at = d.forecast.path, dates(d)
    for low, high, share in (
        ([one.low95 for one in path], [one.high95 for one in path], 0.12),
        ([one.low80 for one in path], [one.high80 for one in path], 0.2),
    ):
        if len(path) > 1:
            sheet.add_scatter(
                x=[*at, *reversed(at)],
                y=[scale * end for end in (*high, *reversed(low))],
                mode="lines",
                line={"width": 0},
                fill="toself",
                fillcolor=fade(d.palette.accent, share),
                hoverinfo="skip",
                name="forecast interval",
            )
    sheet.add_scatter(
        x=at,
        y=[scale * one.middle for one in path],
        mode="lines+markers",
        line={"color": d.palette.accent, "width": 1.8, "dash": "dash"},
        marker={
            "symbol": "circle-open",
            "size": [0] * (len(path) - 1) + [8],
            "opacity": [0] * (len(path) - 1) + [1],
        },
        error_y={
            "array": [0.0] * (len(path) - 1) + [scale * (path[-1].high95 - path[-1].middle)],
            "arrayminus": [0.0] * (len(path) - 1) + [scale * (path[-1].middle - path[-1].low95)],
            "color": fade(d.palette.accent, 0.5),
            "thickness": 2,
            "width": 0,
        },
        text=[_hover(d, one) for one in path],
        hoverinfo="text",
        name="forecast",
    )
    text = f"{show(path[-1].middle, d.metric.unit, d.currency)} forecast"
    return [EndLabel(scale * path[-1].middle, escape_plotly(text), d.palette.accent)]


def _hover(d: Drawing, one: Expectation) -> str:
    """A step ahead in full."""
    assert d.course is not None
    lines = (
        f"<b>{escape_plotly(_value(d.metric, d.course, one.middle, d.currency))}</b> expected "
        f"{_when(d.course, one)}",
        f"80{THIN}%: {_between(d.metric, one.low80, one.high80, d.currency)}",
        f"95{THIN}%: {_between(d.metric, one.low95, one.high95, d.currency)}",
    )
    return "<br>".join(lines)


def _at(course: Course, one: Expectation) -> date:
    """Where a step stands on the axis: at the first day of the last week or month of its stretch,
    as the points before do."""
    return one.since if course.steps.grain == "month" else one.until - timedelta(weeks=1)


def _when(course: Course, one: Expectation) -> str:
    """The stretch in words."""
    last = one.until - timedelta(days=1)
    if course.steps.grain == "month":
        return f"in {last:%B} {last.year}"
    return f"in the 4 weeks to {day(last)} {last.year}"


def _value(metric: Metric, course: Course, value: float, currency: str | None) -> str:
    """A value in words; a count by its week or month."""
    shown = show(value, metric.unit, currency)
    return f"{shown} a {course.steps.grain}" if course.steps.kind == "count" else shown


def _between(metric: Metric, low: float, high: float, currency: str | None) -> str:
    """An interval in words."""
    return interval(low, high, metric.unit, currency)
