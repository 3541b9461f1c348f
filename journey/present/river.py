"""The river of journeys: linear widths, those who go on in one straight band, those who leave
falling away and fading."""

from collections.abc import Sequence

from journey.present import frames
from journey.present.frames import BODY, SMALL
from journey.present.mapparts import MapParts, StageFacts, reached_words
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, show

TOP = 96
"""Where the river's upper edge runs, in pixels under the top of the map."""

_TALLEST = 116
BLOCK = 0.52
"""The width of a stage's block, in stages; the rest of a stage is the way to the next."""

_FALL = 26
_GAP = 0.16
"""The room before the stage with its own clock, in stages."""


def columns(known: Sequence[StageFacts]) -> list[float]:
    """The left edge of each stage; one with its own clock stands apart."""
    return [place + (_GAP if fact.buyers is not None else 0) for place, fact in enumerate(known)]


def scale(known: Sequence[StageFacts], tallest: float = _TALLEST) -> float:
    """Pixels for one journey: one scale for the whole map."""
    return tallest / max(max(fact.journeys, fact.buyers or 0) for fact in known)


def across(
    sheet: Sheet, palette: Palette, known: Sequence[StageFacts], lefts: Sequence[float]
) -> float:
    """Draw the river from left to right; give back how deep it reaches.

    Its upper edge is straight, so that what is lost shows at one side only.
    """
    pixels = scale(known)
    deepest: float = TOP + _TALLEST
    for place, (fact, left) in enumerate(zip(known, lefts, strict=True)):
        colour, height = palette.stage(fact.name), pixels * fact.journeys
        right = left + BLOCK
        if fact.leaves is not None:
            after = known[place + 1]
            onward = pixels * min(after.journeys, fact.journeys)
            start = lefts[place + 1]
            _band(sheet, palette, fact, after, (right, start, TOP, TOP + onward))
            end = right + (start - right) * 0.86
            branch = (right, end, TOP + onward, TOP + height)
            _branch(sheet, colour, fact, branch)
            deepest = max(deepest, TOP + height + _FALL + 22)
            _step_words(sheet, palette, fact, start - 0.08, TOP + height + _FALL + 11)
        if fact.buyers is not None:
            _outline(sheet, palette, left, right, pixels * fact.buyers)
            deepest = max(deepest, TOP + pixels * fact.buyers + 52)
        _polygon(
            sheet, [left, right, right, left], [TOP, TOP, TOP + height, TOP + height],
            fillcolor=colour, line={"color": colour, "width": 1}, text=_hover(fact),
        )  # fmt: skip
    return deepest


def _step_words(
    sheet: Sheet, palette: Palette, fact: StageFacts, right: float, depth: float
) -> None:
    """Over the band who goes on, under the branch who leaves."""
    onward = f"<b>{show(fact.goes_on, 'percent')}</b> go on →"
    for text, at in ((onward, TOP - 14), (f"{fact.leaves:,} leave", depth)):
        sheet.add_annotation(
            x=right, y=-at, text=text, showarrow=False, xanchor="right", borderpad=0,
            font={"size": SMALL, "color": palette.muted},
        )  # fmt: skip


def _band(
    sheet: Sheet,
    palette: Palette,
    fact: StageFacts,
    after: StageFacts,
    place: tuple[float, float, float, float],
) -> None:
    """Those who go on, as a straight band in the colours of both stages."""
    left, right, top, bottom = place
    _polygon(
        sheet, [left, right, right, left], [top, top, bottom, bottom],
        fillgradient={
            "type": "horizontal",
            "colorscale": [
                [0, fade(palette.stage(fact.name), 0.42)],
                [1, fade(palette.stage(after.name), 0.42)],
            ],
        },
        text=f"{show(fact.goes_on, 'percent')} go on to {escape_plotly(after.title.lower())}",
    )  # fmt: skip


def _branch(
    sheet: Sheet, colour: str, fact: StageFacts, place: tuple[float, float, float, float]
) -> None:
    """Those who leave: as thick as they are many, bending down and fading out."""
    left, right, top, bottom = place
    steps = [step / 16 for step in range(17)]
    across = [left + (right - left) * step for step in steps]
    fall = [_FALL * step * step * (3 - 2 * step) for step in steps]
    _polygon(
        sheet,
        across + across[::-1],
        [top + down for down in fall] + [bottom + down for down in fall[::-1]],
        fillgradient={
            "type": "horizontal",
            "colorscale": [
                [0, fade(colour, 0.34)],
                [0.35, fade(colour, 0.22)],
                [1, fade(colour, 0)],
            ],
        },
        text=f"{fact.leaves:,} leave after {escape_plotly(fact.title.lower())}",
    )


def _outline(sheet: Sheet, palette: Palette, left: float, right: float, height: float) -> None:
    """All whose time has passed, as an empty vessel around those who came back."""
    sheet.add_shape(
        type="rect", x0=left, x1=right, y0=-TOP, y1=-(TOP + height),
        fillcolor=fade(palette.muted, 0.08),
        line={"color": palette.muted, "width": 1, "dash": "dot"},
    )  # fmt: skip


