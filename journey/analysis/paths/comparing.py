"""Two groups of paths set against each other: where their ways part, and how sure that is."""

from dataclasses import dataclass

from journey.analysis.paths.asking import Asked
from journey.analysis.paths.steps import Kind, StepTable, table
from journey.analysis.paths.walking import Walked
from journey.metrics import statistics

MOST_FALSE = 0.10
"""Of the differences called more than chance, at most this share is expected to be chance."""


@dataclass(frozen=True)
class Difference:
    """A share in the first group less the same share in the second."""

    step: int
    source: str | None
    """The name before; None where the share is of all paths of the group."""
    name: str
    kind: Kind
    first: int
    first_paths: int
    second: int
    second_paths: int
    change: float
    low: float
    high: float
    is_more_than_chance: bool
    """By the two-proportion test, the false discovery rate over all differences kept to
    `MOST_FALSE` (Benjamini and Hochberg 1995)."""

    @property
    def first_share(self) -> float:
        """The share in the first group."""
        return self.first / self.first_paths

    @property
    def second_share(self) -> float:
        """The share in the second group."""
        return self.second / self.second_paths


@dataclass(frozen=True)
class Compared:
    """Both groups' step tables and all their differences."""

    first: StepTable
    second: StepTable
    differences: tuple[Difference, ...]
    """Of the columns: the share of each group's paths that is at a name at a step."""
    turns: tuple[Difference, ...]
    """Of the edges: of those at a name at a step, the share that goes on to another."""


def compare(walked: Walked, asked: Asked, minimum_n: int) -> Compared:
    """Both groups' tables and their differences; none where a share would rest on fewer than
    `minimum_n` paths in either group.

    Other is many names and is not compared. The first column is compared only where no anchor
    makes it the same for all. Where those who bought are set against those who left, paths end
    with the order or without one, so that their ends are not compared either.
    """
    by_outcome = asked.versus is not None and asked.versus.is_conversion
    left_out = {Kind.OTHER, Kind.ENDED} if by_outcome else {Kind.OTHER}
    first, second = (table(walked, asked, side) for side in (0, 1))
    anchored = asked.start is not None or asked.end is not None
    cells: list[_Counts] = [
        (one.step, None, one.name, one.kind, one.count, first.paths, two.count, second.paths)
        for column, other in zip(first.columns, second.columns, strict=True)
        for one, two in zip(column, other, strict=True)
        if one.kind not in left_out and not (anchored and one.step == 1)
        if one.count or two.count
    ]
    mine, theirs = _edges(first, left_out), _edges(second, left_out)
    at_mine, at_theirs = _named(first), _named(second)
    turns: list[_Counts] = [
        (
            *key,
            mine.get(key, 0),
            at_mine[key[0], key[1]],
            theirs.get(key, 0),
            at_theirs[key[0], key[1]],
        )
        for key in dict.fromkeys([*mine, *theirs])
    ]
    return Compared(first, second, _judged(cells, minimum_n), _judged(turns, minimum_n))


def _edges(one: StepTable, left_out: set[Kind]) -> dict[tuple[int, str, str, Kind], int]:
    """The counts of the edges from names to names and to the end, by what they join."""
    return {
        (edge.step, edge.source.name, edge.target.name, edge.target.kind): edge.count
        for edge in one.edges
        if edge.source.kind is Kind.NAME and edge.target.kind not in left_out
    }


def _named(one: StepTable) -> dict[tuple[int, str], int]:
    """How many are at each name at each step."""
    return {
        (cell.step, cell.name): cell.count
        for column in one.columns
        for cell in column
        if cell.kind is Kind.NAME
    }


_Counts = tuple[int, str | None, str, Kind, int, int, int, int]


def _judged(counts: list[_Counts], minimum_n: int) -> tuple[Difference, ...]:
    """The differences that rest on enough paths, the largest first."""
    enough = [row for row in counts if min(row[5], row[7]) >= minimum_n]
    chances = [statistics.two_shares(*map(float, row[4:])) for row in enough]
    called = statistics.discoveries(chances, MOST_FALSE) if enough else []
    differences = [
        Difference(*row, *statistics.difference(*map(float, row[4:])), is_call)
        for row, is_call in zip(enough, called, strict=True)
    ]
    return tuple(
        sorted(differences, key=lambda d: (-abs(d.change), d.step, d.source or "", d.name))
    )
