"""Differences of two values with their intervals, and how they are said."""

from dataclasses import dataclass

from journey.metrics import statistics
from journey.metrics.answer import Total, apart
from journey.present.numbers import MINUS, worded
from journey.present.readings import Reading


@dataclass(frozen=True)
class Gap:
    """A value less the other group's, in the unit that is shown, and its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out zero: more than chance would explain."""
        return self.low > 0 or self.high < 0


def gap(one: Reading, other: Reading) -> Gap:
    """The difference of two readings."""
    return Gap(
        *statistics.apart((one.value, one.low, one.high), (other.value, other.low, other.high))
    )


def gap_of_totals(one: Total, other: Total, unit: str) -> Gap | None:
    """The difference of two answers as a whole; None where one has no value."""
    found = apart(one, other)
    scale = 100 if unit == "percent" else 1
    return None if found is None else Gap(*(scale * end for end in found))


def said(found: Gap, unit: str) -> str:
    """The difference with its interval: `7.0 points higher (95 %: 5.1 to 8.9)`."""
    return f"{short(found, unit)} (95 %: {ends(found, unit)})"


def short(found: Gap, unit: str) -> str:
    """The difference alone: `7.0 points higher`, `the same`."""
    size = _size(abs(found.value), unit)
    if not float(size.split()[0]):
        return "the same"
    return f"{size} {'higher' if found.value > 0 else 'lower'}"


def ends(found: Gap, unit: str) -> str:
    """The ends of the interval, with the decimals of the difference."""
    places = _places(found.value, unit)
    low, high = (f"{end:.{places}f}".replace("-", MINUS) for end in (found.low, found.high))
    return f"{low} to {high}"


def _size(size: float, unit: str) -> str:
    """A difference with its unit: points for shares and scores."""
    return worded(f"{size:.{_places(size, unit)}f}", "points")


def _places(size: float, unit: str) -> int:
    """The decimals of a difference: two for scores, one under ten points."""
    return 2 if unit == "score" else 1 if abs(size) < 10 else 0
