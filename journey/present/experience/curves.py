"""The experience curve: the stages across, from bad to good, with ribbon, n and blend."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from journey.analysis.experience.curve import Curve
from journey.analysis.experience.points import Point
from journey.config import STAGES
from journey.present import frames
from journey.present.endlabels import EndLabel, end_labels
from journey.present.frames import SMALL
from journey.present.numbers import MINUS, THIN, counted
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, label

HEIGHT = 320
"""In pixels; a unit of the index is a quarter of the plot."""

_PLACES = STAGES[:-1]
"""Loyalty is reached by ordering again, not by a touchpoint that can be asked about."""


def picture(
    found: Sequence[Curve], palette: Palette, minimum_n: int, narrow: bool = False
) -> go.Figure:
    """One curve with its ribbon and numbers, or up to five beside each other, named at their
    ends; a hollow mark on the middle line where there are too few answers."""
    sheet = frames.canvas(palette, HEIGHT, left=8, top=14)
    _axes(sheet, palette, found, narrow)
    alone = len(found) == 1
    labels = []
    for place, curve in enumerate(found):
        colour = palette.accent if alone else palette.spare[place % len(palette.spare)]
        known = [point for point in curve.stages if point.value is not None]
        _ribbon(sheet, known, fade(colour, 0.18 if alone else 0.08))
        _line(sheet, curve, known, colour, alone)
        if alone:
            _numbers(sheet, known, palette, narrow)
            _too_few(sheet, curve, palette, minimum_n)
        elif known:
            name = frames.shortened(label(curve.persona), 18)
            labels.append(EndLabel(known[-1].value or 0.0, name, palette.text, swatch=colour))
    end_labels(sheet, labels, HEIGHT)
    return sheet.figure()


def index(value: float | None) -> str:
    """An index as it is written: `+0.6`, with a true minus.

    >>> index(0.62), index(-1.2), index(0.0)
    ('+0.6', '−1.2', '0.0')
    """
    if value is None:
        return "–"
    text = f"{value:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", MINUS)


def blend(point: Point) -> list[str]:
    """What an index is made of, a line for each signal."""
    return [
        f"{_SIGNALS[part.signal]} {index(part.value)} · {part.count:,} {_COUNTED[part.signal]} · "
        f"{100 * part.share:.0f}{THIN}% of it"
        for part in point.parts
    ]


_SIGNALS = {
    "csat": "CSAT",
    "nps": "NPS",
    "ces": "CES",
    "sentiment": "Words",
    "friction": "Friction",
}
_COUNTED = {
    "csat": "answers",
    "nps": "answers",
    "ces": "answers",
    "sentiment": "comments",
    "friction": "touches",
}


def _axes(sheet: Sheet, palette: Palette, found: Sequence[Curve], narrow: bool) -> None:
    """The stages across, on two levels by turns where it is narrow; good and bad upwards."""
    answered = {point.stage for curve in found for point in curve.stages}
    names = [
        escape_plotly(label(name)) + ("" if name in answered else "<br><i>no answers</i>")
        for name in _PLACES
    ]
    sheet.update_xaxes(
        range=[-0.45, len(_PLACES) - 0.55],
        tickvals=list(range(len(_PLACES))),
        ticktext=[
            f"<br>{name}" if narrow and place % 2 else name for place, name in enumerate(names)
        ],
        tickfont={"size": SMALL, "color": palette.text},
        tickangle=0,
        ticklabelstandoff=6,
    )
    sheet.update_yaxes(
        range=[-2.1, 2.25],
        tickvals=[-2, -1, 0, 1, 2],
        ticktext=(
            [f"{MINUS}2", f"{MINUS}1", "0", "+1", "+2"]
            if narrow
            else [f"bad {MINUS}2", f"{MINUS}1", "0", "+1", "good +2"]
        ),
        showgrid=True,
        gridcolor=palette.line,
        ticklabelstandoff=6,
    )
    sheet.add_hline(y=0, line={"color": palette.muted, "width": 1, "dash": "dot"})


def _ribbon(sheet: Sheet, known: Sequence[Point], colour: str) -> None:
    """The interval around each unbroken run of stages."""
    across: list[Any] = []
    up: list[Any] = []
    for run in _runs(known):
        places = [_PLACES.index(point.stage) for point in run]
        across += [*places, *reversed(places), None]
        up += [*(point.high for point in run), *(point.low for point in reversed(run)), None]
    sheet.add_scatter(
        x=across,
        y=up,
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=colour,
        hoverinfo="skip",
        name="95 % interval",
    )


def _runs(known: Sequence[Point]) -> list[list[Point]]:
    """Stages that follow each other without a gap."""
    runs: list[list[Point]] = []
    for point in known:
        place = _PLACES.index(point.stage)
        if runs and _PLACES.index(runs[-1][-1].stage) == place - 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _line(sheet: Sheet, curve: Curve, known: Sequence[Point], colour: str, alone: bool) -> None:
    """The curve, its dots as large as their answers are many, with the blend under the pointer."""
    most = max((point.answers for point in known), default=1)
    values = {point.stage: point for point in known}
    drawn = [values.get(name) for name in _PLACES]
    sheet.add_scatter(
        x=list(range(len(_PLACES))),
        y=[point.value if point else None for point in drawn],
        mode="lines+markers",
        connectgaps=False,
        line={"color": colour, "width": 2.5 if alone else 2},
        marker={
            "color": colour,
            "opacity": 1,
            "size": [
                (7 + 11 * (point.answers / most) ** 0.5 if alone else 8) if point else 0
                for point in drawn
            ],
        },
        error_y={
            "type": "data",
            "symmetric": False,
            "array": _lone(drawn, up=True),
            "arrayminus": _lone(drawn, up=False),
            "color": fade(colour, 0.4),
            "thickness": 5,
            "width": 0,
        },
        text=[_hover(curve, point) if point else "" for point in drawn],
        hoverinfo="text",
        name=escape_plotly(label(curve.persona) if curve.persona else "everyone"),
    )


def _lone(drawn: Sequence[Point | None], up: bool) -> list[float]:
    """The intervals of stages without a neighbour, which no ribbon can show."""
    framed = [None, *drawn, None]
    ends = []
    for place, point in enumerate(drawn, 1):
        lone = point is not None and framed[place - 1] is None and framed[place + 1] is None
        if point is None or not lone:
            ends.append(0.0)
            continue
        value, low, high = (float(end or 0.0) for end in (point.value, point.low, point.high))
        ends.append(high - value if up else value - low)
    return ends


def _numbers(sheet: Sheet, known: Sequence[Point], palette: Palette, narrow: bool) -> None:
    """Each stage's index and n above it, out of the ribbon's way."""
    for point in known:
        above = (point.value or 0.0) <= 1.45
        edge = point.high if above else point.low
        sheet.add_annotation(
            x=_PLACES.index(point.stage),
            y=edge,
            yshift=20 if above else -20,
            text=f"<b>{index(point.value)}</b><br>{'' if narrow else 'n '}{point.answers:,}",
            showarrow=False,
            font={"family": frames.FONT, "size": SMALL, "color": palette.text},
        )


def _too_few(sheet: Sheet, curve: Curve, palette: Palette, minimum_n: int) -> None:
    """A hollow mark where there are answers, yet not enough of them for a value."""
    few = [point for point in curve.stages if point.value is None]
    if not few:
        return
    sheet.add_scatter(
        x=[_PLACES.index(point.stage) for point in few],
        y=[0] * len(few),
        mode="markers+text",
        marker={
            "symbol": "circle-open",
            "size": 9,
            "color": palette.muted,
            "line": {"width": 1.5, "color": palette.muted},
        },
        text=[f"n {point.answers:,}, too few" for point in few],
        textposition="bottom center",
        textfont={"color": palette.muted, "size": SMALL},
        hovertext=[
            f"{counted(point.answers, 'answers')}; an index is shown from {minimum_n}"
            for point in few
        ],
        hoverinfo="text",
        name="too few",
    )


def _hover(curve: Curve, point: Point) -> str:
    """A stage in full: index, interval, answers, people, and its blend."""
    who = f"{escape_plotly(label(curve.persona))}, " if curve.persona else ""
    return "<br>".join(
        [
            f"<b>{who}{escape_plotly(label(point.stage))}</b>",
            f"<b>{index(point.value)}</b> ({index(point.low)} to {index(point.high)}) on "
            f"{MINUS}2 to +2",
            f"{counted(point.answers, 'answers')} of {counted(point.people, 'people')}",
            *blend(point),
        ]
    )
