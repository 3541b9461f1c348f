"""The finding: what each model gives each channel, how sure that is, and how it was counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from journey.analysis.attribution import rules
from journey.analysis.attribution.models import MODELS, Book, find
from journey.analysis.attribution.paths import TRANSFORMED, Floats, Ints, Paths
from journey.analysis.attribution.reading import read
from journey.analysis.attribution.resampling import DRAWS, SEED, draws
from journey.analysis.attribution.settings import Settings
from journey.analysis.attribution.ways import Tally
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


@dataclass(frozen=True)
class Measured:
    """One measure of credit, orders or money, by model."""

    point: dict[str, Floats]
    """Model to the credit of each channel."""
    drawn: dict[str, Floats] = field(default_factory=dict)
    """Model to the credit of each channel (rows) in each draw; empty where none were asked for."""

    def band(self, model: str) -> tuple[Floats, Floats] | None:
        """The 95 % interval of each channel's credit: between the 2.5th and the 97.5th percent of
        the draws. None without draws."""
        drawn = self.drawn.get(model)
        if drawn is None:
            return None
        return _ends(drawn)

    def ranks(self, model: str) -> Ints:
        """Each channel's place by credit, 1 for the most; equals share the better place."""
        return _places(self.point[model][:, None])[:, 0]

    def rank_chances(self, model: str) -> Floats:
        """P(rank <= k), channel by k from 1: in what share of the draws a channel is that high."""
        places = _places(self.drawn[model])
        ks = np.arange(1, len(places) + 1)
        return np.asarray((places[:, :, None] <= ks).mean(axis=1))

    def rank_kept(self, model: str) -> Floats:
        """In what share of the draws a channel has the rank it has among all people."""
        return np.asarray((_places(self.drawn[model]) == self.ranks(model)[:, None]).mean(axis=1))


@dataclass(frozen=True)
class Found:
    """What was found. All arrays go by channel, in the order of `channels`."""

    settings: Settings
    channels: tuple[str, ...]
    orders: Measured
    values: Measured
    effects: Floats | None
    """Markov's removal effects; None where Markov was not asked for."""
    effects_drawn: Floats | None
    total_orders: int
    total_value: float
    touched: Ints
    """The orders whose path holds the channel: the cases behind its credit."""
    held: Ints
    """The paths that hold the channel, those to no order too."""
    single: int
    """Orders with one visit in their path: on them all rules agree."""
    longest: int
    """The visits of the longest path to an order."""
    repeats: bool
    """Whether some path to an order holds a channel twice."""
    nulls: int
    """Paths to no order, read or not."""
    immature: int
    """Of these, the ones whose conversion window is still open."""
    people: int
    draws: int
    """How often people were drawn; 0 where no intervals were asked for."""
    coalitions: tuple[int, int] = (0, 0)
    """Of all coalitions of channels, and how many of them enough paths held for a rate."""

    @property
    def models(self) -> tuple[str, ...]:
        """The models that were worked out, in their usual order."""
        return tuple(name for name in MODELS if name in self.orders.point)

    def effect_band(self) -> tuple[Floats, Floats] | None:
        """The 95 % interval of each removal effect; None without draws."""
        return None if self.effects_drawn is None else _ends(self.effects_drawn)

    @property
    def compared(self) -> tuple[str, ...]:
        """The models a range is taken over: those that share out every order, once. Shapley by
        rate is one of them only where every coalition was seen often enough, own weights only
        where somebody chose them."""
        whole, often = self.coalitions
        return tuple(
            name
            for name in self.models
            if MODELS[name].splits
            and (name != "shapley_rate" or whole == often > 0)
            and (name != "custom" or self.settings.model == "custom")
        )


