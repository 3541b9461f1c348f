"""Every model by its name: what it is called, its rule in words, and the credit it gives."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse

from journey.analysis.attribution import markov, rules, shapley
from journey.analysis.attribution.paths import DIRECT, Floats, Ints, Paths
from journey.analysis.attribution.settings import Settings
from journey.analysis.attribution.ways import Ledger, Tally, ledger
from journey.errors import MetricError, suggest


@dataclass(frozen=True)
class Model:
    """A way to give credit."""

    title: str
    rule: str
    """Who gets what, after `Each order goes`."""
    splits: bool = True
    """Whether its credits sum to the orders, so that it may be compared with others."""


MODELS = {
    "first": Model("First touch", "to the first visit of its path"),
    "last": Model("Last touch", "to the last visit of its path"),
    "last_non_direct": Model(
        "Last non-direct", "to the last visit of its path that is not Direct, else to Direct"
    ),
    "linear": Model("Linear", "in equal parts to the visits of its path"),
    "u_shaped": Model(
        "U-shaped", "40 % to the first visit, 40 % to the last, 20 % to those between"
    ),
    "j_shaped": Model(
        "J-shaped", "20 % to the first visit, 60 % to the last, 20 % to those between"
    ),
    "inverse_j": Model(
        "Inverse J", "60 % to the first visit, 20 % to the last, 20 % to those between"
    ),
    "time_decay": Model(
        "Time decay", "to the visits of its path, half as much for each half-life of {half_life}"
    ),
    "custom": Model(
        "Own weights", "by weights of {weights} for the first, the middle and the last visit"
    ),
    "markov": Model(
        "Markov",
        "to channels in proportion to their removal effects: the share of orders a chain of "
        "visits would lose if every visit through the channel led to nothing",
    ),
    "shapley": Model(
        "Shapley",
        "in equal parts to the different channels of its path: the Shapley value where a "
        "coalition is worth the orders of all paths within it",
    ),
    "shapley_rate": Model(
        "Shapley by rate",
        "to channels in proportion to their Shapley values, where a coalition is worth the share "
        "of orders among the paths of exactly its channels; values below 0 count as 0",
    ),
    "participation": Model(
        "Participation", "in full to every channel of its path, so that credits sum to more", False
    ),
    "same_touch": Model(
        "Same touch", "to the channel that the order itself names, or to none", False
    ),
}
"""In the order they are listed."""


def find(name: str) -> Model:
    """The model of a name. Raises MetricError where there is none."""
    if name not in MODELS:
        raise MetricError(
            f"There is no attribution model {name!r}.{suggest(name, MODELS)} "
            f"Choose one of {', '.join(MODELS)}."
        )
    return MODELS[name]


@dataclass(frozen=True)
class Credit:
    """What a model gives each channel (rows) in each draw (columns)."""

    orders: Floats
    values: Floats
    effects: Floats | None = None
    """Markov's removal effects."""


@dataclass
class Book:
    """The paths of a period made ready for every model, whoever is counted how often."""

    paths: Paths
    settings: Settings
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        half_life = self.settings.half_life_days
        self.ledger = ledger(self.paths, lambda paths: rules.time_decay(paths, half_life))
        ways, weights = self.ledger.ways, self.settings.weights
        self._by_rule = rules.by_rule(ways, self.paths.number(DIRECT), weights)
        self._shares: dict[str, sparse.csr_matrix] = {}

    @cached_property
    def chain(self) -> markov.Chain:
        """Markov's chain."""
        return markov.chain(self.ledger.ways, self.settings.order, self.settings.self_loops)

    @cached_property
    def coalitions(self) -> shapley.Coalitions | None:
        """The coalitions of channels; None where there are too many channels."""
        known = 0 < len(self.channels) <= shapley.MOST_CHANNELS
        return shapley.coalitions(self.ledger.ways) if known else None

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels, in the order of all rows."""
        return self.paths.channels

    def models(self) -> Iterator[str]:
        """The models there are for these paths, in order."""
        for name in MODELS:
            if name != "shapley_rate" or 0 < len(self.channels) <= shapley.MOST_CHANNELS:
                yield name

    def credit(self, name: str, tally: Tally) -> Credit:
        """What a model gives. Raises MetricError where it cannot be worked out."""
        find(name)
        if name == "same_touch":
            return Credit(tally.own_orders, tally.own_values)
        if name == "time_decay":
            return Credit(tally.decayed_orders, tally.decayed_values)
        if name in self._by_rule:
            share = self._share(name)
            return Credit(share @ tally.orders, share @ tally.values)
        if name == "markov":
            removal = markov.removal(self.chain, tally, self.settings.with_nulls)
            return _scaled(removal.shares, tally, removal.effects)
        if self.coalitions is None:
            raise MetricError(
                f"Shapley by rate counts every coalition of at most {shapley.MOST_CHANNELS} "
                f"channels, and here are {len(self.channels)}. Choose shapley or markov."
            )
        return _scaled(shapley.shares(self.coalitions, tally), tally)

    def _share(self, name: str) -> sparse.csr_matrix:
        """What each channel gets of an order by each way, made when it is first asked for."""
        if name not in self._shares:
            self._shares[name] = self._by_rule[name]()
        return self._shares[name]

    def coalition_sizes(self) -> Ints:
        """How many paths held exactly each coalition of channels; empty where there are too many
        channels."""
        if self.coalitions is None:
            return np.empty(0, dtype=np.int64)
        return shapley.seen(self.coalitions, Tally(self.ledger, self.ledger.once))


def _scaled(shares: Floats, tally: Tally, effects: Floats | None = None) -> Credit:
    """All orders, and what they brought, in given shares."""
    return Credit(shares * tally.orders.sum(axis=0), shares * tally.values.sum(axis=0), effects)
