"""The removal effect of each channel in a Markov chain of visits (Anderl and others 2016).

The chain starts at START, goes from visit to visit and ends at an order or at nothing. What a
channel is worth is the share of orders that would be lost if every visit through it led to
nothing. A chain of order k remembers the last k visits: its states are tuples of channels.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from journey.analysis.attribution.paths import Floats, Ints
from journey.analysis.attribution.ways import Tally, Ways
from journey.errors import MetricError

SETTLED = 1e-13
"""Stepping ends when less than this share of the walks is still under way: the exactness."""

SETTLED_DRAW = 1e-8
"""The same for one of many draws, far below what draws differ by."""

MOST_STEPS = 2_000
"""Walks that are still under way after so many visits go in circles."""

MOST_INVERTED = 2_000
"""The most states of a chain in which walks that go in circles are still worked out."""

_DIRECTLY = 2e8
"""Up to so much work (states to the third, times draws) inverting is the faster way."""

_CELLS = 20_000_000
"""The most numbers of inverses held at once."""


@dataclass(frozen=True)
class Chain:
    """The chain's states and transitions, with who takes them how often left open."""

    channels: int
    arrives: Ints
    """The channel of each state's latest visit."""
    sources: Ints
    targets: Ints
    """The states that each transition leads from and to."""
    entered: sparse.csr_matrix
    """How often each way (columns) begins in each state (rows)."""
    moved: sparse.csr_matrix
    """How often each way takes each transition."""
    left: sparse.csr_matrix
    """How often each way ends in each state."""

    @property
    def states(self) -> int:
        """How many states there are, START and the ends apart."""
        return len(self.arrives)

    @cached_property
    def of_channel(self) -> list[Ints]:
        """The states that each channel leads into."""
        return [np.flatnonzero(self.arrives == channel) for channel in range(self.channels)]


@dataclass(frozen=True)
class Removal:
    """What the chain says, one column a draw."""

    base: Floats
    """The chance of an order from START."""
    effects: Floats
    """Channel by draw: the share of orders lost without the channel."""

    @property
    def shares(self) -> Floats:
        """The effects scaled to sum to 1, or to 0 where there is no order."""
        whole = self.effects.sum(axis=0)
        return np.asarray(self.effects / np.where(whole > 0, whole, 1))


def chain(ways: Ways, order: int, self_loops: bool = True) -> Chain:
    """The chain of some order. Without self loops, visits in a row through one channel are one
    step (MAM's default); with them, each is a step of its own (ChannelAttribution, flg_equal)."""
    steps, way_of = ways.steps, ways.way_of
    if not self_loops:
        kept = np.ones(len(steps), dtype=np.bool_)
        kept[1:] = (steps[1:] != steps[:-1]) | (way_of[1:] != way_of[:-1])
        steps, way_of = steps[kept], way_of[kept]
    lengths = np.bincount(way_of, minlength=ways.count)
    starts = np.cumsum(lengths) - lengths
    place = np.arange(len(steps)) - starts[way_of]
    # A state is the tuple of the last visits, as digits; 0 stands for before the first one.
    key = np.zeros(len(steps), dtype=np.int64)
    for back in range(order):
        digit = np.where(place >= back, np.roll(steps, back) + 1, 0)
        key += digit * (ways.channels + 1) ** back
    keys, state = np.unique(key, return_inverse=True)
    size = len(keys)
    on = np.flatnonzero(place[1:] > 0) if len(place) else np.empty(0, dtype=np.int64)
    moves, move = np.unique(state[on] * size + state[on + 1], return_inverse=True)
    ends = starts + lengths - 1

    def counted(rows: Ints, columns: Ints, height: int) -> sparse.csr_matrix:
        shape = (height, ways.count)
        return sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)

    everyone = np.arange(ways.count)
    return Chain(
        channels=ways.channels,
        arrives=keys % (ways.channels + 1) - 1,
        sources=moves // max(size, 1),
        targets=moves % max(size, 1),
        entered=counted(state[starts], everyone, size),
        moved=counted(move, way_of[on], len(moves)),
        left=counted(state[ends], everyone, size),
    )


