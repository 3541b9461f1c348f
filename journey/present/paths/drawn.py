"""Step tables and before-and-after as flows: which words and colours their parts get."""

from collections.abc import Mapping
from dataclasses import dataclass

from journey.analysis.paths.around import Around
from journey.analysis.paths.asking import Asked
from journey.analysis.paths.steps import Cell, Edge, Kind, StepTable
from journey.config import STAGES
from journey.present.numbers import counted
from journey.present.palette import Palette
from journey.present.paths.flow import Band, Block, Flow
from journey.present.words import escape_plotly, label, show

_UNITS = {"journeys": "journeys", "people": "people", "occurrences": "times"}


@dataclass(frozen=True)
class Look:
    """What a flow needs to be drawn besides its counts."""

    palette: Palette
    over: str
    stages: Mapping[str, str]
    """The stage of a name that has one."""
    unit: str
    """What is counted: `journeys`, `people` or `times`."""

    @classmethod
    def of(cls, asked: Asked, stages: Mapping[str, str], palette: Palette) -> "Look":
        """How a question's flow looks."""
        return cls(palette, asked.over, stages, _UNITS[asked.count])

    def colour(self, name: str, kind: Kind) -> str:
        """A stage's own colour, a channel's own colour, grey for what is neither."""
        if kind is not Kind.NAME:
            return self.palette.other
        if self.over == "channel":
            return self.palette.channels(name)
        stage = self.stages.get(name)
        return self.palette.stage(stage) if stage in STAGES else self.palette.other


def steps(made: StepTable, asked: Asked, look: Look) -> Flow:
    """The columns of a step table from left to right; paths that lead to an end are turned
    round, so that time always runs to the right."""
    columns = tuple(
        tuple(_block(cell, made.paths, look, asked) for cell in column) for column in made.columns
    )
    places = [
        {(cell.name, cell.kind): place for place, cell in enumerate(column)}
        for column in made.columns
    ]
    bands = []
    for edge in made.edges:
        here = places[edge.step - 1][edge.source.name, edge.source.kind]
        there = places[edge.step][edge.target.name, edge.target.kind]
        column = edge.step - 1
        if asked.is_backward:
            column, here, there = asked.steps - 1 - edge.step, there, here
        bands.append(Band(column, here, there, edge.count, _band_words(edge, asked, look)))
    return Flow(
        heads(asked), columns[::-1] if asked.is_backward else columns, tuple(bands), made.paths
    )


def heads(asked: Asked) -> tuple[str, ...]:
    """A word over each column, in the order they are drawn.

    >>> heads(Asked(end="order_completed", steps=3))
    ('2 before', '1 before', 'End')
    >>> heads(Asked(start="product_viewed", steps=3))
    ('Start', 'Step 2', 'Step 3')
    """
    if asked.is_backward:
        return (*(f"{step} before" for step in range(asked.steps - 1, 0, -1)), "End")
    first = "Start" if asked.start else "First touch"
    return (first, *(f"Step {step}" for step in range(2, asked.steps + 1)))


def around(found: Around, look: Look) -> Flow:
    """What came right before a name, the name, and what came right after."""
    whole = found.occurrences
    middle = Block(
        label(found.name),
        counted(whole, "times"),
        whole,
        look.colour(found.name, Kind.NAME),
        f"<b>{escape_plotly(label(found.name))}</b><br>{counted(whole, 'times')}",
    )
    before = _side(found.comes_from, look, "before")
    after = _side(found.goes_to, look, "after")
    bands = [
        Band(0, place, 0, edge.count, block.hover)
        for place, (edge, block) in enumerate(zip(found.comes_from, before, strict=True))
    ] + [
        Band(1, 0, place, edge.count, block.hover)
        for place, (edge, block) in enumerate(zip(found.goes_to, after, strict=True))
    ]
    return Flow(("Right before", "This", "Right after"), (before, (middle,), after),
                tuple(bands), whole)  # fmt: skip


def _side(edges: tuple[Edge, ...], look: Look, way: str) -> tuple[Block, ...]:
    """One side of a name."""
    blocks = []
    for edge in edges:
        cell = edge.target
        share = show(edge.previous, "percent")
        name = called(cell.name, cell.kind)
        said = f"<b>{escape_plotly(name)}</b> right {way}"
        if cell.kind is Kind.ENDED:
            name = f"Nothing {way}"
            said = f"<b>{name}</b>"
        hover = f"{said}<br>{counted(edge.count, 'times')} · {share}{_times(edge)}"
        blocks.append(
            Block(
                name,
                f"{share} · {edge.count:,}",
                edge.count,
                look.colour(cell.name, cell.kind),
                hover,
                cell.kind is not Kind.NAME,
                cell.name if cell.kind is Kind.NAME else None,
            )
        )
    return tuple(blocks)


def called(name: str, kind: Kind) -> str:
    """A name as it is read: Other and the end keep their own word."""
    return label(name) if kind is Kind.NAME else name


def _block(cell: Cell, paths: int, look: Look, asked: Asked) -> Block:
    """A cell as a block."""
    name = called(cell.name, cell.kind)
    share = show(cell.share, "percent")
    where = "at this step" if not asked.is_backward else "so far before the end"
    said = f"{counted(cell.count, look.unit)} {where}"
    if cell.kind is Kind.OTHER:
        said = f"{counted(cell.count, look.unit)} at other names"
    if cell.kind is Kind.ENDED:
        said = f"{counted(cell.count, look.unit)} have {_ENDED[cell.name]} by this step"
    return Block(
        name,
        f"{share} · {cell.count:,}",
        cell.count,
        look.colour(cell.name, cell.kind),
        f"<b>{escape_plotly(name)}</b><br>{said}<br>{share} of all {paths:,}",
        cell.kind is not Kind.NAME,
        cell.name if cell.kind is Kind.NAME else None,
    )


_ENDED = {"Left": "left", "Arrived": "arrived", "Began": "not begun"}
"""The word for the end of a path as what they have done."""


def _band_words(edge: Edge, asked: Asked, look: Look) -> str:
    """An edge in full: how many, of all and of those at its source, and how fast."""
    source, target = (
        escape_plotly(called(cell.name, cell.kind)) for cell in (edge.source, edge.target)
    )
    first, second = (target, source) if asked.is_backward else (source, target)
    lines = [
        f"<b>{first} → {second}</b>",
        f"{counted(edge.count, look.unit)} · {show(edge.overall, 'percent')} of all",
        f"{show(edge.previous, 'percent')} of those at {source}{_times(edge)}",
    ]
    if edge.back:
        lines.append(f"{edge.back:,} of them had been there before")
    return "<br>".join(lines)


def _times(edge: Edge) -> str:
    """How long it took, where that is one thing."""
    if edge.median_seconds is None or edge.p95_seconds is None:
        return ""
    median, most = (show(one / 86_400, "days") for one in (edge.median_seconds, edge.p95_seconds))
    return f"<br>median {median}, 95 % within {most}"
