"""The way from one number to another, row by row: what each group, or each step, added and took."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from journey.present import frames
from journey.present.frames import BODY, SMALL
from journey.present.numbers import MINUS
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import THIN, escape_plotly

_ROW = 30
_TEXT = 62
"""The room right of the plot for a row's number, in pixels."""


@dataclass(frozen=True)
class Span:
    """One row between the two rates, in shares."""

    name: str
    mix: float
    rate: float
    judgement: str
    """`good`, `bad` or `none`, which is how it is coloured."""


@dataclass(frozen=True)
class _Piece:
    """A bar in a row, which starts where the one before it ends; in the unit of the axis."""

    row: int
    amount: float
    colour: str
    is_hatched: bool
    hover: str


@dataclass(frozen=True)
class Scale:
    """How numbers are written: on the axis, at an end, and as a step with its sign."""

    end: Callable[[float], str]
    step: Callable[[float], str]
    suffix: str = ""
    """After each number of the axis."""


def bridge(
    first: tuple[str, float], spans: Sequence[Span], last: tuple[str, float], palette: Palette
) -> Sheet:
    """From the first rate to the last, each given with its name: a row for each span, which
    starts where the one above it ends. Mix is hatched, what a group changed itself is plain."""
    pieces = [
        _Piece(
            row,
            100 * amount,
            _colour(palette, span.judgement),
            is_hatched,
            f"{escape_plotly(span.name)}: {_points(100 * amount)} {name}",
        )
        for row, span in enumerate(spans, 1)
        for amount, is_hatched, name in (
            (span.rate, False, "by its own rate"),
            (span.mix, True, "by its share of cases"),
        )
    ]
    scale = Scale(_percent, _points, f"{THIN}%")
    steps = [(span.name, 100 * (span.mix + span.rate)) for span in spans]
    ends = [(name, 100 * value) for name, value in (first, last)]
    return _drawn(ends, steps, pieces, scale, palette)


def waterfall(
    first: tuple[str, float],
    steps: Sequence[tuple[str, float, str]],
    last: tuple[str, float],
    scale: Scale,
    palette: Palette,
) -> Sheet:
    """From the first number to the last: a row for each step, given with its name, how much it
    changes the number and what it says under the pointer. A step up is drawn in the accent, a
    step down in grey: neither is good or bad news."""
    pieces = [
        _Piece(
            row,
            amount,
            palette.accent if amount > 0 else fade(palette.muted, 0.75),
            False,
            f"{escape_plotly(name)}: {escape_plotly(scale.step(amount))}<br>{hover}",
        )
        for row, (name, amount, hover) in enumerate(steps, 1)
    ]
    named = [(name, amount) for name, amount, _ in steps]
    return _drawn([first, last], named, pieces, scale, palette)


def _drawn(
    ends: Sequence[tuple[str, float]],
    steps: Sequence[tuple[str, float]],
    pieces: Sequence[_Piece],
    scale: Scale,
    palette: Palette,
) -> Sheet:
    """The rows between two ends, each piece from where the one before it ends."""
    (first, start), (last, end) = ends
    told = [scale.end(start), *(scale.step(amount) for _, amount in steps), scale.end(end)]
    room_for_text = max(_TEXT, round(max(map(frames.text_width, told)) + 12))
    sheet = frames.canvas(palette, _ROW * (len(steps) + 2) + 34, right=room_for_text, top=4)
    names = [first, *(name for name, _ in steps), last]
    at, bases = start, []
    for piece in pieces:
        bases.append(at)
        at += piece.amount
    low, high = min([start, end, *bases]), max([start, end, *bases])
    room = 0.15 * (high - low) or 0.002 * max(abs(high), 1.0)
    for is_hatched in (False, True):
        own = [place for place, piece in enumerate(pieces) if piece.is_hatched == is_hatched]
        sheet.add_bar(
            orientation="h",
            y=[pieces[place].row for place in own],
            base=[bases[place] for place in own],
            x=[pieces[place].amount for place in own],
            width=0.56,
            marker={
                "color": [pieces[place].colour for place in own],
                "line": {"width": 0},
                "pattern": {
                    "shape": "/" if is_hatched else "",
                    "fgcolor": palette.surface,
                    "solidity": 0.4,
                },
            },
            text=[pieces[place].hover for place in own],
            hoverinfo="text",
            textposition="none",
        )
    _connect(sheet, palette, start, steps)
    sheet.add_scatter(
        x=[start, end],
        y=[0, len(names) - 1],
        mode="markers",
        marker={"size": 10, "color": palette.text},
        text=[f"{escape_plotly(name)}: {escape_plotly(scale.end(value))}" for name, value in ends],
        hoverinfo="text",
        cliponaxis=False,
    )
    for row, text in enumerate(map(escape_plotly, told)):
        bold = row in (0, len(names) - 1)
        frames.note(
            sheet,
            palette,
            f"<b>{text}</b>" if bold else text,
            x=1,
            xshift=room_for_text,
            xanchor="right",
            y=row,
            yref="y",
            size=BODY,
            colour=palette.text,
        )
    sheet.update_xaxes(
        range=[low - room, high + room],
        nticks=5,
        showgrid=True,
        gridcolor=palette.line,
        ticksuffix=scale.suffix,
        separatethousands=True,
    )
    sheet.update_yaxes(
        range=[len(names) - 0.5, -0.5],
        tickvals=list(range(len(names))),
        ticktext=[frames.shortened(name) for name in names],
        tickfont={"size": SMALL, "color": palette.text},
    )
    sheet.update_layout(barmode="overlay")
    return sheet


def _connect(
    sheet: Sheet, palette: Palette, start: float, steps: Sequence[tuple[str, float]]
) -> None:
    """A thin line from where each row ends to where the next begins."""
    at, line = start, {"color": palette.muted, "width": 1}
    for row in range(len(steps) + 1):
        at += steps[row - 1][1] if row else 0.0
        sheet.add_shape(type="line", x0=at, x1=at, y0=row, y1=row + 1, layer="below", line=line)


def _colour(palette: Palette, judgement: str) -> str:
    """Green and red for judged change only."""
    return {"good": palette.good, "bad": palette.bad}.get(judgement, fade(palette.muted, 0.55))


def _percent(percent: float) -> str:
    """A rate in percent."""
    return f"{percent:.1f}{THIN}%"


def _points(points: float) -> str:
    """A difference in points, with its sign."""
    number = round(points, 1) + 0.0
    return f"{MINUS if number < 0 else '+' if number > 0 else ''}{abs(number):.1f}"
