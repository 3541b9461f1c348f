"""One planted effect beside what the product says of it, and the verdict."""

from dataclasses import dataclass

from journey.metrics.statistics import Z95

Z80 = 0.8416212335729143
"""The 80 % point of the normal distribution."""

FOUND, MISSED, OUTSIDE = "found", "missed", "outside its interval"

Ends = tuple[float, float, float]
"""An estimate and the ends of its 95 % interval."""


@dataclass(frozen=True)
class Scored:
    """One part of a planted effect. Shares and their differences are shares: 0.01 is a point."""

    effect: str
    """Its name in `truth.json`."""
    what: str
    """Which part of it, in words."""
    where: str
    """Who feels it and when; empty where it is everywhere and always."""
    unit: str
    planted: float
    """Its size by the planted parameters, on average for those whom it met."""
    realised: float | None
    """What chance made of it; None where that is not counted."""
    estimate: float | None
    """None where the product says nothing of it."""
    low: float | None
    high: float | None
    verdict: str
    asked: str
    """Which analysis of the product was asked."""
    nothing: float | None = None
    """The value without the effect, where there is such a value."""
    rank: int | None = None
    """The place in the ledger, of a pain."""
    note: str = ""

    @property
    def is_small(self) -> bool:
        """Whether an interval of this width tells the planted size from nothing in fewer than four
        of five worlds: where it is less than z(97.5 %) + z(80 %) standard errors."""
        if self.nothing is None or self.low is None or self.high is None:
            return False
        error = (self.high - self.low) / (2 * Z95)
        return abs(self.planted - self.nothing) < (Z95 + Z80) * error


@dataclass(frozen=True)
class Part:
    """A part of an effect as it was planted, before anything is asked."""

    effect: str
    what: str
    where: str
    unit: str
    planted: float
    realised: float | None
    asked: str

    def judged(
        self,
        found: Ends | None,
        nothing: float | None = None,
        *,
        rank: int | None = None,
        note: str = "",
    ) -> Scored:
        """The part with what the product says and the verdict.

        It is missed where the product says nothing, or where its interval holds `nothing`, the
        value without the effect (None: there is no such value); outside where the interval does
        not hold the planted size; else found.
        """
        value, low, high = found or (None, None, None)
        verdict = FOUND
        if low is None or high is None:
            verdict = MISSED
        elif not low <= self.planted <= high:
            verdict = OUTSIDE
        elif nothing is not None and low <= nothing <= high:
            verdict = MISSED
        return Scored(
            **vars(self), estimate=value, low=low, high=high, verdict=verdict, nothing=nothing,
            rank=rank, note=note,
        )  # fmt: skip


@dataclass(frozen=True)
class Other:
    """A row of the ledger beyond those that size a planted pain."""

    rank: int
    key: str
    title: str
    sentence: str
    money: Ends | None
    """None for a row without a price."""
    because: str | None
    """The planted effect that it comes of; None where nothing planted explains it."""

    @property
    def is_false(self) -> bool:
        """Whether it is a false alarm: nothing planted explains it, or it puts a price once more
        on what another row prices."""
        return self.because is None or self.money is not None


@dataclass(frozen=True)
class Score:
    """All planted effects of a demo, scored, and the ledger's other rows."""

    parts: tuple[Scored, ...]
    others: tuple[Other, ...]

    def count(self, verdict: str) -> int:
        """How many parts have a verdict."""
        return sum(part.verdict == verdict for part in self.parts)

    @property
    def false_alarms(self) -> tuple[Other, ...]:
        """The rows that should not be there."""
        return tuple(row for row in self.others if row.is_false)
