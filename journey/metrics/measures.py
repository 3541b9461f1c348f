"""Several measures in one row: which columns of counts belong together, and what they come to.

Columns that stand beside each other and share the beginning of their names are one measure:

    NAME_part, NAME_whole             a share, with Wilson's interval
    NAME_part, NAME_of                the same of a whole that the rows have in common
    NAME_sum, NAME_squares, NAME_n    a mean, with its interval from the sum of squares
    NAME_low, NAME_middle, NAME_high, NAME_n    a value the query works out, with its ends

Any other number is a count. A name that begins with `days` is in days, one that begins with
`value` or `revenue` is money.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journey.metrics import statistics

ENDINGS = {
    "share": ("part", "whole"),
    "portion": ("part", "of"),
    "mean": ("sum", "squares", "n"),
    "middle": ("low", "middle", "high", "n"),
}
"""Kind of measure to the ends of its columns' names."""


@dataclass(frozen=True)
class Measure:
    """Columns that make one number and its doubt."""

    name: str
    kind: str
    """A key of ENDINGS, or `count`."""
    columns: tuple[str, ...]

    @property
    def unit(self) -> str:
        """`percent`, `days`, `money`, or empty for a bare number."""
        if self.kind in ("share", "portion"):
            return "percent"
        if self.name.startswith("days"):
            return "days"
        return "money" if self.name.startswith(("value", "revenue")) else ""

    def value(self, row: Mapping[str, Any]) -> "Value | None":
        """What a row says; None where there is no case."""
        numbers = [row[name] for name in self.columns]
        if self.kind == "count":
            number = float(numbers[0] or 0)
            return Value(number, number, number, number)
        if numbers[0] is None or not numbers[-1]:
            return None
        if self.kind in ("share", "portion"):
            part, whole = map(float, numbers)
            return Value(part / whole, *statistics.wilson(part, whole), whole, part)
        if self.kind == "mean":
            total, squares, count = map(float, numbers)
            return Value(*statistics.mean_from_sums(total, squares, count), count)
        low, middle, high, count = map(float, numbers)
        return Value(middle, low, high, count)


@dataclass(frozen=True)
class Value:
    """A number, its interval and how many cases it rests on."""

    value: float
    low: float
    high: float
    n: float
    part: float | None = None
    """Of a share or portion: how many of the n."""


def measures(columns: Sequence[str]) -> list[Measure]:
    """The measures that the columns make, in their order.

    >>> [(m.name, m.kind) for m in measures(["journeys", "sold_part", "sold_whole"])]
    [('journeys', 'count'), ('sold', 'share')]
    """
    found: list[Measure] = []
    place = 0
    while place < len(columns):
        measure = next(
            (m for kind in ENDINGS if (m := _measure(kind, columns[place:])) is not None),
            Measure(columns[place], "count", (columns[place],)),
        )
        found.append(measure)
        place += len(measure.columns)
    return found


def _measure(kind: str, columns: Sequence[str]) -> Measure | None:
    """The measure of this kind that the columns begin with."""
    endings = ENDINGS[kind]
    name = columns[0].removesuffix(f"_{endings[0]}")
    expected = tuple(f"{name}_{ending}" for ending in endings)
    fits = name != columns[0] and tuple(columns[: len(endings)]) == expected
    return Measure(name, kind, expected) if fits else None
