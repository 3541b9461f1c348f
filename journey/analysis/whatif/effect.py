"""What comes of a change: orders and money a month with intervals, and how that differs from the
naive product."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from journey.analysis.pains.pain import Estimate
from journey.analysis.pains.worth import Value
from journey.analysis.whatif.flows import SEED, Floats


@dataclass(frozen=True)
class Part:
    """A step from the naive product to the effect."""

    name: str
    """`passes`, `further`, `anyway`, `elsewhere`, `alike` or `again`; in words in `wording`."""
    orders: float
    """A month."""


@dataclass(frozen=True)
class Effect:
    """The effect of a change, a month."""

    orders: Estimate
    money: Estimate | None
    """None where the store has no reporting currency, or no order."""
    naive: float
    """Orders by rate times rate."""
    parts: tuple[Part, ...]
    """From the naive product to the effect; they add up."""
    before: float
    """Orders a month by the chain as it is."""
    counted: float
    """Orders a month that were counted, in journeys within their window."""
    cases: int
    """What the change is about: journeys that stood at the place, orders, deliveries."""
    is_association: bool
    """Whether the change is not worked out in the chain but told by an association."""

    @property
    def after(self) -> float:
        """Orders a month after the change."""
        return self.before + self.orders.value


def estimate(value: float, drawn: Floats) -> Estimate:
    """A number with the 2.5th and the 97.5th percent of its draws."""
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Estimate(value, float(low), float(high))


def in_money(orders: float, drawn: Floats, value: Value, currency: str | None) -> Estimate | None:
    """Orders in money: each draw at a value of an order that is itself drawn from its error."""
    if currency is None or value.orders < 1:
        return None
    worth = np.random.default_rng(SEED).normal(value.mean, value.error, len(drawn))
    return estimate(orders * value.mean, drawn * worth)


def bridge(
    naive: float, whole: float, known: Sequence[tuple[str, float]], rest: str
) -> tuple[Part, ...]:
    """The parts between the naive product and the whole: those known, and under one more name
    what is left. Parts that are nothing are left out."""
    named = [*known, (rest, whole - naive - sum(amount for _, amount in known))]
    least = 1e-9 * max(1.0, abs(whole), abs(naive))
    return tuple(Part(name, amount) for name, amount in named if abs(amount) > least)
