"""A flow from column to column, drawn by hand: blocks as tall as they are many, bands between.

What a block or a band stands for was decided before; here it only gets its place. A block's
height is linear; where it is too low for its name, the room around it grows, not the block.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from journey.present import frames
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly

TALL = 440
"""The height of a whole column without the room between its blocks, in pixels."""

_BLOCK = 0.6
"""The width of a block in columns; the rest of a column is the way to the next."""

_HEAD, _SLOT, _GAP, _FOOT = 26, 17, 3, 6
_TWO_LINES, _ONE_LINE = 31, 9
_NAME = 11
"""The size of a block's text, in pixels."""

_EDGE = 0.0042
"""The width of a block's edge, as a share of the picture."""

_NARROWEST = 940
"""The width that names are cut for, in pixels."""

LEAST = 0.01
"""A band for fewer than this share of all is not drawn."""

_BEND = 14
"""Points along a band's edge."""


@dataclass(frozen=True)
class Block:
    """One block of a column."""

    name: str
    told: str
    """Its share, for the second line."""
    count: int
    colour: str
    hover: str
    is_quiet: bool = False
    """Other, and those whose path has ended: drawn paler."""
    target: str | None = None
    """What a click on it leads to."""


@dataclass(frozen=True)
class Band:
    """How many go from a block to one of the next column, by their places."""

    column: int
    source: int
    target: int
    count: int
    hover: str
    colour: str | None = None
    """Its own; None takes that of the block it comes from, grey to and from quiet ones."""


@dataclass(frozen=True)
class Flow:
    """Columns of blocks from left to right, and the bands between them."""

    heads: tuple[str, ...]
    columns: tuple[tuple[Block, ...], ...]
    bands: tuple[Band, ...]
    whole: int
    """What every column adds up to."""


@dataclass(frozen=True)
class _Place:
    """Where a block stands, in pixels from the top."""

    top: float
    height: float


def picture(flow: Flow, palette: Palette, tall: int = TALL) -> Sheet:
    """The flow as a picture. A click on a block selects a point, whose place among `targets` says
    where it leads; bands of next to nobody are not drawn."""
    if not flow.whole:
        return frames.nothing(palette)
    pixels = tall / flow.whole
    places = [_places(column, pixels) for column in flow.columns]
    height = max(
        place.top + place.height / 2 + max(place.height, _SLOT) / 2 + _GAP
        for column in places
        for place in column
        if place
    )
    sheet = frames.canvas(palette, round(height + _FOOT), left=0, right=0, top=0)
    sheet.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, hovermode="closest", clickmode="event+select"
    )
    sheet.update_xaxes(visible=False, range=[0, len(flow.columns) - 1 + _BLOCK])
    sheet.update_yaxes(visible=False, range=[-height - _FOOT, 0])
    _bands(sheet, flow, places, pixels, palette)
    letters = _letters(len(flow.columns))
    edge = _EDGE * (len(flow.columns) - 1 + _BLOCK)
    for across, (head, column) in enumerate(zip(flow.heads, flow.columns, strict=True)):
        _text(sheet, palette.muted, escape_plotly(head), across, 8)
        for block, place in zip(column, places[across], strict=True):
            if place:
                _block(sheet, palette, block, place, (across, edge), letters)
    _targets(sheet, flow, places)
    return sheet


def _places(column: Sequence[Block], pixels: float) -> list[_Place | None]:
    """The blocks of a column one under another, each with room enough for its name."""
    at: float = _HEAD
    found: list[_Place | None] = []
    for block in column:
        if not block.count:
            found.append(None)
            continue
        height = block.count * pixels
        slot = max(height, _SLOT)
        found.append(_Place(at + (slot - height) / 2, height))
        at += slot + _GAP
    return found


def _bands(
    sheet: Sheet,
    flow: Flow,
    places: list[list[_Place | None]],
    pixels: float,
    palette: Palette,
) -> None:
    """Bands in the colour of where they come from; at both ends in the order of the blocks, so
    that as few as possible cross."""
    leaving: dict[tuple[int, int], float] = defaultdict(float)
    arriving: dict[tuple[int, int], float] = defaultdict(float)
    ends: dict[Band, float] = {}
    for band in sorted(flow.bands, key=lambda one: (one.column, one.target, one.source)):
        ends[band] = arriving[band.column + 1, band.target]
        arriving[band.column + 1, band.target] += band.count * pixels
    for band in sorted(flow.bands, key=lambda one: (one.column, one.source, one.target)):
        begin = leaving[band.column, band.source]
        leaving[band.column, band.source] += band.count * pixels
        start, end = places[band.column][band.source], places[band.column + 1][band.target]
        if band.count < LEAST * flow.whole or start is None or end is None:
            continue
        source = flow.columns[band.column][band.source]
        target = flow.columns[band.column + 1][band.target]
        quiet = source.is_quiet or target.is_quiet
        _ribbon(
            sheet,
            (band.column + _BLOCK, start.top + begin),
            (band.column + 1, end.top + ends[band]),
            band.count * pixels,
            fade(band.colour, 0.17 if band.colour == palette.other else 0.34)
            if band.colour is not None
            else fade(palette.other if quiet else source.colour, 0.16 if quiet else 0.27),
            band.hover,
        )


