"""The lanes of the journey map under the river. Each draws itself from a depth and gives back how
deep it reaches, in pixels under the top of the map."""

import textwrap
from collections.abc import Sequence

from journey.present import frames, river
from journey.present.frames import BODY, SMALL
from journey.present.mapparts import TOP, Feeling, MapParts, StageFacts, whole_percent
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import MINUS, escape_plotly, show

LABELS = 0.62
"""The width of the lane names at the left, in stages."""

_EXPERIENCE = 116
"""The height of the lane of feelings from +2 to -2, in pixels."""


def experience(
    sheet: Sheet,
    palette: Palette,
    known: Sequence[StageFacts],
    columns: Sequence[float],
    top: float,
) -> float:
    """The curve of feelings: ribbon, dots whose area is the number of answers, and the zero line
    between good and bad. Where answers are too few, a hollow dot on that line shows no value."""
    middle, unit = -(top + _EXPERIENCE / 2), _EXPERIENCE / 4
    felt = [
        (f, f.feeling, left + river.BLOCK / 2)
        for f, left in zip(known, columns, strict=True)
        if f.feeling
    ]
    if not felt:
        return top - 16
    lane(sheet, palette, "Experience", -middle)
    for words, place in (("good +2", top), (f"bad {MINUS}2", top + _EXPERIENCE)):
        write(sheet, words, -LABELS, place, 11, palette.muted)
    sheet.add_shape(
        type="line", x0=-0.02, x1=columns[-1] + 0.96, y0=middle, y1=middle,
        line={"color": palette.muted, "width": 1, "dash": "dot"},
    )  # fmt: skip
    sure = [(feeling, x) for _, feeling, x in felt if feeling.enough]
    sheet.add_scatter(
        x=[x for _, x in sure] + [x for _, x in reversed(sure)],
        y=[middle + unit * f.high for f, _ in sure]
        + [middle + unit * f.low for f, _ in reversed(sure)],
        mode="none",
        fill="toself",
        fillcolor=fade(palette.accent, 0.2),
        hoverinfo="skip",
        name="95 % interval",
    )
    sheet.add_scatter(
        x=[x for _, x in sure],
        y=[middle + unit * f.value for f, _ in sure],
        mode="lines",
        line={"color": palette.accent, "width": 2.5},
        hoverinfo="skip",
        name="experience",
    )
    most = max(feeling.responses for _, feeling, _ in felt)
    sheet.add_scatter(
        x=[x for _, _, x in felt],
        y=[middle + unit * f.value * f.enough for _, f, _ in felt],
        mode="markers",
        marker={
            "size": [6 + 10 * (f.responses / most) ** 0.5 for _, f, _ in felt],
            "color": [palette.accent if f.enough else palette.surface for _, f, _ in felt],
            "line": {"color": [palette.accent if f.enough else palette.muted for _, f, _ in felt],
                     "width": 1.5},
            "opacity": 1,
        },
        text=[_feeling_hover(fact, feeling) for fact, feeling, _ in felt],
        hoverinfo="text",
        name="responses",
    )  # fmt: skip
    for _, feeling, x in felt:
        # On the outer side of the dot, where neither the curve's turn nor the zero line is.
        up = feeling.value >= 0
        edge = (feeling.high if up else feeling.low) if feeling.enough else 0.0
        sheet.add_annotation(
            x=x,
            y=middle + unit * edge + (17 if up else -17),
            text=f"<b>{feeling.words}</b> · n {feeling.responses:,}"
            if feeling.enough
            else f"n {feeling.responses:,}, too few",
            showarrow=False,
            font={"size": SMALL, "color": palette.text if feeling.enough else palette.muted},
        )
    return top + _EXPERIENCE + 10


def _feeling_hover(fact: StageFacts, feeling: Feeling) -> str:
    """A dot in full."""
    ends = f"{feeling.low:+.1f} to {feeling.high:+.1f}".replace("-", MINUS)
    if not feeling.enough:
        return (
            f"<b>{escape_plotly(fact.title)}</b><br>{feeling.responses:,} answers, too few to "
            "say how it feels"
        )
    return (
        f"<b>{escape_plotly(fact.title)}</b><br>feels <b>{feeling.words}</b> ({ends}) on "
        f"{MINUS}2 to +2<br>{feeling.responses:,} answers"
    )


