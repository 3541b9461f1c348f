"""A heat table: words down and words across, a share in each cell, the stronger the higher."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from journey.config import STAGES
from journey.metrics.measures import Measure, Value, measures
from journey.present import cells
from journey.present.categories import colour_of
from journey.present.frames import Drawing
from journey.present.words import label

_ALONG = ("start", "awareness", "consideration", "decision", "checkout", "order", "left")
"""The places of a chain, in the order of the journey."""

MOST_ROWS, MOST_SQUARE = 14, 9
"""The most rows of a picture, and of one whose columns are the same words; the table has all."""


def heat(d: Drawing) -> str:
    """The table as HTML; `d.shown` names the measure to colour by, the last one without it."""
    if d.rows.is_empty():
        return cells.nothing()
    measure = chosen(d.rows.columns, d.shown)
    down, across = d.rows.columns[:2]
    values = {
        (row[down] or "Unknown", row[across] or "Unknown"): measure.value(row)
        for row in d.rows.iter_rows(named=True)
    }
    rows, columns = _words(d.rows)
    own = down == "stage" or down.endswith("channel")
    enough = {
        place: value
        for place, value in values.items()
        if value
        and (value.n >= d.minimum_n or measure.kind == "count")
        and place[0] in rows
        and place[1] in columns
    }
    spans = {column: _span(enough, None if is_square(d.rows) else column) for column in columns}
    drawn = []
    for name in rows:
        line = []
        for column in columns:
            value = values.get((name, column))
            style = ""
            if (name, column) in enough:
                low, high = spans[column]
                share = (enough[name, column].value - low) / (high - low) if high > low else 0.5
                style = cells.shade(d.palette, share)
            kind = "same" if name == column else ""
            inner = cells.number(value, measure, d.minimum_n, d.currency)
            line.append(cells.cell(label(column), inner, style, kind))
        drawn.append(cells.row(name, line, colour_of(d.palette, down, name) if own else None))
    heads = [label(column) for column in columns]
    return cells.table("matrix", d.metric.title, label(down), heads, drawn)


def choices(columns: list[str]) -> list[Measure]:
    """The measures that a cell has, the leading one first: the part and the whole at the end."""
    lead = Measure(columns[-2], "share", (columns[-2], columns[-1]))
    return [lead, *measures(columns[2:-2])]


def chosen(columns: list[str], shown: str | None) -> Measure:
    """The measure of this name; the leading one for any other."""
    known = choices(columns)
    return next((measure for measure in known if measure.name == shown), known[0])


def foot(rows: pl.DataFrame, minimum_n: int) -> str:
    """What the shades mean, and what is left out."""
    across = label(rows.columns[1]).lower()
    within = "over the whole table" if is_square(rows) else f"within each {across}"
    words, columns = (set(names) for names in _words(rows))
    there = [{word or "Unknown" for word in rows[:, place]} for place in (0, 1)]
    hidden = len(there[0] - words) + len(there[1] - columns)
    rest = f" {hidden} more rows and columns are in the menu." if hidden else ""
    stayed = is_square(rows) and (rows[:, 0] == rows[:, 1]).any()
    same = " On the diagonal are those that stayed." if stayed else ""
    return (
        f"Stronger is higher, {within}; below each value its 95 % interval and n, no value from "
        f"fewer than {minimum_n}.{same}{rest}"
    )


def is_square(rows: pl.DataFrame) -> bool:
    """Whether rows and columns are the same kind of word, as in from and to."""
    down, across = rows.columns[:2]
    return down.partition("_")[2] == across.partition("_")[2] != ""


def _words(rows: pl.DataFrame) -> tuple[list[str], list[str]]:
    """The words down and across: stages in their order, others by how much there is of them."""
    sizes: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for row in rows.iter_rows():
        for place in (0, 1):
            word = row[place] or "Unknown"
            sizes[place][word] = sizes[place].get(word, 0.0) + float(row[-1] or 0)
    if is_square(rows):
        both = {
            word: sizes[0].get(word, 0.0) + sizes[1].get(word, 0.0)
            for word in {**sizes[0], **sizes[1]}
        }
        if set(both) <= set(_ALONG):
            first, second = ([word for word in _ALONG if word in found] for found in sizes)
            return first, second
        order = sorted(both, key=lambda word: (-both[word], word))[:MOST_SQUARE]
        return order, order
    first, second = (sorted(found, key=lambda word: _place(word, found)) for found in sizes)
    return first[:MOST_ROWS], second


def _place(word: str, sizes: Mapping[str, float]) -> tuple[Any, ...]:
    """Where a word stands among the others."""
    if set(sizes) <= set(STAGES):
        return (STAGES.index(word), word)
    return (-sizes[word], word)


def _span(values: Mapping[tuple[str, str], Value], column: str | None) -> tuple[float, float]:
    """The lowest and highest value of a column, or of all."""
    found = [value.value for place, value in values.items() if column in (None, place[1])]
    return (min(found), max(found)) if found else (0.0, 0.0)
