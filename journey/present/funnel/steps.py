"""The picture of a funnel's steps: how many come as far, how sure that is, and how many leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from journey.analysis.funnel.steps import Step
from journey.present import frames
from journey.present.frames import BODY
from journey.present.numbers import counted
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import MINUS, escape_plotly, interval, label, listed, show

_STEP = 72
_WIDE = 0.3
"""The height of a bar, as a share of a step's room."""


@dataclass(frozen=True)
class Bar:
    """One step: a count of those that reached it, or an estimate of their share."""

    name: str
    count: float
    whole: int
    """How many entered."""
    low: float | None
    """The ends of the share of all, as shares."""
    high: float | None
    before: int | None
    """How many reached the step before; None for the first."""
    step_low: float | None = None
    step_high: float | None = None
    optional: bool = False
    estimated: bool = False
    earlier: float | None = None
    """The share in what it is compared with."""

    @property
    def share(self) -> float:
        """The share of all that entered."""
        return self.count / self.whole if self.whole else 0.0


def bars(found: Sequence[Bar], palette: Palette, minimum_n: int) -> Sheet:
    """A bar a step on a track as long as the first: the count above it, below it the share of all
    and of the step before with their intervals. What left since the step before is hatched; a
    thin mark is the share in what it is compared with."""
    if not found or not found[0].whole:
        return frames.nothing(palette)
    whole = found[0].whole
    sheet = frames.canvas(palette, _STEP * len(found) + 12, left=0, right=0, top=0)
    sheet.update_xaxes(visible=False, range=[0, whole])
    sheet.update_yaxes(visible=False, range=[len(found) - 0.44, -0.56])
    places = list(range(len(found)))
    _track(sheet, palette, found, places)
    sheet.add_bar(
        x=[bar.count for bar in found],
        y=places,
        orientation="h",
        width=_WIDE,
        marker={
            "color": [
                fade(palette.accent, 0.3) if bar.optional else palette.accent for bar in found
            ],
            "line": {"width": [1 if bar.optional else 0 for bar in found], "color": palette.accent},
        },
        text=[_hover(bar) for bar in found],
        textposition="none",
        hoverinfo="text",
        name="reached",
    )
    if whole >= minimum_n:
        _doubt(sheet, palette, found)
    _compared(sheet, palette, found)
    sheet.update_layout(barmode="overlay")
    for place, bar in enumerate(found):
        _texts(sheet, palette, bar, place, minimum_n)
    return sheet


def step_label(step: Step) -> str:
    """A step as a reader says it.

    >>> from journey.analysis.funnel.steps import parse_step
    >>> step_label(parse_step("product_viewed,reviews_read:device=mobile"))
    'Product viewed or Reviews read (device mobile)'
    """
    words = listed([label(name) for name in step.names], "or")
    told = [
        f"{one.name} {'not ' if one.negated else ''}{listed(one.values, 'or')}"
        if one.values
        else f"{one.name} {one.text.partition('=')[2]}"
        for one in step.conditions
    ]
    return f"{words} ({listed(told)})" if told else words


def in_words(found: Sequence[Bar], noun: str, minimum_n: int) -> str:
    """The picture in sentences: how many come to the end, and where most leave."""
    if not found or not found[0].whole:
        return f"No {noun} entered in this period. Widen the period or the filters."
    first, last = found[0], found[-1]
    if first.whole < minimum_n:
        return f"{counted(first.whole, noun)} entered; we show a rate from {minimum_n}."
    told = (
        f"Of {counted(first.whole, noun)} with {first.name}, {show(last.share, 'percent')} get to "
        f"{last.name} ({interval(last.low, last.high, 'percent')})."
    )
    needed = [bar for bar in found if not bar.optional]
    gone = [(before.count - after.count, before, after) for before, after in pairwise(needed)]
    lost, before, after = max(gone, key=lambda one: one[0])
    if lost <= 0:
        return told
    part = lost / before.count if before.count else 0.0
    return (
        f"{told} Most leave between {before.name} and {after.name}: {lost:,.0f}, "
        f"{show(part, 'percent')} of those who were there."
    )


