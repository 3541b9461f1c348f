"""What a reader may choose: the model, the look-back, the transform, and what counts as a path."""

import re
from dataclasses import dataclass

from journey.errors import MetricError, suggest

TRANSFORMS = {
    "none": "each visit as it came",
    "exposure": "visits in a row through one channel counted once",
    "first": "each channel counted once, where it first came",
    "without_direct": "Direct left out, unless the path is only Direct",
    "without_last_direct": "Direct left out at the end, unless the path is only Direct",
}
"""The five path transforms of Snowplow's attribution package (`unique_path`, `exposure_path`,
`first_path`, `remove_if_not_all`, `remove_if_last_and_not_all`), and what each does."""

LONGEST_DAYS = 3650
MOST_SESSIONS = 1000
ORDERS = (1, 2, 3)
"""The orders of the Markov chain: how many visits it remembers."""


@dataclass(frozen=True)
class Lookback:
    """How far back from an order a visit may lie: days, sessions, or the person's whole past."""

    days: int | None = None
    sessions: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Lookback":
        """`30d`, `5sessions` or `person`. Raises MetricError for anything else.

        >>> Lookback.parse("30d"), Lookback.parse("person").words
        (Lookback(days=30, sessions=None), 'all visits of the person up to it')
        """
        if text == "person":
            return cls()
        found = re.fullmatch(r"(\d{1,6})(d|sessions?)", text)
        most = LONGEST_DAYS if found and found[2] == "d" else MOST_SESSIONS
        if found is None or not 1 <= int(found[1]) <= most:
            raise MetricError(
                f"{text!r} is not a look-back. Write 30d (1 to {LONGEST_DAYS} days), 5sessions "
                f"(1 to {MOST_SESSIONS}) or person."
            )
        if found[2] == "d":
            return cls(days=int(found[1]))
        return cls(sessions=int(found[1]))

    @property
    def words(self) -> str:
        """What it says of a visit before an order."""
        if self.days is not None:
            return f"visits in the {_counted(self.days, 'day')} up to it"
        if self.sessions is not None:
            return f"the last {_counted(self.sessions, 'session')} up to it"
        return "all visits of the person up to it"


@dataclass(frozen=True)
class Settings:
    """All that decides an attribution but the period and the filters. Raises MetricError where a
    value makes no sense."""

    model: str = "markov"
    lookback: Lookback = Lookback(days=30)
    transform: str = "none"
    order: int = 1
    with_nulls: bool = False
    """Whether Markov also reads the paths that led to no order."""
    reset_after_conversion: bool = False
    """Whether a visit before an earlier order no longer counts for a later one."""
    mature_only: bool = False
    """Whether paths to no order count only after their conversion window has closed."""
    self_loops: bool = True
    """Whether Markov keeps repeats of a channel in a row as steps of the chain."""
    half_life_days: float = 7.0
    weights: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Of the first, all middle and the last visit, for the custom model."""
    baseline: str = "last_non_direct"

    def __post_init__(self) -> None:
        if self.transform not in TRANSFORMS:
            raise MetricError(
                f"There is no transform {self.transform!r}.{suggest(self.transform, TRANSFORMS)} "
                f"Choose one of {', '.join(TRANSFORMS)}."
            )
        if self.order not in ORDERS:
            raise MetricError(f"The Markov order is {self.order}. Choose 1, 2 or 3.")
        if not 0 < self.half_life_days <= LONGEST_DAYS:
            raise MetricError(
                f"The half-life is {self.half_life_days} days. Give more than 0 and at most "
                f"{LONGEST_DAYS}."
            )
        finite = all(0 <= weight < float("inf") for weight in self.weights)
        if not finite or sum(self.weights) <= 0:
            raise MetricError(
                f"The weights are {self.weights}. Give three numbers from 0, not all of them 0: "
                "for the first, the middle and the last visit."
            )


def _counted(number: int, what: str) -> str:
    """`1 day`, `30 days`."""
    return what if number == 1 else f"{number} {what}s"
