"""The commonest whole journeys as a table: each way in steps, with what became of it."""

from collections.abc import Mapping
from html import escape
from itertools import groupby
from typing import Any

import polars as pl

from journey.analysis.paths.steps import Kind
from journey.analysis.paths.whole import JOINT, Outcome
from journey.metrics import statistics
from journey.metrics.measures import Measure, Value
from journey.present import cells
from journey.present.numbers import counted, exact
from journey.present.paths.drawn import Look
from journey.present.words import label, show

MOST_STEPS = 14
"""The most steps of a way that are spelled out; a row's title has them all."""

_HEADS = ("Journeys", "Of all", "Converted", "Value", "Satisfied", "Length")
_SAID_ONCE = {
    "all": (),
    # Where all of them hold an order, or none does, these say nothing.
    "bought": ("Converted",),
    "left": ("Converted", "Value"),
}
"""Outcome to the columns that would say the same in every row."""


def table(
    rows: pl.DataFrame,
    look: Look,
    minimum_n: int,
    currency: str | None,
    title: str,
    outcome: Outcome = "all",
) -> str:
    """A row a way: how many, what share of all and of all so far, conversion and satisfaction
    with their intervals, value, and the median from first touch to last. `outcome` is what the
    rows have in common."""
    if rows.is_empty():
        return cells.nothing()
    drawn, covered = [], 0
    heads = [head for head in _HEADS if head not in _SAID_ONCE[outcome]]
    for row in rows.iter_rows(named=True):
        covered += row["journeys"]
        inner = {
            "Journeys": f"<b>{row['journeys']:,}</b>",
            "Of all": _share(row, covered),
            "Converted": _rate(row["converted"], row["mature_journeys"], minimum_n),
            "Value": _money(row["revenue"], currency),
            "Satisfied": _rate(row["satisfied"], row["responses"], minimum_n),
            "Length": _length(row),
        }
        line = [cells.cell(head, inner[head]) for head in heads]
        drawn.append(
            f'<tr role="row"><th role="rowheader" scope="row" title="{escape(row["way"])}">'
            f"{_steps(row['way'], look)}</th>{''.join(line)}</tr>"
        )
    return cells.table("measures ways", title, "Way", heads, drawn)


def foot(rows: pl.DataFrame) -> str:
    """How many ways there are, and how much of all journeys those shown cover."""
    if rows.is_empty():
        return "No whole journeys in this period. Widen the period or the filters."
    every, ways = rows["all_journeys"][0], rows["all_ways"][0]
    covered = rows["journeys"].sum()
    mature = rows["mature_journeys"].sum()
    said = f"All {counted(ways, 'ways')}" if ways > 1 else "The only way"
    if ways > rows.height:
        said = f"The {rows.height} commonest of {ways:,} ways"
    return (
        f"{said}; {'they cover' if ways > 1 else 'it covers'} "
        f"{show(covered / every, 'percent')} of {counted(every, 'journeys')}. "
        f"{mature:,} of these {covered:,} have had their conversion window."
    )


def commonest(rows: pl.DataFrame) -> str:
    """The first way of the table in a sentence."""
    first = rows.row(0, named=True)
    told = ", ".join(map(label, first["way"].split(JOINT)))
    return f"The commonest way, {counted(first['journeys'], 'times')}: {told}."


def beside(bought: pl.DataFrame, left: pl.DataFrame) -> str:
    """The commonest way of those that bought and of those that left, in a sentence."""
    told = [
        f"of {counted(rows['all_journeys'][0], 'journeys')} that {what}, "
        f"{show(rows['journeys'][0] / rows['all_journeys'][0], 'percent')} went "
        f"{' → '.join(map(label, rows['way'][0].split(JOINT)))}"
        for what, rows in (("bought", bought), ("left", left))
        if not rows.is_empty()
    ]
    said = "; ".join(told)
    return f"{said[:1].upper()}{said[1:]}."


def in_words(rows: pl.DataFrame) -> str:
    """The table in two sentences."""
    return foot(rows) if rows.is_empty() else f"{commonest(rows)} {foot(rows)}"


def _steps(way: str, look: Look) -> str:
    """A way as a row of names, a name several times in a row as one with a count."""
    runs = [(name, len(list(run))) for name, run in groupby(way.split(JOINT))]
    chips = []
    for name, times in runs[:MOST_STEPS]:
        again = f'<i class="times">×{times}</i>' if times > 1 else ""
        colour = look.colour(name, Kind.NAME)
        chips.append(
            f'<span class="way"><i class="mark" style="background:{colour}"></i>'
            f"{escape(label(name))}{again}</span>"
        )
    if len(runs) > MOST_STEPS:
        chips.append(f'<span class="way more">and {len(runs) - MOST_STEPS} more</span>')
    return '<span class="onto" aria-hidden="true">→</span>'.join(chips)


def _share(row: Mapping[str, Any], covered: int) -> str:
    """The share of all journeys, and that of this row and those above it."""
    share = row["journeys"] / row["all_journeys"]
    upto = show(covered / row["all_journeys"], "percent")
    return (
        f"<b>{escape(show(share, 'percent'))}</b>"
        f'<span class="doubt"><span>{escape(upto)} so far</span></span>'
    )


def _rate(part: int, whole: int, minimum_n: int) -> str:
    """A share with its interval, or why there is none."""
    if not whole:
        return cells.number(None, _SHARE, minimum_n, None)
    value = Value(part / whole, *statistics.wilson(part, whole), whole, part)
    return cells.number(value, _SHARE, minimum_n, None)


def _length(row: Mapping[str, Any]) -> str:
    """The median from the first touch to the last."""
    if row["touches"] == 1 and not row["median_days"]:
        return '<span class="few">one touch</span>'
    return f"<b>{escape(show(row['median_days'], 'days'))}</b>"


_SHARE = Measure("share", "share", ("part", "whole"))


def _money(revenue: Any, currency: str | None) -> str:
    """The sum of what these journeys brought."""
    amount = float(revenue or 0)
    if not amount:
        return cells.number(None, _SHARE, 0, None)
    return f"<b>{escape(exact(round(amount), 'money', currency).removesuffix('.00'))}</b>"