def _ribbon(
    sheet: Sheet,
    start: tuple[float, float],
    end: tuple[float, float],
    thick: float,
    colour: str,
    hover: str,
) -> None:
    """A band that leaves and arrives level."""
    steps = [step / _BEND for step in range(_BEND + 1)]
    across = [start[0] + (end[0] - start[0]) * step for step in steps]
    depth = [start[1] + (end[1] - start[1]) * step * step * (3 - 2 * step) for step in steps]
    sheet.add_scatter(
        x=across + across[::-1],
        y=[-down for down in depth] + [-(down + thick) for down in depth[::-1]],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=colour,
        hoveron="fills",
        hoverinfo="text",
        text=hover,
    )


def _block(
    sheet: Sheet,
    palette: Palette,
    block: Block,
    place: _Place,
    across: tuple[int, float],
    letters: int,
) -> None:
    """A pale block with an edge in its own colour, its name on it and, where it is high enough,
    its share. The name of a low one has a plate, or the block would strike it through."""
    left, edge = across
    top, bottom = -place.top, -(place.top + place.height)
    right = left + _BLOCK
    sheet.add_scatter(
        x=[left, right, right, left],
        y=[top, top, bottom, bottom],
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=fade(block.colour, 0.1 if block.is_quiet else 0.2),
        hoveron="fills",
        hoverinfo="text",
        text=block.hover,
    )
    sheet.add_shape(
        type="rect", x0=left, x1=left + edge, y0=top, y1=bottom, line={"width": 0},
        fillcolor=fade(block.colour, 0.55) if block.is_quiet else block.colour,
    )  # fmt: skip
    middle = place.top + place.height / 2
    ink = palette.muted if block.is_quiet else palette.text
    name = frames.shortened(block.name, letters)
    if place.height < _TWO_LINES:
        plate = {"bgcolor": palette.surface} if place.height < _ONE_LINE else {}
        _text(sheet, ink, name, left, middle, **plate)
        return
    _text(sheet, ink, name, left, middle - 7)
    _text(sheet, palette.muted, escape_plotly(block.told), left, middle + 8)


def targets(flow: Flow) -> list[str]:
    """What a click on each of the points leads to, in their order."""
    return [
        block.target
        for column in flow.columns
        for block in column
        if block.count and block.target is not None
    ]


def _targets(sheet: Sheet, flow: Flow, places: list[list[_Place | None]]) -> None:
    """Unseen points over the blocks, which a click selects."""
    spots = [
        (across + _BLOCK / 2, -(place.top + place.height / 2), block)
        for across, column in enumerate(flow.columns)
        for block, place in zip(column, places[across], strict=True)
        if place and block.target is not None
    ]
    sheet.add_scatter(
        x=[x for x, _, _ in spots],
        y=[y for _, y, _ in spots],
        text=[block.hover for _, _, block in spots],
        hoverinfo="text",
        mode="markers",
        marker={"size": 22, "opacity": 0, "symbol": "square"},
        unselected={"marker": {"opacity": 0}},
        selected={"marker": {"opacity": 0}},
        name="names",
    )


def _text(sheet: Sheet, colour: str, text: str, across: float, depth: float, **more: str) -> None:
    """A text at the left of a column."""
    sheet.add_annotation(
        x=across,
        y=-depth,
        text=text,
        showarrow=False,
        xanchor="left",
        yanchor="middle",
        xshift=8 if depth > _HEAD - 4 else 0,
        borderpad=0,
        font={"size": _NAME, "color": colour, "family": frames.FONT},
        **more,
    )


def _letters(columns: int) -> int:
    """How many letters of a name fit on a block where the picture is narrow."""
    return max(8, int((_NARROWEST / (columns - 1 + _BLOCK) * _BLOCK - 10) / 5.5))
