"""Importance against performance: which touchpoints to mend first."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from journey.analysis.experience.drivers import Driver
from journey.present import frames
from journey.present.endlabels import spread
from journey.present.experience.curves import index
from journey.present.numbers import MINUS, counted
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, label

HEIGHT = 320
"""In pixels."""


def picture(drivers: Sequence[Driver], palette: Palette) -> go.Figure:
    """A dot for each touchpoint on its interval of importance, named beside it; the means of both
    divide it in four."""
    if not drivers:
        return frames.nothing(palette, HEIGHT).figure()
    sheet = frames.canvas(palette, HEIGHT, top=10)
    across = [one.performance for one in drivers]
    ends = [end for one in drivers for end in (one.low, one.high)] + [0.0]
    low, high = min(across), max(across)
    room = max(0.25, 0.25 * (high - low))
    sheet.update_xaxes(
        range=[max(-2.1, low - room), min(2.3, high + 2.2 * room)],
        nticks=5,
        showgrid=True,
        gridcolor=palette.line,
        title=_title(f"feels, {MINUS}2 to +2", 4),
    )
    sheet.update_yaxes(
        range=[min(ends) - 0.05, min(1.05, max(ends) + 0.08)],
        nticks=5,
        showgrid=True,
        gridcolor=palette.line,
        title=_title("matters (correlation)", 6),
    )
    _middle(sheet, drivers, palette)
    sheet.add_scatter(
        x=[x for one in drivers for x in (one.performance, one.performance, None)],
        y=[y for one in drivers for y in (one.low, one.high, None)],
        mode="lines",
        line={"color": fade(palette.muted, 0.38), "width": 5},
        hoverinfo="skip",
        name="95 % interval",
    )
    sheet.add_scatter(
        x=across,
        y=[one.importance for one in drivers],
        mode="markers",
        marker={
            "size": 10,
            "color": [palette.accent if one.low > 0 else palette.muted for one in drivers],
        },
        text=[_hover(one) for one in drivers],
        hoverinfo="text",
        name="touchpoints",
    )
    bottom, ceiling = sheet.y_range
    # Fifteen pixels apart, so that names of touchpoints that do alike can be read.
    gap = 15 * (ceiling - bottom) / (HEIGHT - 60)
    places = spread([one.importance for one in drivers], gap, bottom, ceiling)
    for one, place in zip(drivers, places, strict=True):
        sheet.add_annotation(
            x=one.performance,
            y=place,
            text=frames.shortened(label(one.touchpoint), 22),
            showarrow=False,
            # Names lie over intervals and over the lines of the means.
            bgcolor=fade(palette.surface, 0.7),
            borderpad=1,
            xanchor="left",
            xshift=9,
            font={
                "family": frames.FONT,
                "size": frames.SMALL,
                "color": palette.text if one.low > 0 else palette.muted,
            },
        )
    return sheet.figure()


def _title(text: str, standoff: int) -> dict[str, Any]:
    """What an axis counts."""
    return {"text": text, "standoff": standoff, "font": {"size": frames.SMALL}}


def _middle(sheet: Sheet, drivers: Sequence[Driver], palette: Palette) -> None:
    """The means as thin lines, and what the corners they make are."""
    line = {"color": palette.muted, "width": 1, "dash": "dot"}
    sheet.add_vline(x=sum(one.performance for one in drivers) / len(drivers), line=line)
    sheet.add_hline(y=sum(one.importance for one in drivers) / len(drivers), line=line)
    corners = (("mend first", 0, 1), ("keep it up", 1, 1), ("later", 0, 0), ("good enough", 1, 0))
    for words, x, y in corners:
        frames.note(
            sheet,
            palette,
            f"<i>{words}</i>",
            x=x,
            y=y,
            xanchor="right" if x else "left",
            yanchor="top" if y else "bottom",
        )


def _hover(one: Driver) -> str:
    """A touchpoint in full."""
    return "<br>".join(
        [
            f"<b>{escape_plotly(label(one.touchpoint))}</b>",
            f"matters <b>{one.importance:.2f}</b> ({one.low:.2f} to {one.high:.2f}), "
            f"{counted(one.people, 'people')}",
            f"feels <b>{index(one.performance)}</b>, {counted(one.answers, 'answers')}",
        ]
    )
