"""The flow of two groups in one: as wide as their shares on average, coloured by whose it is.

A block or a band takes the first group's colour where the first goes that way more often than
chance would explain, the second's where the second does, and grey where neither does; the
stronger, the further apart.
"""

from collections.abc import Mapping
from html import escape

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.comparing import Compared, Difference
from journey.analysis.paths.steps import Cell, Kind, StepTable
from journey.present.palette import Palette
from journey.present.paths.drawn import called, heads
from journey.present.paths.flow import Band, Block, Flow
from journey.present.paths.partings import Groups, colour_of, groups_of, points
from journey.present.words import escape_plotly, show

_WHOLE = 1_000_000
"""What a share of 1 counts as."""

_FULL = 0.12
"""The difference from which on a colour is at its full strength."""

_Key = tuple[int, str, Kind]


def key(groups: Groups, palette: Palette) -> str:
    """What the colours mean, as HTML."""
    first, second = groups_of(palette)
    marks = "".join(
        f'<span><i class="mark" style="background:{colour}"></i>{escape(said)}</span>'
        for colour, said in (
            (first, f"{groups.first} more often"),
            (second, f"{groups.second} more often"),
            (palette.other, "no more than chance would explain"),
        )
    )
    return f'<div class="key">{marks}</div>'


def diverging(found: Compared, asked: Asked, groups: Groups, palette: Palette) -> Flow:
    """Both groups' step tables as one flow; paths that lead to an end are turned round."""
    told = {(one.step, one.name, one.kind): one for one in found.differences}
    turned = {(one.step, one.source, one.name, one.kind): one for one in found.turns}
    sizes = (found.first.paths, found.second.paths)
    if not all(sizes):
        return Flow(heads(asked), ((),) * asked.steps, (), 0)
    columns = [
        tuple(
            _block(one, two, told.get((one.step, one.name, one.kind)), asked, groups, palette)
            for one, two in zip(column, other, strict=True)
        )
        for column, other in zip(found.first.columns, found.second.columns, strict=True)
    ]
    bands = []
    for (step, source, target), shares in _edges(found).items():
        here, there, column = source, target, step - 1
        if asked.is_backward:
            here, there, column = target, source, asked.steps - 1 - step
        start, end = found.first.columns[step - 1][source], found.first.columns[step][target]
        difference = turned.get((step, start.name, end.name, end.kind))
        names = [escape_plotly(_name(cell, asked)) for cell in (start, end)]
        arrow = " → ".join(names[::-1] if asked.is_backward else names)
        hover = f"<b>{arrow}</b>{_shares(shares, groups)}{_turn(difference, names[0])}"
        colour = _colour(difference, palette)
        bands.append(Band(column, here, there, _wide(shares), hover, colour))
    ordered = columns[::-1] if asked.is_backward else columns
    return Flow(heads(asked), tuple(ordered), tuple(bands), _WHOLE)


def _edges(found: Compared) -> Mapping[tuple[int, int, int], list[float]]:
    """Every edge of either group, with both groups' shares of all; what has ended stays so."""
    shares: dict[tuple[int, int, int], list[float]] = {}
    for number, made in enumerate((found.first, found.second)):
        places = _places(made)
        for edge in made.edges:
            source = places[edge.step, edge.source.name, edge.source.kind]
            target = places[edge.step + 1, edge.target.name, edge.target.kind]
            shares.setdefault((edge.step, source, target), [0.0, 0.0])[number] = edge.overall
    return shares


def _places(made: StepTable) -> dict[_Key, int]:
    """Where each cell stands in its column."""
    return {
        (cell.step, cell.name, cell.kind): place
        for column in made.columns
        for place, cell in enumerate(column)
    }


def _block(
    one: Cell,
    two: Cell,
    difference: Difference | None,
    asked: Asked,
    groups: Groups,
    palette: Palette,
) -> Block:
    """A cell of both groups."""
    shares = [one.share, two.share]
    name = _name(one, asked)
    change = one.share - two.share
    told = f"{points(change)} points"
    return Block(
        name,
        told,
        _wide(shares),
        _colour(difference, palette),
        f"<b>{escape_plotly(name)}</b>{_shares(shares, groups)}<br>{_told(difference, change)}",
        one.kind is not Kind.NAME,
        one.name if one.kind is Kind.NAME else None,
    )


def _wide(shares: list[float]) -> int:
    """The mean of both shares, as a count."""
    return round(_WHOLE * sum(shares) / 2)


def _name(cell: Cell, asked: Asked) -> str:
    """A name; where some paths end with an order, an end is just an end."""
    by_outcome = asked.versus is not None and asked.versus.is_conversion
    return "Ended" if by_outcome and cell.kind is Kind.ENDED else called(cell.name, cell.kind)


def _colour(difference: Difference | None, palette: Palette) -> str:
    """The colour of the group that goes there more often; grey where chance would do."""
    colour = colour_of(difference, palette)
    if colour is None or difference is None:
        return palette.other
    return _mixed(colour, palette.other, min(1.0, abs(difference.change) / _FULL))


def _mixed(colour: str, with_colour: str, share: float) -> str:
    """Two colours in one.

    >>> _mixed("#102030", "#000000", 0.5)
    '#081018'
    """
    pairs = [(int(colour[at : at + 2], 16), int(with_colour[at : at + 2], 16)) for at in (1, 3, 5)]
    parts = [round(one * share + other * (1 - share)) for one, other in pairs]
    return "#" + "".join(f"{part:02X}" for part in parts)


def _shares(shares: list[float], groups: Groups) -> str:
    """Both groups' shares of all their paths."""
    one, two = (show(share, "percent") for share in shares)
    return f"<br>{escape_plotly(groups.first)} {one}, {escape_plotly(groups.second)} {two} of all"


def _told(difference: Difference | None, change: float) -> str:
    """A difference with its interval, or why there is none."""
    if difference is None:
        return f"{points(change)} points, not tested"
    verdict = "more" if difference.is_more_than_chance else "no more"
    return (
        f"{points(change)} points ({points(difference.low)} to {points(difference.high)}), "
        f"{verdict} than chance would explain"
    )


def _turn(difference: Difference | None, source: str) -> str:
    """How the two groups differ among those who are at an edge's source."""
    if difference is None:
        return ""
    one, two = (show(s, "percent") for s in (difference.first_share, difference.second_share))
    return (
        f"<br>of those at {source}: {one} against {two}<br>{_told(difference, difference.change)}"
    )