def removal(chain: Chain, tally: Tally, with_nulls: bool) -> Removal:
    """The removal effects for each draw of the tally. Raises MetricError where paths go in
    circles for too long to be followed."""
    taken = tally.orders + tally.nulls if with_nulls else tally.orders
    out = np.zeros((chain.states, taken.shape[1]))
    moved = chain.moved @ taken
    np.add.at(out, chain.sources, moved)
    out += chain.left @ taken
    some = np.where(out > 0, out, 1)
    starting = chain.entered @ taken
    walks = starting.sum(axis=0)
    walk = _Walk(
        start=starting / np.where(walks > 0, walks, 1),
        move=moved / some[chain.sources],
        buy=(chain.left @ tally.orders) / some,
    )
    if chain.states**3 * taken.shape[1] <= _DIRECTLY:
        return _inverted(chain, walk)
    try:
        return _stepped(chain, walk)
    except _CirclesError:
        if chain.states <= MOST_INVERTED:
            return _inverted(chain, walk)
    raise MetricError(
        f"The paths go in circles for more than {MOST_STEPS:,} visits, and a chain that remembers "
        "several of them has too many states here to work that out otherwise. Choose order 1, or "
        "the transform `exposure`."
    )


@dataclass(frozen=True)
class _Walk:
    """The chances of a chain, one column a draw: to start, to move on, to buy."""

    start: Floats
    move: Floats
    buy: Floats

    def some(self, which: slice) -> "_Walk":
        """Some of the draws."""
        return _Walk(self.start[:, which], self.move[:, which], self.buy[:, which])


class _CirclesError(Exception):
    """Walks do not end in as many steps as may be."""


def _inverted(chain: Chain, walk: _Walk) -> Removal:
    """From N = (I - Q)^-1, the expected visits to each state.

    Without a channel, exactly those walks are lost that would reach one of its states and buy
    afterwards. Its states are first reached as N[start, A] N[A, A]^-1, so one inverse serves all
    channels.
    """
    block = max(1, _CELLS // max(chain.states, 1) ** 2)
    parts = [
        _inverse(chain, walk.some(slice(first, first + block)))
        for first in range(0, walk.start.shape[1], block)
    ]
    base = np.concatenate([part[0] for part in parts])
    return Removal(base, _effects(np.hstack([part[1] for part in parts]), base))


def _inverse(chain: Chain, walk: _Walk) -> tuple[Floats, Floats]:
    """The chance of an order, and what of it is lost without each channel."""
    draws = walk.start.shape[1]
    onward = np.zeros((draws, chain.states, chain.states))
    onward[:, chain.sources, chain.targets] = walk.move.T
    visits = np.linalg.inv(np.eye(chain.states) - onward)
    bought = (visits @ walk.buy.T[:, :, None])[:, :, 0]
    reached = (walk.start.T[:, None, :] @ visits)[:, 0, :]
    base = np.einsum("ds,ds->d", walk.start.T, bought)
    lost = np.zeros((chain.channels, draws))
    for channel, states in enumerate(chain.of_channel):
        if len(states):
            inside = visits[:, states[:, None], states[None, :]]
            within = np.swapaxes(inside, 1, 2)
            arrived = np.linalg.solve(within, reached[:, states, None])[:, :, 0]
            lost[channel] = np.einsum("ds,ds->d", arrived, bought[:, states])
    return base, lost


def _stepped(chain: Chain, walk: _Walk) -> Removal:
    """By following the walks step by step until all but `SETTLED` of them have ended, with
    nothing removed and with each channel removed at once; for chains too large to invert."""
    columns = [_step(chain, walk, draw) for draw in range(walk.start.shape[1])]
    found = np.array(columns).T.reshape(chain.channels + 1, -1)
    base = found[-1]
    return Removal(base, _effects(base - found[:-1], base))


def _step(chain: Chain, walk: _Walk, draw: int) -> Floats:
    """The chance of an order without each channel in turn, and with all of them."""
    # A state that leads to itself only delays what follows: leave it out and scale the rest.
    loop = chain.sources == chain.targets
    stays = np.zeros(chain.states)
    stays[chain.sources[loop]] = walk.move[loop, draw]
    leaves = 1 / (1 - stays)
    chances = np.where(loop, 0, walk.move[:, draw] * leaves[chain.sources])
    shape = (chain.states, chain.states)
    onward = sparse.csr_matrix((chances, (chain.targets, chain.sources)), shape=shape)
    buy = walk.buy[:, draw] * leaves
    open_to = np.ones((chain.states, chain.channels + 1))
    open_to[np.arange(chain.states), chain.arrives] = 0
    walking = walk.start[:, draw, None] * open_to
    bought = np.zeros(chain.channels + 1)
    settled = SETTLED if walk.start.shape[1] == 1 else SETTLED_DRAW
    for _ in range(MOST_STEPS):
        bought += buy @ walking
        walking = (onward @ walking) * open_to
        if walking.sum(axis=0).max() < settled:
            return bought
    raise _CirclesError


def _effects(lost: Floats, base: Floats) -> Floats:
    """Lost orders as a share of all; 0 where there are none."""
    shares = lost / np.where(base > 0, base, 1)
    return np.asarray(np.clip(shares, 0, 1))
