"""A what-if put to a snapshot: one thing changed, and its effect."""

from dataclasses import dataclass

from journey.analysis.attribution.finding import Found
from journey.analysis.pains.worth import Value, Values
from journey.analysis.whatif import delivering, removing, stepping
from journey.analysis.whatif.effect import Effect
from journey.analysis.whatif.flows import Flows, read
from journey.errors import MetricError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


@dataclass(frozen=True)
class Step:
    """So many points more of those who stand at a place go to another."""

    source: str
    target: str
    points: float


@dataclass(frozen=True)
class Without:
    """A channel is gone."""

    channel: str


@dataclass(frozen=True)
class Faster:
    """Deliveries take so many days less."""

    days: float


Change = Step | Without | Faster


@dataclass(frozen=True)
class Ground:
    """What all answers of one frame rest on, asked once."""

    flows: Flows
    value: Value


def ground(engine: Engine, filters: Filters, minimum_n: int) -> Ground:
    """The chain's flows and the value of an order. Raises MetricError where no journey of the
    period has had its time."""
    flows = read(engine, filters)
    if flows is None:
        raise MetricError(
            "No journey in this period has had its conversion window, so there is no chain to "
            "change. Choose an earlier or a longer period, or other filters."
        )
    return Ground(flows, Values(engine, filters, minimum_n).of({}))


def ask(
    engine: Engine,
    filters: Filters,
    change: Change,
    minimum_n: int,
    *,
    given: Ground | None = None,
    credit: Found | None = None,
) -> Effect:
    """What comes of a change. `given` and `credit` (the removal effects) are asked for where they
    are not handed in. Raises MetricError where the change makes no sense or rests on too few."""
    given = given or ground(engine, filters, minimum_n)
    flows, value = given.flows, given.value
    if isinstance(change, Step):
        currency = engine.snapshot.currency
        return stepping.effect(
            flows, change.source, change.target, change.points, value, currency, minimum_n
        )
    if isinstance(change, Without):
        credit = credit or removing.credit(engine, filters)
        return removing.effect(engine, filters, flows, credit, change.channel, value, minimum_n)
    return delivering.effect(engine, filters, flows, change.days, value, minimum_n)
