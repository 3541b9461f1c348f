"""Several measures of the same things beside each other: a line each, a column a measure."""

from collections.abc import Sequence

import polars as pl

from journey.metrics import statistics
from journey.metrics.measures import Measure, Value, measures
from journey.present import cells, frames
from journey.present.categories import colour_of
from journey.present.frames import Drawing
from journey.present.words import label

MOST_ROWS = 14
"""The most lines of a picture; the rows behind it have them all."""

ABOVE, BELOW = "↑ above the rest", "↓ below the rest"


def lines(d: Drawing) -> str:
    """The table as HTML: each value on its interval, and what is more than chance apart."""
    if d.rows.is_empty():
        return cells.nothing()
    first = d.rows.columns[0]
    found = measures(d.rows.columns[1:])
    rows = list(d.rows.iter_rows(named=True))
    values = {m.name: [m.value(row) if _is_number(m, d) else None for row in rows] for m in found}
    apart = {m.name: verdicts(values[m.name], d.minimum_n) for m in found if m.kind == "share"}
    spans = {m.name: _span(values[m.name], d.minimum_n) for m in found}
    own = first == "stage" or first.endswith("channel")
    drawn = []
    for place, row in enumerate(rows[:MOST_ROWS]):
        line = []
        for m in found:
            if not _is_number(m, d):
                line.append(cells.cell(label(m.name), cells.text(row[m.name]), kind="text"))
                continue
            value = values[m.name][place]
            verdict = apart.get(m.name, {}).get(place)
            inner = cells.number(value, m, d.minimum_n, d.currency, verdict)
            if value is not None and m.kind != "count" and value.n >= d.minimum_n:
                inner += cells.track(d.palette, value, spans[m.name])
            line.append(cells.cell(label(m.name), inner, kind=m.kind))
        name = row[first] or "Unknown"
        drawn.append(cells.row(name, line, colour_of(d.palette, first, name) if own else None))
    heads = [label(m.name) for m in found]
    return cells.table("measures", d.metric.title, label(first), heads, drawn)


def foot(rows: pl.DataFrame, minimum_n: int) -> str:
    """What the lines and words in the cells mean, and what is left out."""
    hidden = rows.height - MOST_ROWS
    has_shares = any(measure.kind == "share" for measure in measures(rows.columns[1:]))
    more = f" {hidden} more rows are in the menu." if hidden > 0 else ""
    judged = (
        " Above and below the rest: more than chance would explain, at most one in ten of them "
        "by mistake."
        if has_shares
        else ""
    )
    return (
        f"Each value with its 95 % interval and n, none from fewer than {minimum_n}.{judged}{more}"
    )


def _is_number(measure: Measure, d: Drawing) -> bool:
    """Whether a column is a measure rather than a text."""
    return bool(d.rows.schema[measure.columns[0]].is_numeric())


def verdicts(values: Sequence[Value | None], minimum_n: int) -> dict[int, str]:
    """The places of the shares that differ from all others together, and how, as a cell says it;
    at most one in ten of them by mistake (Benjamini and Hochberg)."""
    parts = [(place, v) for place, v in enumerate(values) if v and v.part is not None]
    part, whole = sum(v.part or 0.0 for _, v in parts), sum(v.n for _, v in parts)
    judged = [(place, v) for place, v in parts if v.n >= minimum_n and whole - v.n >= minimum_n]
    chances = [
        statistics.two_shares(v.part or 0.0, v.n, part - (v.part or 0.0), whole - v.n)
        for _, v in judged
    ]
    return {
        place: ABOVE if v.value > part / whole else BELOW
        for (place, v), stands in zip(judged, statistics.discoveries(chances), strict=True)
        if stands
    }


def _span(values: Sequence[Value | None], minimum_n: int) -> tuple[float, float]:
    """The ends of a column's axis."""
    ends = [end for v in values if v and v.n >= minimum_n for end in (v.low, v.high)]
    return frames.span(ends) if ends else (0.0, 1.0)
