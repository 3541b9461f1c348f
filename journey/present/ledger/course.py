"""The course of a pain: where the affected stood against the others, before, during, after."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from journey.analysis.pains.judged import Span
from journey.analysis.pains.verdicts import number
from journey.annotations.annotation import Annotation
from journey.metrics.answer import Total
from journey.metrics.metric import Metric
from journey.present import frames, timeaxis
from journey.present.endlabels import EndLabel, end_labels
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import THIN, day, escape_plotly, period

HEIGHT = 250
"""In pixels."""


def course(
    spans: Sequence[Span],
    metric: Metric,
    palette: Palette,
    affected: str,
    fixed_on: date | None = None,
    notes: Sequence[Annotation] = (),
) -> Sheet:
    """The picture: a line for the affected in the tone of pains, one for all others in grey, each
    with its interval; the days it hurt tinted, the day of the fix a line with a word."""
    if not spans:
        return frames.nothing(palette, HEIGHT)
    sheet = frames.canvas(palette, HEIGHT, top=26)
    scale = 100 if metric.unit == "percent" else 1
    sides = {
        "others": ("all others", palette.muted, [span.others for span in spans]),
        "affected": (affected, palette.warm, [span.affected for span in spans]),
    }
    known = [t for _, _, totals in sides.values() for t in totals if t.value is not None]
    ends = [scale * end for t in known for end in (t.low, t.high) if end is not None]
    low, high = frames.span(ends, *((0.0, 100.0) if metric.unit == "percent" else (None, None)))
    sheet.update_yaxes(
        range=[low, high],
        nticks=5,
        showgrid=True,
        gridcolor=palette.line,
        ticksuffix=f"{THIN}%" if metric.unit == "percent" else "",
        ticklabelstandoff=6,
    )
    _tint(sheet, palette, spans)
    labels = []
    for name, colour, totals in sides.values():
        if any(one.value is not None for one in totals):
            labels.append(_line(sheet, metric, name, colour, spans, totals, scale))
    timeaxis.axis(sheet, palette, [span.since for span in spans], "week", notes)
    sheet.update_xaxes(range=[spans[0].since, spans[-1].until], minor={})
    if fixed_on is not None:
        sheet.add_vline(fixed_on, line={"color": palette.text, "width": 1.5})
        frames.note(
            sheet, palette, f"fixed {day(fixed_on)}", x=fixed_on, xref="x", y=1,
            colour=palette.text, xanchor="left", yanchor="bottom",
        )  # fmt: skip
    end_labels(sheet, labels, HEIGHT)
    sheet.update_layout(hovermode="x")
    return sheet


def alt(spans: Sequence[Span], metric: Metric, affected: str) -> str:
    """The picture in a sentence: each stretch with both values."""
    if not spans:
        return "Too few cases to draw a course."
    said = []
    for stretch in dict.fromkeys(span.stretch for span in spans):
        own = [span for span in spans if span.stretch == stretch]
        values = []
        for name, totals in (
            (affected, [span.affected for span in own]),
            ("all others", [span.others for span in own]),
        ):
            shown = [number(t.value, metric) for t in totals if t.value is not None]
            if shown:
                values.append(f"{name} {shown[0]} to {shown[-1]}")
        when = period(own[0].since, own[-1].until)
        said.append(f"{stretch}, {when}: {', '.join(values)}")
    return f"{metric.title}. {'; '.join(said)}."


def _tint(sheet: Sheet, palette: Palette, spans: Sequence[Span]) -> None:
    """The days it hurt, where there are others beside them."""
    hurt = [span for span in spans if span.stretch == "while it hurt"]
    if not hurt or len(hurt) == len(spans):
        return
    sheet.add_shape(
        type="rect",
        yref="paper",
        x0=hurt[0].since,
        x1=hurt[-1].until,
        y0=0,
        y1=1,
        fillcolor=fade(palette.warm, 0.09),
        line={"width": 0},
        layer="below",
    )
    frames.note(
        sheet, palette, "while it hurt", x=hurt[0].since, xref="x", y=1, colour=palette.warm,
        xanchor="right" if hurt[0].since > spans[0].since else "left", yanchor="bottom",
    )  # fmt: skip


def _line(
    sheet: Sheet,
    metric: Metric,
    name: str,
    colour: str,
    spans: Sequence[Span],
    totals: Sequence[Total],
    scale: int,
) -> EndLabel:
    """One group: its ribbon and its line, broken where one stretch of time ends."""
    points: list[tuple[Any, Total | None, str]] = []
    for place, (span, one) in enumerate(zip(spans, totals, strict=True)):
        if place and span.stretch != spans[place - 1].stretch:
            points.append((span.since, None, ""))
        middle = span.since + (span.until - span.since) / 2
        points.append(
            (middle, one if one.value is not None else None, _hover(name, span, one, metric))
        )
    for run in _runs(points):
        if len(run) == 1:
            (at, one) = run[0]
            sheet.add_scatter(
                x=[at, at],
                y=[scale * (one.low or 0), scale * (one.high or 0)],
                mode="lines",
                line={"color": fade(colour, 0.45), "width": 4},
                hoverinfo="skip",
            )
            continue
        sheet.add_scatter(
            x=[at for at, _ in run] + [at for at, _ in reversed(run)],
            y=[scale * (t.high or 0) for _, t in run]
            + [scale * (t.low or 0) for _, t in reversed(run)],
            mode="none",
            fill="toself",
            fillcolor=fade(colour, 0.13),
            hoverinfo="skip",
        )
    sheet.add_scatter(
        x=[at for at, _, _ in points],
        y=[scale * t.value if t and t.value is not None else None for _, t, _ in points],
        mode="lines+markers",
        line={"color": colour, "width": 2.5},
        marker={"size": 6, "color": colour},
        text=[said for _, _, said in points],
        hoverinfo="text",
        name=escape_plotly(name),
    )
    last = next(t for _, t, _ in reversed(points) if t is not None)
    text = frames.shortened(name, 20)
    return EndLabel(scale * (last.value or 0), text, colour, bold=True)


def _runs(points: Sequence[tuple[Any, Total | None, str]]) -> list[list[tuple[Any, Total]]]:
    """The points in runs without a break."""
    found: list[list[tuple[Any, Total]]] = [[]]
    for at, one, _ in points:
        if one is None:
            found.append([])
        else:
            found[-1].append((at, one))
    return [run for run in found if run]


def _hover(name: str, span: Span, one: Total, metric: Metric) -> str:
    """A span in full."""
    if one.value is None or one.low is None or one.high is None:
        return ""
    return (
        f"<b>{escape_plotly(name)}</b> {number(one.value, metric)} "
        f"(95{THIN}%: {number(one.low, metric)} to {number(one.high, metric)})<br>"
        f"n = {one.whole:,.0f}, {period(span.since, span.until)}"
    )
