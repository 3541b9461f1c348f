"""A course on its picture and in words: levels, changes of level, points out of range."""

from collections.abc import Iterator
from datetime import date, timedelta

from journey.analysis.trend.bands import Range
from journey.analysis.trend.course import Course, Turn
from journey.metrics.metric import Metric
from journey.present import frames
from journey.present.frames import Drawing
from journey.present.numbers import counted, interval, show
from journey.present.palette import fade
from journey.present.sheet import Sheet
from journey.present.words import day, escape_plotly

_SIDES = {1: "above", -1: "below"}
_MOST_TOLD = 3
"""The most changes a card tells, the latest."""


def beneath(sheet: Sheet, d: Drawing, dates: list[date]) -> None:
    """The range each point was expected in, as a faint band under all else."""
    if d.course is None:
        return
    shown = set(dates)
    known = [one for one in d.course.ranges if one.at in shown]
    if len(known) < 2:
        return
    at = [one.at for one in known]
    low, high = ([_drawn(d, end, one.at) for one, end in ends] for ends in _ends(known))
    sheet.add_scatter(
        x=[*at, *reversed(at)],
        y=[*high, *reversed(low)],
        mode="lines",
        line={"width": 0.6, "color": fade(d.palette.muted, 0.45)},
        fill="toself",
        fillcolor=fade(d.palette.muted, 0.06),
        hoverinfo="skip",
        name="expected range",
    )


def above(sheet: Sheet, d: Drawing, dates: list[date]) -> None:
    """The levels the course ran at, where it changed, and the points out of their range."""
    if d.course is None or not dates:
        return
    _levels(sheet, d, min(dates), max(dates))
    _strange(sheet, d, set(dates))


def _levels(sheet: Sheet, d: Drawing, first: date, last: date) -> None:
    """A thin line at each level, a small triangle where it begins; nothing where it never changed
    in what is shown."""
    course = d.course
    assert course is not None
    inside = [one for one in course.spans() if one[1] <= last and one[2] > first]
    if len(inside) < 2:
        return
    across: list[date | None] = []
    up: list[float | None] = []
    for level, since, until in inside:
        ends = [max(since, first), min(until - timedelta(days=1), last)]
        across += [*ends, None]
        up += [_drawn(d, level.value), _drawn(d, level.value), None]
    sheet.add_scatter(
        x=across,
        y=up,
        mode="lines",
        line={"color": d.palette.text, "width": 1.4},
        opacity=0.75,
        hoverinfo="skip",
        name="level",
    )
    for turn in course.turns():
        if first <= turn.since <= last:
            sheet.add_annotation(
                x=turn.since,
                y=_drawn(d, turn.now),
                text="▲" if turn.side > 0 else "▼",
                hovertext=escape_plotly(sentence(d.metric, course, turn, d.currency)),
                showarrow=False,
                yanchor="bottom" if turn.side > 0 else "top",
                font={"size": 11, "color": d.palette.text},
            )


def _strange(sheet: Sheet, d: Drawing, shown: set[date]) -> None:
    """A triangle on each point out of its range: up above it, down below, in the colour of good or
    bad news where the metric says which that is."""
    assert d.course is not None
    found = [one for one in d.course.ranges if one.side and one.at in shown]
    if not found:
        return
    grain = d.course.points.grain
    sheet.add_scatter(
        x=[one.at for one in found],
        y=[_drawn(d, one.value, one.at) for one in found],
        mode="markers",
        marker={
            "symbol": ["triangle-up" if one.side > 0 else "triangle-down" for one in found],
            "size": 12,
            "color": [_ink(d, one) for one in found],
            "line": {"width": 1.5, "color": d.palette.surface},
        },
        text=[
            f"<b>{_SIDES[one.side]} the expected range</b> ("
            f"{_between(d.metric, d.course, one, d.currency)})<br>"
            f"{frames.moment(one.at, grain)}"
            for one in found
        ],
        hoverinfo="text",
        cliponaxis=False,
        name="out of range",
    )


def _ink(d: Drawing, one: Range) -> str:
    """The colour of a point out of its range."""
    if d.metric.better == "neither":
        return d.palette.text
    is_good = (one.side > 0) == (d.metric.better == "higher")
    return d.palette.good if is_good else d.palette.bad


