"""The bridge from one rate to another: what each group added and took, row by row."""

from collections.abc import Sequence
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


def bridge(
    first: tuple[str, float], spans: Sequence[Span], last: tuple[str, float], palette: Palette
) -> Sheet:
    """From the first rate to the last, each given with its name: a row for each span, which
    starts where the one above it ends. Mix is hatched, what a group changed itself is plain."""
    sheet = frames.canvas(palette, _ROW * (len(spans) + 2) + 34, right=_TEXT, top=4)
    names = [first[0], *(span.name for span in spans), last[0]]
    rows = range(len(names))
    at = first[1]
    ends = [first[1], last[1]]
    pieces: list[tuple[int, float, float, str, str]] = []
    for row, span in enumerate(spans, 1):
        for amount, shape in ((span.rate, ""), (span.mix, "/")):
            pieces.append((row, at, amount, span.judgement, shape))
            at += amount
            ends.append(at)
    low, high = min(ends), max(ends)
    room = max(0.15 * (high - low), 0.002)
    for shape, name in (("", "by its own rate"), ("/", "by its share of cases")):
        own = [piece for piece in pieces if piece[4] == shape]
        sheet.add_bar(
            orientation="h",
            y=[piece[0] for piece in own],
            base=[100 * piece[1] for piece in own],
            x=[100 * piece[2] for piece in own],
            width=0.56,
            marker={
                "color": [_colour(palette, piece[3]) for piece in own],
                "line": {"width": 0},
                "pattern": {"shape": shape, "fgcolor": palette.surface, "solidity": 0.4},
            },
            text=[f"{escape_plotly(names[piece[0]])}: {_points(piece[2])} {name}" for piece in own],
            hoverinfo="text",
            textposition="none",
            name=name,
        )
    sheet.add_scatter(
        x=[100 * first[1], 100 * last[1]],
        y=[0, len(names) - 1],
        mode="markers",
        marker={"size": 10, "color": palette.text},
        text=[f"{escape_plotly(name)}: {_percent(value)}" for name, value in (first, last)],
        hoverinfo="text",
        cliponaxis=False,
        name="rates",
    )
    told = [_percent(first[1]), *(_points(s.mix + s.rate) for s in spans), _percent(last[1])]
    for row, text in zip(rows, told, strict=True):
        bold = row in (0, len(names) - 1)
        frames.note(
            sheet,
            palette,
            f"<b>{text}</b>" if bold else text,
            x=1,
            xshift=_TEXT,
            xanchor="right",
            y=row,
            yref="y",
            size=BODY,
            colour=palette.text,
        )
    sheet.update_xaxes(
        range=[100 * (low - room), 100 * (high + room)],
        nticks=5,
        showgrid=True,
        gridcolor=palette.line,
        ticksuffix=f"{THIN}%",
    )
    sheet.update_yaxes(
        range=[len(names) - 0.5, -0.5],
        tickvals=list(rows),
        ticktext=[escape_plotly(frames.shortened(name)) for name in names],
        tickfont={"size": SMALL, "color": palette.text},
    )
    sheet.update_layout(barmode="overlay")
    return sheet


def _colour(palette: Palette, judgement: str) -> str:
    """Green and red for judged change only."""
    return {"good": palette.good, "bad": palette.bad}.get(judgement, fade(palette.muted, 0.55))


def _percent(share: float) -> str:
    """A rate in percent."""
    return f"{100 * share:.1f}{THIN}%"


def _points(share: float) -> str:
    """A difference in points, with its sign."""
    number = round(100 * share, 1) + 0.0
    return f"{MINUS if number < 0 else '+' if number > 0 else ''}{abs(number):.1f}"