def _track(sheet: Sheet, palette: Palette, found: Sequence[Bar], places: Sequence[int]) -> None:
    """How long the first bar is, and what left since the step before."""
    sheet.add_bar(
        x=[found[0].whole] * len(found),
        y=places,
        orientation="h",
        width=_WIDE,
        marker={"color": fade(palette.muted, 0.09), "line": {"width": 0}},
        hoverinfo="skip",
        name="all",
    )
    sheet.add_bar(
        base=[bar.count for bar in found],
        x=[max(0.0, (bar.before or bar.count) - bar.count) for bar in found],
        y=places,
        orientation="h",
        width=_WIDE,
        marker={
            "color": fade(palette.muted, 0.1),
            "line": {"width": 0},
            "pattern": {"shape": "/", "size": 6, "solidity": 0.16, "fgcolor": palette.muted},
        },
        hoverinfo="skip",
        name="left",
    )


def _doubt(sheet: Sheet, palette: Palette, found: Sequence[Bar]) -> None:
    """The interval of each share of all, at the end of its bar."""
    across: list[float | None] = []
    along: list[int | None] = []
    for place, bar in enumerate(found):
        if place and bar.low is not None and bar.high is not None:
            across += [bar.low * bar.whole, bar.high * bar.whole, None]
            along += [place, place, None]
    sheet.add_scatter(
        x=across,
        y=along,
        mode="lines",
        line={"color": palette.text, "width": 2},
        hoverinfo="skip",
        name="95 % interval",
    )


def _compared(sheet: Sheet, palette: Palette, found: Sequence[Bar]) -> None:
    """The share in what it is compared with, as a thin mark over the bar."""
    known = [(place, bar) for place, bar in enumerate(found) if bar.earlier is not None and place]
    sheet.add_scatter(
        x=[(bar.earlier or 0.0) * bar.whole for _, bar in known],
        y=[place for place, _ in known],
        mode="markers",
        marker={
            "symbol": "line-ns-open",
            "size": 26,
            "color": palette.muted,
            "line": {"width": 2},
        },
        hoverinfo="skip",
        name="compared with",
    )


def _texts(sheet: Sheet, palette: Palette, bar: Bar, place: int, minimum_n: int) -> None:
    """The words above and below a bar."""
    above = {"y": place - 0.18, "yref": "y", "yanchor": "bottom"}
    below = {"y": place + 0.17, "yref": "y", "yanchor": "top"}
    name = frames.shortened(bar.name, 28)
    optional = "  optional" if bar.optional else ""
    frames.note(
        sheet, palette, f"<b>{name}</b>{optional}", x=0, xanchor="left",
        colour=palette.text, size=BODY, **above,
    )  # fmt: skip
    gone = (bar.before or 0) - bar.count
    left = f"{MINUS}{gone:,.0f}   " if bar.before is not None and gone > 0 else ""
    sign = "≈ " if bar.estimated else ""
    frames.note(
        sheet, palette, f"{left}<b>{sign}{bar.count:,.0f}</b>", x=1, xanchor="right",
        colour=palette.text, size=BODY, **above,
    )  # fmt: skip
    if not place or bar.whole < minimum_n:
        return
    share = f"{show(bar.share, 'percent')} of all"
    if bar.low is not None:
        share += f" ({interval(bar.low, bar.high, 'percent')})"
    frames.note(sheet, palette, share, x=0, xanchor="left", **below)
    if place > 1 and bar.before and bar.before >= minimum_n:
        step = f"step {show(bar.count / bar.before, 'percent')}"
        if bar.step_low is not None:
            step += f" ({interval(bar.step_low, bar.step_high, 'percent')})"
        frames.note(sheet, palette, step, x=1, xanchor="right", **below)


def _hover(bar: Bar) -> str:
    """A step in full."""
    lines = [f"<b>{escape_plotly(bar.name)}</b>", f"{bar.count:,.0f} of {bar.whole:,}"]
    lines.append(f"{show(bar.share, 'percent')} of all")
    if bar.before:
        lines.append(f"{show(bar.count / bar.before, 'percent')} of the step before")
        lines.append(f"{max(0.0, bar.before - bar.count):,.0f} left before it")
    if bar.earlier is not None:
        lines.append(f"{show(bar.earlier, 'percent')} in what it is compared with")
    return "<br>".join(lines)
