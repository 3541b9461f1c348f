"""The step matrix: the flow as a table, names down and steps across, for everyone's eyes."""

from collections.abc import Sequence
from html import escape

import polars as pl

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.returning import Return
from journey.analysis.paths.steps import Cell, Kind, StepTable
from journey.present import cells
from journey.present.paths.drawn import Look, called, heads
from journey.present.words import label, show

MOST_RETURNS = 12
"""The most ways back that are shown; the export has them all."""


def matrix(made: StepTable, asked: Asked, look: Look, title: str) -> str:
    """Every column of a step table with share and count, as HTML; stronger is more. A cell that
    is empty is part of that column's Other."""
    if not made.paths:
        return cells.nothing()
    columns = made.columns[::-1] if asked.is_backward else made.columns
    names = _names(columns)
    drawn = []
    for name, kind in names:
        line = []
        for head, column in zip(heads(asked), columns, strict=True):
            found = next((one for one in column if (one.name, one.kind) == (name, kind)), None)
            shaded = found is not None and found.count and kind is Kind.NAME
            style = cells.shade(look.palette, found.share) if shaded and found else ""
            line.append(cells.cell(head, _said(found), style))
        mark = look.colour(name, kind) if kind is Kind.NAME else None
        drawn.append(_row(called(name, kind), line, mark))
    return cells.table("matrix steps", title, asked.over.capitalize(), heads(asked), drawn)


def in_words(made: StepTable, asked: Asked, title: str) -> str:
    """The flow in sentences: for each column its two commonest names and those who ended."""
    if not made.paths:
        return f"{title}: nothing in this period."
    parts = []
    columns = made.columns[::-1] if asked.is_backward else made.columns
    for head, column in zip(heads(asked), columns, strict=True):
        top = sorted(
            (one for one in column if one.kind is Kind.NAME and one.count),
            key=lambda one: (-one.count, one.name),
        )[:2]
        said = [f"{called(one.name, one.kind)} {show(one.share, 'percent')}" for one in top]
        if column[-1].count:
            said.append(f"{column[-1].name.lower()} {show(column[-1].share, 'percent')}")
        parts.append(f"{head}: {', '.join(said)}")
    return f"{title}, {made.paths:,}. {'; '.join(parts)}."


def _names(columns: Sequence[Sequence[Cell]]) -> list[tuple[str, Kind]]:
    """The rows: names by how many there are of them in all, then Other and the end."""
    sizes: dict[tuple[str, Kind], int] = {}
    for column in columns:
        for one in column:
            sizes[one.name, one.kind] = sizes.get((one.name, one.kind), 0) + one.count
    order = {kind: place for place, kind in enumerate(Kind)}
    return sorted(
        (key for key, size in sizes.items() if size),
        key=lambda key: (order[key[1]], -sizes[key], key[0]),
    )


def _said(cell: Cell | None) -> str:
    """A cell's share and count; a dot where the name is part of Other, or nobody is there."""
    if cell is None or not cell.count:
        return '<span class="none">·</span>'
    return f'<b>{escape(show(cell.share, "percent"))}</b><span class="doubt">{cell.count:,}</span>'


def _row(name: str, line: Sequence[str], colour: str | None) -> str:
    """A row under a name that is read already."""
    mark = f'<i class="mark" style="background:{colour}"></i>' if colour else ""
    return (
        f'<tr role="row"><th role="rowheader" scope="row">{mark}{escape(name)}</th>'
        f"{''.join(line)}</tr>"
    )


def returns(found: Sequence[Return], minimum_n: int) -> pl.DataFrame:
    """What is done again and what people go back to, as rows to read."""
    return pl.DataFrame(
        {
            "From": [label(one.source) for one in found],
            "To": [label(one.target) for one in found],
            "Kind": ["again" if one.is_loop else "back" for one in found],
            "Steps": [one.count for one in found],
            "Of all that leave it": [
                show(one.share, "percent") if one.leaving >= minimum_n else "too few"
                for one in found
            ],
        }
    ).head(MOST_RETURNS)