def told(
    metric: Metric, course: Course | None, since: date, until: date, currency: str | None = None
) -> list[str]:
    """The course in sentences, as far as it concerns a period: its latest changes of level, and
    how many points are out of range. Nothing where nothing changed."""
    if course is None:
        return []
    inside = within(course, since, until)
    said = [sentence(metric, course, turn, currency) for turn in inside[-_MOST_TOLD:]]
    strange = [one for one in course.ranges if one.side and since <= one.at < until]
    if strange:
        said.append(_counted(metric, course, strange, currency))
    return said


def within(course: Course | None, since: date, until: date) -> list[Turn]:
    """The changes of level that fall into a period."""
    return [turn for turn in course.turns() if _shows(turn, since, until)] if course else []


def _shows(turn: Turn, since: date, until: date) -> bool:
    """Whether a change falls into a period: it began there, or what passed ended there."""
    return turn.since < until and (
        since <= turn.since or (turn.after is not None and turn.until > since)
    )


def sentence(metric: Metric, course: Course, turn: Turn, currency: str | None = None) -> str:
    """A change of level in words, with what each level rests on where that is not the level itself:
    `Since the week of 29 Jun 2026 it runs at 50 % (n 154), up from 27 % (n 4,249).`"""

    def value(number: float, cases: float | None = None) -> str:
        shown = _value(metric, course, number, currency)
        if cases is None or course.points.kind == "count":
            return shown
        return f"{shown} (n {cases:,.0f})"

    it = "the total" if metric.chart == "stacked" else "it"
    now = value(turn.now, turn.cases)
    moved = f"{'up' if turn.side > 0 else 'down'} from {value(turn.before, turn.cases_before)}"
    if turn.after is not None:
        last = turn.until - timedelta(days=1)
        said = f"From {_moment(turn.since)} to {_moment(last)} {it} ran at {now}, {moved}"
        return f"{said}; then at {value(turn.after)}."
    if turn.is_last:
        return f"Since {_since(course, turn)} {it} runs at {now}, {moved}."
    return f"From {_since(course, turn)} on {it} ran at {now}, {moved}."


def _counted(metric: Metric, course: Course, strange: list[Range], currency: str | None) -> str:
    """The points out of their range in a sentence."""
    latest = strange[-1]
    grain = course.points.grain
    which = frames.moment(latest.at, grain)
    which = f"The {which}" if grain == "week" else which
    all_of = " in all" if metric.chart == "stacked" else ""
    said = (
        f"{which}, at {_value(metric, course, latest.value, currency, latest.at)}{all_of}, is "
        f"{_SIDES[latest.side]} what its past leads one to expect: "
        f"{_between(metric, course, latest, currency)}"
    )
    more = len(strange) - 1
    if more:
        said += f". {counted(more, 'others')} out of range"
    return f"{said}."


def _since(course: Course, turn: Turn) -> str:
    """When a change began, as precisely as it was looked for."""
    word = frames.moment(turn.since, course.steps.grain)
    return f"the {word}" if course.steps.grain == "week" else word


def _moment(when: date) -> str:
    """A day with its year."""
    return f"{day(when)} {when.year}"


def _value(
    metric: Metric, course: Course, number: float, currency: str | None, when: date | None = None
) -> str:
    """A level or a point in words; a count by the time it is of."""
    points = course.points if when else course.steps
    shown = show(points.shown(number, when), metric.unit, currency)
    return f"{shown} a {points.grain}" if points.kind == "count" else shown


def _between(metric: Metric, course: Course, one: Range, currency: str | None) -> str:
    """A range in words."""
    low, high = (course.points.shown(end, one.at) for end in (one.low, one.high))
    return interval(low, high, metric.unit, currency)


def _drawn(d: Drawing, value: float, when: date | None = None) -> float:
    """A value as the picture's axis has it; a level of a series of days is one day's."""
    assert d.course is not None
    points = d.course.points
    return (100 if d.percent else 1) * points.shown(value, when)


def _ends(known: list[Range]) -> Iterator[list[tuple[Range, float]]]:
    """The lower and the upper ends of ranges."""
    yield [(one, one.low) for one in known]
    yield [(one, one.high) for one in known]
