"""The absorbing chain of journeys: places, the order, and the journeys that follow an order.

A journey starts, moves between awareness, consideration, decision and checkout, as often as it
does, and ends in an order or leaves. An order may be followed by another journey within the repeat
window, which goes through the same places with chances of its own; so the chain has two layers and
is left for good only where a journey ends without an order or no other follows. With the chances
counted from all steps taken, each layer by itself gives back its share of journeys with an order
exactly, since what goes into a place comes out of it.

All arrays have draws first. Expected orders are v = (I - Q)^-1 r, visits are s (I - Q)^-1 (Kemeny
and Snell 1960), by exact linear algebra.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from journey.analysis.whatif.flows import BACK, LEFT, NEW, PLACES, Flags, Floats, Flows

_SIZE = 6
"""States of a layer: the start, four places, the order."""

_ORDER = 5
ORDERS = (_ORDER, _SIZE + _ORDER)
"""The two states that are an order."""


def state(layer: int, place: str) -> int:
    """The number of a state: a place, `start` or `order` of a layer."""
    return layer * _SIZE + ("start", *PLACES, "order").index(place)


@dataclass(frozen=True)
class Chain:
    """The chances between states, and how many new journeys start each month."""

    steps: Floats
    """Draw by state by state."""
    starts: Floats
    """By draw."""
    seen: Flags
    """Draw by state: whether any journey stood there."""

    @cached_property
    def orders(self) -> Floats:
        """Draw by state: the orders still to come from there, those of later journeys too."""
        return self._orders(self.steps)

    @cached_property
    def orders_of_journey(self) -> Floats:
        """Draw by state: the chance that this journey still ends in an order."""
        alone = self.steps.copy()
        alone[:, ORDERS, :] = 0
        return self._orders(alone)

    def _orders(self, steps: Floats) -> Floats:
        """Expected visits to the two orders from each state."""
        reward = np.zeros((len(steps), 2 * _SIZE))
        reward[:, ORDERS] = 1
        left = np.eye(2 * _SIZE) - steps
        return np.asarray(np.linalg.solve(left, reward[:, :, None])[:, :, 0])

    @property
    def per_month(self) -> Floats:
        """Orders a month, by draw."""
        return self.starts * self.orders[:, state(NEW, "start")]


def chain(flows: Flows) -> Chain:
    """The chain that the flows make."""
    draws = len(flows.moves)
    steps = np.zeros((draws, 2 * _SIZE, 2 * _SIZE))
    whole = flows.moves.sum(axis=3, keepdims=True)
    chances = flows.moves / np.where(whole > 0, whole, 1)
    for layer in (NEW, BACK):
        first = layer * _SIZE
        # The targets but `left`, which is what is missing to 1, in the order of the states.
        steps[:, first : first + _ORDER, first + 1 : first + _SIZE] = chances[:, layer, :, :-1]
        closed = flows.closed[:, layer]
        followed = flows.came_back[:, layer] / np.where(closed > 0, closed, 1)
        steps[:, first + _ORDER, BACK * _SIZE] = followed
    # Nobody came back in this draw or period: then nobody's way is known from there.
    steps[whole[:, BACK, 0, 0] == 0, :, BACK * _SIZE] = 0
    seen = np.zeros((draws, 2 * _SIZE), dtype=np.bool_)
    for layer in (NEW, BACK):
        seen[:, layer * _SIZE : layer * _SIZE + _ORDER] = whole[:, layer, :, 0] > 0
    return Chain(steps, whole[:, NEW, 0, 0] / flows.months, seen)


def chance(chain: Chain, layer: int, source: str, target: str) -> Floats:
    """The chance of a step, by draw."""
    row = chain.steps[:, state(layer, source)]
    return np.asarray(1 - row.sum(axis=1) if target == LEFT else row[:, state(layer, target)])


def moved(chain: Chain, source: str, target: str, points: float) -> Chain:
    """The chain with a step's chance higher by so many points in both layers, and all other steps
    from the same place scaled alike. A chance ends at 0 and at 1; a place that nobody stood at
    stays as it is."""
    steps = chain.steps.copy()
    for layer in (NEW, BACK):
        here = state(layer, source)
        row = chain.steps[:, here]
        now = chance(chain, layer, source, target)
        then = np.clip(now + points / 100, 0, 1)
        rest = 1 - now
        others = np.where(rest > 0, (1 - then) / np.where(rest > 0, rest, 1), 0)
        changed = row * others[:, None]
        if target != LEFT:
            changed[:, state(layer, target)] = then
        steps[:, here] = np.where(chain.seen[:, here, None], changed, row)
    return Chain(steps, chain.starts, chain.seen)


def thinned(chain: Chain, lost: Floats) -> Chain:
    """The chain with a share of all orders lost, by draw: their journeys leave instead."""
    steps = chain.steps.copy()
    for order in ORDERS:
        steps[:, :, order] *= 1 - lost[:, None]
    return Chain(steps, chain.starts, chain.seen)


def onward(chain: Chain, layer: int, source: str, target: str, values: Floats) -> Floats:
    """What the steps of a place other than one lead to on average, in some value by state."""
    row = chain.steps[:, state(layer, source)].copy()
    rest = 1 - chance(chain, layer, source, target)
    if target != LEFT:
        row[:, state(layer, target)] = 0
    reached = (row * values).sum(axis=1)
    return np.asarray(reached / np.where(rest > 0, rest, 1))
