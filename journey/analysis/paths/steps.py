"""Columns and edges from the counts: what a step table, a Sankey and a step matrix show.

Every column holds its commonest names, Other and those whose path has ended, and adds up to the
number of paths, so nothing is lost between two columns.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.walking import Walked


class Kind(StrEnum):
    """What a cell of a column stands for."""

    NAME = "name"
    OTHER = "other"
    ENDED = "ended"


@dataclass(frozen=True)
class Cell:
    """One name in one column, or Other, or those whose path has ended before."""

    step: int
    """1 is the anchor, the end of the paths where they lead to one."""
    name: str
    kind: Kind
    count: int
    share: float
    """Of all paths."""


@dataclass(frozen=True)
class Edge:
    """How many go from one cell to one of the next column."""

    step: int
    """The column it leaves."""
    source: Cell
    target: Cell
    count: int
    overall: float
    """Of all paths."""
    previous: float
    """Of those at the source."""
    back: int
    """How many of them return to a name their path has passed before, another one between."""
    median_seconds: float | None
    p95_seconds: float | None
    """None to and from Other, which is many names, and where the path ends."""

    @property
    def is_loop(self) -> bool:
        """Whether the same name follows itself."""
        return (
            self.source.kind is Kind.NAME
            and self.target.kind is Kind.NAME
            and self.source.name == self.target.name
        )


@dataclass(frozen=True)
class StepTable:
    """All columns and edges of a question, for all paths or for one group of them."""

    paths: int
    columns: tuple[tuple[Cell, ...], ...]
    """Names by count, then Other, then Ended; the last two also where they are 0."""
    edges: tuple[Edge, ...]
    """By step and count. Those who had ended before a column make no edge into it."""


def ending(asked: Asked) -> str:
    """The word for where paths end: they leave, arrive, or, read backwards, began."""
    if asked.is_between:
        return "Arrived"
    return "Began" if asked.is_backward else "Left"


def table(walked: Walked, asked: Asked, side: int | None = None) -> StepTable:
    """The step table of all paths, or of those of one group.

    The names shown are those of all groups together, so that two groups' tables can be laid over
    each other.
    """
    shown = _shown(walked, asked)
    rows = walked.tally if side is None else walked.tally.filter(pl.col("side") == side)
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    for step, node, count in rows.select("step", "node", "count").iter_rows():
        counts[step][node] += count
    paths = counts[1].total()
    columns = tuple(
        _column(step, counts[step], shown[step], walked.names, paths, ending(asked))
        for step in range(1, asked.steps + 1)
    )
    return StepTable(paths, columns, tuple(_edges(rows, columns, shown, paths)))


def _shown(walked: Walked, asked: Asked) -> dict[int, dict[int, int]]:
    """For each step the numbers of the names it shows, with their places in the column."""
    together = (
        walked.tally.group_by("step", "node")
        .agg(pl.col("count").sum())
        .sort("step", "count", "node", descending=[False, True, False])
    )
    shown: dict[int, dict[int, int]] = {step: {} for step in range(1, asked.steps + 1)}
    for step, node in together.select("step", "node").iter_rows():
        if len(shown[step]) < asked.top:
            shown[step][node] = len(shown[step])
    return shown


def _column(
    step: int,
    counts: Counter[int],
    shown: dict[int, int],
    names: tuple[str, ...],
    paths: int,
    ended: str,
) -> tuple[Cell, ...]:
    """A column; what is not shown by name is Other, and what is not there any more has ended."""

    def cell(name: str, kind: Kind, count: int) -> Cell:
        return Cell(step, name, kind, count, count / paths if paths else 0.0)

    named = [cell(names[node], Kind.NAME, counts[node]) for node in shown]
    other = counts.total() - sum(one.count for one in named)
    return (
        *named,
        cell("Other", Kind.OTHER, other),
        cell(ended, Kind.ENDED, paths - counts.total()),
    )


def _edges(
    rows: pl.DataFrame,
    columns: tuple[tuple[Cell, ...], ...],
    shown: dict[int, dict[int, int]],
    paths: int,
) -> Iterable[Edge]:
    """The edges, those of names that are not shown added up into Other's."""
    sums: dict[tuple[int, int, int], list[int]] = defaultdict(lambda: [0, 0])
    times: dict[tuple[int, int, int], list[tuple[float, float]]] = defaultdict(list)
    last = len(columns)
    for step, node, after, count, back, median, p95 in rows.select(
        "step", "node", "next", "count", "back", "median_seconds", "p95_seconds"
    ).iter_rows():
        if step == last:
            continue
        source = shown[step].get(node, len(shown[step]))
        following = len(shown[step + 1])
        target = following + 1 if after is None else shown[step + 1].get(after, following)
        key = (step, source, target)
        sums[key][0] += count
        sums[key][1] += back
        if source < len(shown[step]) and target < following:
            times[key].append((median, p95))
    for step, source, target in sorted(
        sums, key=lambda key: (key[0], -sums[key][0], key[1], key[2])
    ):
        count, back = sums[step, source, target]
        start = columns[step - 1][source]
        # Two groups have a median each, which do not add up to one of both.
        own = times[step, source, target]
        median, p95 = own[0] if len(own) == 1 else (None, None)
        yield Edge(
            step,
            start,
            columns[step][target],
            count,
            count / paths,
            count / start.count,
            back,
            median,
            p95,
        )
