"""One pain: a place in the journey where people are lost, sized in money where that can be told,
with its evidence."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from journey.metrics.filters import Filters

MONTH = 30
"""Days in a month, where something is told a month."""


@dataclass(frozen=True)
class Estimate:
    """A number with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Finding:
    """What one detector says of one place: the evidence beneath a pain."""

    detector: str
    """The name of the detector, and of its metric in `queries/pains/`."""
    sentence: str
    """What was seen, in plain words, numbers first."""
    n: int
    """The cases it rests on."""


@dataclass(frozen=True)
class Pain:
    """A loss at one place of the journey, with what was found there."""

    key: str
    """Stays the same from build to build while the place, the kind and the start do; the ledger
    keeps notes under it."""
    kind: str
    """What sort of pain it is: the detector that leads."""
    stage: str
    """Where on the map it stands."""
    touchpoint: str | None
    """The touchpoint it hurts at, where there is one."""
    who: Mapping[str, str]
    """The segment that feels it, filter to value (`{"device": "mobile"}`); empty is everyone."""
    since: date | None
    """The day it began, where it began within the data; None where it was always there."""
    until: date | None
    """The day after its last, where it is over."""
    affected: int
    """People who stood at the place within the period."""
    observed: float
    """The rate at which they went on."""
    comparable: float
    """The rate at which comparable people went on."""
    lost: Estimate | None
    """Conversions lost over the period; None where that cannot be told."""
    money: Estimate | None
    """`lost` times the value of a conversion, over the period, in the reporting currency; None also
    where no order carries an amount."""
    metric: str
    """The metric that a judgement before and after looks at, as in `decision/conversion_rate`."""
    title: str
    """Three to five words for the map: `Mobile checkout`."""
    sentence: str
    """The whole of it in one sentence, money included."""
    findings: tuple[Finding, ...] = field(default=())
    months: float = 1.0
    """The months the period has, as far as it has passed: what makes the money one of a month."""

    @property
    def a_month(self) -> Estimate | None:
        """The money a month, on average over the period."""
        return self._monthly(self.money)

    @property
    def lost_a_month(self) -> Estimate | None:
        """The conversions lost a month, on average over the period."""
        return self._monthly(self.lost)

    @property
    def rank(self) -> tuple[float, float]:
        """By money, then by what is lost; the lowest comes first."""
        money = self.money.value if self.money else float("-inf")
        return -money, -(self.lost.value if self.lost else 0.0)

    def _monthly(self, whole: Estimate | None) -> Estimate | None:
        if whole is None:
            return None
        return Estimate(*(end / self.months for end in (whole.value, whole.low, whole.high)))


def folded(found: Sequence[Pain], others: Iterable[tuple[Pain, Callable[[], Pain]]]) -> list[Pain]:
    """The pains, where one that is about the same touchpoint, days and people as one before it is
    evidence for that one, and no row of its own. Of each other pain there is what it says and what
    makes it a row, asked for only where it becomes one."""
    rows = list(found)
    for other, row in others:
        place = next((n for n, pain in enumerate(rows) if _is_about(other, pain)), None)
        if place is None:
            rows.append(row())
        else:
            pain = rows[place]
            rows[place] = replace(pain, findings=(*pain.findings, *other.findings))
    return rows


def _is_about(other: Pain, pain: Pain) -> bool:
    """Whether a pain says more of another: of one that loses orders also where it is wider."""
    if other.touchpoint is None or other.touchpoint != pain.touchpoint:
        return False
    if any(pain.who.get(name, value) != value for name, value in other.who.items()):
        return False
    if pain.lost is None and any(name not in other.who for name in pain.who):
        return False
    if pain.since is None:
        return True
    if other.since is None:
        return False
    return other.since < (pain.until or date.max) and pain.since < (other.until or date.max)


def months(filters: Filters) -> float:
    """The months of a period, as far as it has passed by the as-of."""
    days = min(filters.days, (filters.as_of.date() - filters.since).days + 1)
    return max(1, days) / MONTH