def _polygon(
    sheet: Sheet, across: Sequence[float], depths: Sequence[float], **look: object
) -> None:
    """A filled shape that says its numbers under the pointer."""
    sheet.add_scatter(
        x=list(across),
        y=[-depth for depth in depths],
        mode="lines",
        fill="toself",
        hoveron="fills",
        **{"line": {"width": 0}, "hoverinfo": "text", **look},
    )


def _hover(fact: StageFacts) -> str:
    """A stage in full."""
    lines = [f"<b>{escape_plotly(fact.title)}</b>"]
    if fact.buyers is not None:
        lines.append(f"{fact.journeys:,} of {fact.buyers:,} buyers come back")
    else:
        lines.append(f"{fact.journeys:,} journeys")
    if fact.buyers is None and fact.of_all is not None:
        lines.append(f"{show(fact.of_all, 'percent')} of all")
    if fact.goes_on is not None:
        lines.append(f"{show(fact.goes_on, 'percent')} go on, {fact.leaves:,} leave")
    return "<br>".join(lines)


def down(
    known: Sequence[StageFacts], parts: MapParts, palette: Palette, stage: str | None
) -> Sheet:
    """The river running down a narrow screen: widths to the left, words to the right. The stage
    looked at is in full colour, the others step back."""
    row, block, share = 66, 30, 0.56
    height = row * len(known) + (12 if parts.loyalty is not None else 0)
    sheet = frames.canvas(palette, height, left=0, right=0, top=0)
    sheet.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode="closest")
    sheet.update_xaxes(visible=False, range=[0, 1])
    sheet.update_yaxes(visible=False, range=[-height, 0])
    unit = scale(known, share)
    for place, fact in enumerate(known):
        top = 2 + place * row + (12 if fact.buyers is not None else 0)
        strength = 1.0 if stage in (None, fact.name) else 0.4
        colour, wide = palette.stage(fact.name), unit * fact.journeys
        if fact.leaves is not None:
            onward = unit * min(known[place + 1].journeys, fact.journeys)
            _polygon(
                sheet, [0, onward, onward, 0], [top + block, top + block, top + row, top + row],
                fillcolor=fade(colour, 0.28 * strength), hoverinfo="skip",
            )  # fmt: skip
            _polygon(
                sheet,
                [onward, wide, min(wide + 0.03, share), min(onward + 0.03, share)],
                [top + block, top + block, top + row - 8, top + row - 8],
                fillgradient={
                    "type": "vertical",
                    "colorscale": [[0, fade(colour, 0)], [1, fade(colour, 0.24 * strength)]],
                },
                hoverinfo="skip",
            )
        if fact.buyers is not None:
            sheet.add_shape(
                type="line", x0=0, x1=1, y0=-(top - 10), y1=-(top - 10),
                line={"color": palette.muted, "width": 1, "dash": "3px,3px"},
            )  # fmt: skip
            sheet.add_shape(
                type="rect", x0=0, x1=unit * fact.buyers, y0=-top, y1=-(top + block),
                line={"color": palette.muted, "width": 1, "dash": "dot"},
            )  # fmt: skip
        _polygon(
            sheet, [0, wide, wide, 0], [top, top, top + block, top + block],
            fillcolor=fade(colour, strength), line={"color": fade(colour, strength), "width": 1},
            text=_hover(fact),
        )  # fmt: skip
        _side_words(sheet, palette, fact, parts, top, strength)
    return sheet


def _side_words(
    sheet: Sheet,
    palette: Palette,
    fact: StageFacts,
    parts: MapParts,
    top: float,
    strength: float,
) -> None:
    """Beside a block its name and numbers, beneath them who goes on and who leaves."""
    share = reached_words(fact, parts)
    if fact.buyers is not None and fact.of_all is not None:
        share = f"{show(fact.of_all, 'percent')} of {fact.buyers:,}"
    ink = palette.text if strength == 1 else palette.muted
    number = f"<b>{fact.journeys:,}</b>" + (f" · {share}" if share else "")
    lines: list[tuple[str, float, int, int, str]] = [
        (f"<b>{escape_plotly(fact.title)}</b>", 0.6, 6, BODY, ink),
        (number, 0.6, 23, SMALL, palette.text),
    ]
    if fact.goes_on is not None:
        words = f"{show(fact.goes_on, 'percent')} go on, {fact.leaves:,} leave"
        lines.append((words, 0.6, 46, 11, palette.muted))
    if fact.buyers is not None:
        words = f"own clock: of buyers whose {parts.repeat_days} days have passed"
        lines.append((words, 0, 44, 11, palette.muted))
    for text, across, depth, size, colour in lines:
        sheet.add_annotation(
            x=across,
            xanchor="left",
            y=-(top + depth),
            text=text,
            showarrow=False,
            align="left",
            borderpad=0,
            font={"size": size, "color": colour},
        )