def touchpoints(
    sheet: Sheet,
    palette: Palette,
    known: Sequence[StageFacts],
    columns: Sequence[float],
    top: float,
) -> float:
    """What happens most: name, share, and a thin bar from zero on a track of all touches."""
    lane(sheet, palette, "Touchpoints", top + 8)
    row = 36
    for fact, left in zip(known, columns, strict=True):
        for place, (name, share) in enumerate(fact.touchpoints):
            y, right = top + 8 + place * row, left + 0.6
            write(sheet, frames.shortened(name, 18), left, y, SMALL, palette.text)
            percent = whole_percent(share)
            write(sheet, percent, left + 0.9, y + 15, SMALL, palette.muted, anchor="right")
            for end, colour in ((right, fade(palette.muted, 0.15)), (left + 0.6 * share, None)):
                sheet.add_shape(
                    type="rect", x0=left, x1=end, y0=-(y + 13), y1=-(y + 17), line={"width": 0},
                    fillcolor=colour or palette.stage(fact.name),
                )  # fmt: skip
    return top + TOP * row - 4


def worth(
    sheet: Sheet,
    palette: Palette,
    known: Sequence[StageFacts],
    columns: Sequence[float],
    top: float,
    parts: MapParts,
) -> float:
    """What a journey that got to the stage brings."""
    lane(sheet, palette, "Worth", top + 10, "a journey that<br>got here")
    for fact, left in zip(known, columns, strict=True):
        if fact.worth is not None:
            text = f"<b>{escape_plotly(show(fact.worth, 'money', parts.currency))}</b>"
            write(sheet, text, left, top + 10, BODY, palette.text)
    return top + 48


def voices(
    sheet: Sheet,
    palette: Palette,
    known: Sequence[StageFacts],
    columns: Sequence[float],
    top: float,
) -> float:
    """One thing customers said."""
    lane(sheet, palette, "In their words", top + 8)
    for fact, left in zip(known, columns, strict=True):
        if fact.voice:
            text = f"<i>{_wrapped(f'“{fact.voice}”', 22, 3)}</i>"
            write(sheet, text, left, top, SMALL, palette.muted, valign="top")
    return top + 48


def pains(
    sheet: Sheet,
    palette: Palette,
    known: Sequence[StageFacts],
    columns: Sequence[float],
    top: float,
) -> float:
    """What hurts, where it hurts, as warm plates."""
    lane(sheet, palette, "Pains", top + 12)
    for fact, left in zip(known, columns, strict=True):
        if fact.pain:
            sheet.add_shape(
                type="rect", x0=left - 0.01, x1=left + 0.92, y0=-top, y1=-(top + 58),
                fillcolor=fade(palette.warm, 0.12), line={"color": palette.warm, "width": 1},
            )  # fmt: skip
            text = _wrapped(fact.pain, 22, 3)
            write(sheet, text, left + 0.04, top + 4, SMALL, palette.warm, valign="top")
    return top + 62


def lane(sheet: Sheet, palette: Palette, name: str, depth: float, under: str = "") -> None:
    """A lane's name at the left, with a smaller word under it where it needs one."""
    write(sheet, name, -LABELS, depth, SMALL, palette.muted)
    if under:
        write(sheet, under, -LABELS, depth + 10, 11, palette.muted, valign="top")


def write(
    sheet: Sheet,
    text: str,
    x: float,
    depth: float,
    size: int,
    colour: str,
    anchor: str = "left",
    valign: str = "middle",
) -> None:
    """A text in the map's own measure, so that it moves with what it names."""
    sheet.add_annotation(
        x=x, y=-depth, text=text, showarrow=False, xanchor=anchor, yanchor=valign, align=anchor,
        font={"family": frames.FONT, "size": size, "color": colour}, borderpad=0,
    )  # fmt: skip


def _wrapped(text: str, width: int, lines: int) -> str:
    """The escaped text on so many lines at most."""
    wrapped = textwrap.wrap(" ".join(text.split()), width, max_lines=lines, placeholder="…")
    return "<br>".join(escape_plotly(line) for line in wrapped)
