"""How sure credits are: people drawn again and again, everybody with all that they did.

Efron's bootstrap over people. Drawing people, not orders, keeps together what one person did.
"""

from collections.abc import Iterator

import numpy as np

from journey.analysis.attribution.paths import Floats
from journey.analysis.attribution.ways import Ledger

DRAWS = 200
SEED = 11

_AT_ONCE = 8_000_000
"""The most weights held at once: rows of people times draws."""

_MANY = 16
"""From so many people on, a row's share of a draw is drawn as one number."""


def draws(ledger: Ledger, count: int = DRAWS, seed: int = SEED) -> Iterator[Floats]:
    """How often each row of people is drawn, as many columns a block as fit: `count` draws in
    all, each of as many people as there are. The same seed gives the same draws."""
    random = np.random.default_rng(seed)
    people = ledger.people
    everybody = int(people.sum())
    large = np.flatnonzero(people >= _MANY)
    small = np.flatnonzero(people < _MANY)
    chances = people[large] / max(int(people[large].sum()), 1)
    row_of = np.repeat(np.arange(len(small), dtype=np.int32), people[small])
    block = max(1, _AT_ONCE // max(len(people), 1))
    for first in range(0, count, block):
        weights = np.zeros((len(people), min(block, count - first)))
        for column in weights.T:
            # First how many of the draw fall on people of small rows, then on whom.
            one_by_one = random.binomial(everybody, len(row_of) / max(everybody, 1))
            if len(small):
                drawn = row_of[random.integers(0, len(row_of), one_by_one, dtype=np.int32)]
                column[small] = np.bincount(drawn, minlength=len(small))
            if len(large):
                column[large] = random.multinomial(everybody - one_by_one, chances)
        yield weights
