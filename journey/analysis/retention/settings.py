"""What a reader may set of retention, checked, and said in words."""

from dataclasses import dataclass
from datetime import timedelta

from journey.errors import MetricError, suggest
from journey.metrics.filters import SEGMENTS

ORDER, TOUCH = "order", "touch"
EVENTS = {ORDER: "an order", TOUCH: "any touch"}
"""What a cohort may start with and come back for, besides every touchpoint by its name."""

FIRST, RECURRING = "first", "recurring"
COHORTS = {FIRST: "First-time", RECURRING: "Recurring"}

ON, AFTER, BEFORE = "on", "after", "before"
MODES = {ON: "On", AFTER: "On or after", BEFORE: "On or before"}

ROLLING, CALENDAR = "rolling", "calendar"
BUCKETS = {ROLLING: "Rolling", CALENDAR: "Calendar"}

ZERO, PREVIOUS = "zero", "previous"
REFERENCES = {ZERO: "Whole cohort", PREVIOUS: "Period before"}

UNITS = {"day": 1, "week": 7, "month": 30}
"""Unit of a bucket to its days where it rolls."""

MOST_BUCKETS = 60


@dataclass(frozen=True)
class Settings:
    """One way of asking who comes back."""

    start: str = ORDER
    back: str = ORDER
    """What counts as coming back; never the start itself, but whatever follows it."""
    cohorts: str = FIRST
    """`first`: each person once, by their first start of all. `recurring`: once in each cohort
    period in which they start, by the first start in it."""
    mode: str = ON
    unit: str = "month"
    buckets: str = ROLLING
    edges: tuple[int, ...] = tuple(range(14))
    """Where buckets begin, in units, and where the last one ends."""
    every: str = "month"
    """How long a cohort gathers: `day`, `week` or `month`."""
    reference: str = ZERO
    by: str | None = None
    """A segment, for a curve for each of its values."""

    def __post_init__(self) -> None:
        for name, value, known in (
            ("cohorts", self.cohorts, COHORTS),
            ("mode", self.mode, MODES),
            ("unit", self.unit, UNITS),
            ("cohort period", self.every, UNITS),
            ("buckets", self.buckets, BUCKETS),
            ("reference", self.reference, REFERENCES),
            ("segment", self.by or "channel", SEGMENTS),
        ):
            if value not in known:
                raise MetricError(
                    f"There is no {name} {value!r}.{suggest(value, known)} "
                    f"Choose one of {', '.join(known)}."
                )
        rising = all(a < b for a, b in zip(self.edges, self.edges[1:], strict=False))
        if not rising or len(self.edges) < 2 or self.edges[0] != 0:
            raise MetricError(
                f"The brackets {', '.join(map(str, self.edges[1:]))} do not rise from 1. Give "
                "where each one ends, as in 1,3,7,14,30."
            )
        if len(self.edges) - 1 > MOST_BUCKETS:
            raise MetricError(
                f"{len(self.edges) - 1} buckets are more than anyone can read. Give "
                f"{MOST_BUCKETS} at most."
            )

    @property
    def length(self) -> timedelta:
        """How long a rolling unit is."""
        return timedelta(days=UNITS[self.unit])

    @property
    def is_even(self) -> bool:
        """Whether each bucket is one unit long."""
        return self.edges == tuple(range(len(self.edges)))

    def bucket(self, number: int) -> str:
        """A bucket's name: `month 2`, or `days 3 to 6` where it is a bracket."""
        first, last = self.edges[number], self.edges[number + 1] - 1
        return f"{self.unit} {first}" if first == last else f"{self.unit}s {first} to {last}"

    def in_words(self) -> str:
        """The rules in force, in sentences."""
        start, back = (event_in_words(event) for event in (self.start, self.back))
        each = {
            FIRST: f"Each person is in one cohort, that of their first start of all ({start}).",
            RECURRING: f"A person is in the cohort of every {self.every} with a start ({start}), "
            "once in each.",
        }[self.cohorts]
        long = {
            ROLLING: f"A {self.unit} is {UNITS[self.unit]} times 24 hours from each one's start."
            if UNITS[self.unit] > 1
            else "A day is 24 hours from each one's start.",
            CALENDAR: f"A {self.unit} is one of the calendar; that of the start is {self.unit} 0.",
        }[self.buckets]
        came = {
            ON: "in that time",
            AFTER: "in that time or later, so that what is missing is lost so far; young cohorts "
            "have had less time for it",
            BEFORE: "in that time or before",
        }[self.mode]
        share = {
            ZERO: "of the whole cohort",
            PREVIOUS: f"of those of the {self.unit if self.is_even else 'bracket'} before",
        }[self.reference]
        return (
            f"{each} They come back with {back} after it, {came}; shares are {share}. {long} "
            "A cell is complete once that time is over for everyone in it; others are hatched and "
            "in no mean. The mean is all who came back over all who could have."
        )


def event_in_words(event: str) -> str:
    """What an event is called in a sentence."""
    return EVENTS.get(event, event)


def parse_brackets(text: str) -> tuple[int, ...]:
    """`1,3,7` as edges from zero. Raises MetricError where it is no such list."""
    try:
        return (0, *(int(part) for part in text.split(",")))
    except ValueError:
        raise MetricError(
            f"{text!r} is no list of brackets. Give where each one ends, as in 1,3,7,14,30."
        ) from None
