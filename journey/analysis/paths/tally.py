"""How often each name follows each name at each step, counted along lines."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.lines import NO_SIDE, Flags, Lines, Numbers

_MICROSECONDS = 1e6

_NOBODY = -1
"""In place of a name where the path has ended."""


@dataclass(frozen=True)
class Pairs:
    """The steps of some lines' paths."""

    rows: pl.DataFrame
    """One row a step of a path: `side`, `step`, `node`, `next` (`_NOBODY` where the path ends),
    `back` and `seconds` (None where it ends)."""
    anchored: int
    """How many paths began at the first anchor."""


def pairs(asked: Asked, found: Lines, start: int | None, end: int | None) -> Pairs:
    """The steps of all paths; `start` and `end` are the places of the question's ends."""
    begins = np.flatnonzero(_begins(asked, found, start, end) & (found.side != NO_SIDE))
    anchored = len(begins)
    arrives = np.full(anchored, len(found.line))
    if asked.is_between:
        arrives = _next_at(found, end)[begins]
        arrived = arrives >= 0
        begins, arrives = begins[arrived], arrives[arrived]
    nodes, rows = _along(asked, found, begins, arrives)
    made = []
    for step in range(asked.steps):
        there = nodes[step] != _NOBODY
        here, at = nodes[step, there], rows[step, there]
        after, seconds = np.full(len(here), _NOBODY, np.int32), np.full(len(here), np.nan)
        back = np.zeros(len(here), np.bool_)
        if step + 1 < asked.steps:
            after, later = nodes[step + 1, there], rows[step + 1, there]
            goes_on = after != _NOBODY
            passed = np.abs(found.moment[later] - found.moment[at]) / _MICROSECONDS
            seconds = np.where(goes_on, passed, np.nan)
            for earlier in nodes[:step, there]:
                back |= after == earlier
            back &= goes_on & (after != here)
        side = found.side[begins[there]]
        columns = {"side": side, "node": here, "next": after, "back": back, "seconds": seconds}
        numbered = pl.DataFrame(columns).with_columns(pl.lit(step + 1, pl.Int32).alias("step"))
        made.append(numbered)
    return Pairs(pl.concat(made), anchored)


def tally(parts: Sequence[Pairs]) -> pl.DataFrame:
    """The counts behind a step table, in order; see `Walked.tally`."""
    seconds = pl.col("seconds").fill_nan(None)
    return (
        pl.concat([part.rows for part in parts])
        .group_by("side", "step", "node", "next")
        .agg(
            pl.len().cast(pl.Int64).alias("count"),
            pl.col("back").sum().cast(pl.Int64).alias("back"),
            seconds.quantile(0.5, "linear").alias("median_seconds"),
            seconds.quantile(0.95, "linear").alias("p95_seconds"),
        )
        .with_columns(pl.col("next").replace(_NOBODY, None))
        .sort("side", "step", "node", "next", nulls_last=True)
    )


def _begins(asked: Asked, found: Lines, start: int | None, end: int | None) -> Flags:
    """Whether a path begins at a touch: the first of its line, every anchor, or the first one."""
    if asked.start is None and asked.end is None:
        return np.concatenate(([True], found.line[1:] != found.line[:-1]))[: len(found.line)]
    anchor: Flags = found.node == (end if asked.is_backward else start)
    if asked.count != "occurrences":
        places = np.flatnonzero(anchor)
        lines = found.line[places]
        anchor[places[1:][lines[1:] == lines[:-1]]] = False
    return anchor


def _next_at(found: Lines, name: int | None) -> Numbers:
    """For each touch, the next one of its line with this name, after it; -1 where there is none."""
    places = np.flatnonzero(found.node == name)
    after = np.searchsorted(places, np.arange(len(found.line)), side="right")
    nearest = np.concatenate((places, [-1]))[after]
    return np.where((nearest >= 0) & (found.line[nearest] == found.line), nearest, -1)


def _along(
    asked: Asked, found: Lines, begins: Numbers, arrives: Numbers
) -> tuple[Numbers, Numbers]:
    """The names of each path, an array of steps × paths, and the touches they are of."""
    ahead = -1 if asked.is_backward else 1
    nodes = np.full((asked.steps, len(begins)), _NOBODY, dtype=np.int32)
    rows = np.zeros((asked.steps, len(begins)), dtype=np.int64)
    for step in range(asked.steps):
        at = begins + ahead * step
        inside = (at >= 0) & (at < len(found.line)) & (at <= arrives)
        at = np.where(inside, at, 0)
        inside &= found.line[at] == found.line[begins]
        nodes[step] = np.where(inside, found.node[at], _NOBODY)
        rows[step] = at
    return nodes, rows
