"""What is asked of the paths, checked, and the words for it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from journey.cleaning import Cleaning
from journey.errors import MetricError, suggest
from journey.metrics.filters import SEGMENTS

Over = Literal["touchpoint", "channel", "stage"]
Count = Literal["journeys", "people", "occurrences"]
OVERS: tuple[Over, ...] = get_args(Over)
COUNTS: tuple[Count, ...] = get_args(Count)

LEAST_STEPS, MOST_STEPS, MOST_NAMES = 2, 10, 20

CONVERSION = "conversion"


@dataclass(frozen=True)
class Versus:
    """Two groups to set against each other: those who bought and those who left, or two values
    of a segment."""

    by: str
    """`conversion`, or the name of a segment."""
    first: str = "bought"
    second: str = "left"

    def __post_init__(self) -> None:
        known = [CONVERSION, *SEGMENTS]
        if self.by not in known:
            raise MetricError(
                f"Paths cannot be compared by {self.by!r}.{suggest(self.by, known)} "
                f"Compare by {', '.join(known)}."
            )
        if self.first == self.second:
            raise MetricError(f"{self.first!r} is compared with itself. Name another value.")

    @classmethod
    def read(cls, text: str) -> "Versus":
        """`conversion`, or `device=mobile,desktop`. Raises MetricError for anything else."""
        if text == CONVERSION:
            return cls(CONVERSION)
        by, equals, values = text.partition("=")
        first, comma, second = values.partition(",")
        if not equals or not comma or not first or not second:
            raise MetricError(
                f"{text!r} names no two groups. Write conversion, or as in device=mobile,desktop."
            )
        return cls(by, first, second)

    def check_values(self, known: Iterable[str]) -> None:
        """Raise MetricError where a group is not among the values there are."""
        names = list(known)
        for name in (self.first, self.second):
            if name not in names:
                raise MetricError(
                    f"There is no {self.by} {name!r}.{suggest(name, names)} "
                    f"There are: {', '.join(names[:20])}."
                )

    @property
    def is_conversion(self) -> bool:
        """Whether those who bought are set against those who left."""
        return self.by == CONVERSION


@dataclass(frozen=True)
class Asked:
    """One question about paths. Raises MetricError where it contradicts itself."""

    start: str | None = None
    """The name paths begin at; None begins them where the journeys begin."""
    end: str | None = None
    """The name paths end at; with a start too, paths run between the two."""
    over: Over = "touchpoint"
    count: Count = "journeys"
    steps: int = 5
    """The columns: the anchor is the first."""
    top: int = 8
    """The names a column shows; the others are Other."""
    cleaning: Cleaning = field(default_factory=Cleaning)
    versus: Versus | None = None

    def __post_init__(self) -> None:
        for value, known, what in (
            (self.over, OVERS, "run over"),
            (self.count, COUNTS, "count"),
        ):
            if value not in known:
                raise MetricError(
                    f"Paths cannot {what} {value!r}.{suggest(value, known)} "
                    f"Choose {', '.join(known)}."
                )
        if not LEAST_STEPS <= self.steps <= MOST_STEPS:
            raise MetricError(
                f"{self.steps} steps cannot be shown. Ask for {LEAST_STEPS} to {MOST_STEPS}."
            )
        if not 1 <= self.top <= MOST_NAMES:
            raise MetricError(f"A column cannot show {self.top} names. Ask for 1 to {MOST_NAMES}.")
        if hidden := {self.start, self.end} & set(self.cleaning.hide):
            raise MetricError(
                f"{hidden.pop()!r} is hidden and an end of the paths at once. Show it again, or "
                "take another end."
            )

    @property
    def is_backward(self) -> bool:
        """Whether the paths lead to an end, and their steps count back from it."""
        return self.end is not None and self.start is None

    @property
    def is_between(self) -> bool:
        """Whether the paths run from one anchor to another."""
        return self.end is not None and self.start is not None

    def check_names(self, known: Iterable[str]) -> None:
        """Raise MetricError where an end, or what is hidden, is not among the names there are."""
        names = sorted(set(known))
        for name in (self.start, self.end, *self.cleaning.hide):
            if name is not None and name not in names:
                raise MetricError(
                    f"There is no {self.over} {name!r}.{suggest(name, names)} "
                    f"There are: {', '.join(names[:30])}."
                )