def attribute(
    engine: Engine,
    filters: Filters,
    settings: Settings,
    models: Sequence[str] = (),
    *,
    intervals: bool = False,
) -> Found:
    """Credit for the period's orders by the models named, or by all there are.

    Raises MetricError where a model is unknown, cannot be worked out for these paths, or takes
    too long.
    """
    for name in (*models, settings.model, settings.baseline):
        find(name)
    return of_paths(
        read(engine, filters, settings), settings, models, engine.snapshot.minimum_n, intervals
    )


def of_paths(
    paths: Paths,
    settings: Settings,
    models: Sequence[str] = (),
    minimum_n: int = 30,
    intervals: bool = False,
    count: int = DRAWS,
    seed: int = SEED,
) -> Found:
    """The same for paths already read."""
    paths = TRANSFORMED[settings.transform](paths).with_used_channels()
    book = Book(paths, settings)
    every = dict.fromkeys((*book.models(), settings.model, settings.baseline))
    asked = tuple(models or every)
    everybody = Tally(book.ledger, book.ledger.once)
    given = {name: book.credit(name, everybody) for name in asked}
    effects = given["markov"].effects if "markov" in given else None
    orders = Measured({name: credit.orders[:, 0] for name, credit in given.items()})
    values = Measured({name: credit.values[:, 0] for name, credit in given.items()})
    effects_drawn = None
    if intervals:
        orders, values, effects_drawn = _drawn(book, asked, orders, values, count, seed)
    lengths = paths.lengths[paths.is_order]
    touched = _holding(book, everybody.orders)
    seen = book.coalition_sizes() if "shapley_rate" in asked else np.empty(0)
    return Found(
        settings=settings,
        channels=book.channels,
        orders=orders,
        values=values,
        effects=effects[:, 0] if effects is not None else None,
        effects_drawn=effects_drawn,
        total_orders=len(lengths),
        total_value=float(paths.values.sum()),
        touched=touched,
        held=touched + _holding(book, everybody.nulls),
        single=int((lengths == 1).sum()),
        longest=int(lengths.max(initial=0)),
        repeats=bool(lengths.sum() > touched.sum()),
        nulls=int((~paths.is_order).sum()),
        immature=int((~paths.is_mature).sum()),
        people=int(book.ledger.people.sum()),
        draws=count if intervals else 0,
        coalitions=(len(seen), int((seen >= minimum_n).sum())),
    )


def _drawn(
    book: Book, models: Sequence[str], orders: Measured, values: Measured, count: int, seed: int
) -> tuple[Measured, Measured, Floats | None]:
    """The same measures with the draws beside them."""
    of_orders: dict[str, list[Floats]] = {name: [] for name in models}
    of_values: dict[str, list[Floats]] = {name: [] for name in models}
    effects = []
    for weights in draws(book.ledger, count, seed):
        tally = Tally(book.ledger, weights)
        for name in models:
            credit = book.credit(name, tally)
            of_orders[name].append(credit.orders)
            of_values[name].append(credit.values)
            if credit.effects is not None:
                effects.append(credit.effects)
    return (
        Measured(orders.point, {name: np.hstack(found) for name, found in of_orders.items()}),
        Measured(values.point, {name: np.hstack(found) for name, found in of_values.items()}),
        np.hstack(effects) if effects else None,
    )


def _holding(book: Book, taken: Floats) -> Ints:
    """How many paths hold each channel, of ways that were taken so often."""
    ways = book.ledger.ways
    once = rules.participation(ways) * taken[ways.way_of, 0]
    held = np.bincount(ways.steps, once, minlength=ways.channels)
    return np.asarray(np.rint(held), dtype=np.int64)


def _ends(drawn: Floats) -> tuple[Floats, Floats]:
    """The 2.5th and the 97.5th percent of the draws, channel by channel."""
    low, high = np.percentile(drawn, [2.5, 97.5], axis=1)
    return low, high


def _places(credit: Floats) -> Ints:
    """The place of each channel (rows) in each column; equals share the better place."""
    return np.asarray(1 + (credit[None, :, :] > credit[:, None, :] + 1e-9).sum(axis=1))
