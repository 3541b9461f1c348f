"""How journeys move between places, counted by crowd: people dealt into a few hundred groups.

The crowds are what intervals are drawn from. A person's journeys stay together in one crowd, and
crowds are alike but for chance, so drawing crowds again and again (the bootstrap of clusters)
takes into account that what one person does hangs together, without drawing each person.
"""

from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

PLACES = ("awareness", "consideration", "decision", "checkout")
"""Where a journey can stand; `order` and `left` are where it can end."""

ORDER, LEFT = "order", "left"
TARGETS = (*PLACES, ORDER, LEFT)
"""Where a step can lead, in the order of the arrays."""

SOURCES = ("start", *PLACES)
"""Where a step can begin."""

NEW, BACK = 0, 1
"""Layers of the chain: journeys of their own, and journeys within the repeat window of an order."""

CROWDS = 200
DRAWS = 400
SEED = 17
MONTH = 365.25 / 12
"""Days."""

_TARGET = {1: 0, 2: 1, 3: 2, 4: 3, 5: 4, 9: 5}


@dataclass(frozen=True)
class Flows:
    """What was counted: arrays by draw (or crowd), layer, source and target."""

    moves: Floats
    """Steps, of every pass."""
    passes: Floats
    """Journeys: each once for each place it left, at its first step from there."""
    ordered: Floats
    """Of these, the ones that ended in an order."""
    closed: Floats
    """By layer: orders whose repeat window has closed."""
    came_back: Floats
    """Of these, the ones that another journey followed within it."""
    months: float
    """The length of the time in which the journeys began that have had their time."""

    @cached_property
    def once(self) -> "Flows":
        """Everybody once, as one draw."""
        return self._weighted(np.ones((1, len(self.moves))))

    @cached_property
    def drawn(self) -> "Flows":
        """Crowds drawn again, as many as there are, `DRAWS` times; the same every time."""
        size = len(self.moves)
        random = np.random.default_rng(SEED)
        return self._weighted(random.multinomial(size, np.full(size, 1 / size), DRAWS))

    def _weighted(self, weights: npt.NDArray[np.generic]) -> "Flows":
        """The crowds summed with weights, a row a draw."""
        parts = (self.moves, self.passes, self.ordered, self.closed, self.came_back)
        moves, passes, ordered, closed, came_back = (
            np.tensordot(weights.astype(np.float64), part, axes=1) for part in parts
        )
        return Flows(moves, passes, ordered, closed, came_back, self.months)


def read(engine: Engine, filters: Filters) -> Flows | None:
    """The flows of the journeys that began in the period and have had their conversion window;
    None where there is none. Raises MetricError where the question takes too long."""
    rows = engine.table(_SQL, filters, {"crowds": CROWDS})
    if rows.is_empty():
        return None
    _, crowd = np.unique(rows["crowd"].to_numpy(), return_inverse=True)
    layer = rows["is_back"].to_numpy().astype(np.int64)
    source = rows["from_place"].to_numpy().astype(np.int64)
    target = np.array([_TARGET[place] for place in rows["to_place"].to_list()])
    shape = (int(crowd.max()) + 1, 2, len(SOURCES), len(TARGETS))

    def summed(name: str) -> Floats:
        found = np.zeros(shape)
        np.add.at(found, (crowd, layer, source, target), rows[name].to_numpy().astype(np.float64))
        return found

    return Flows(
        moves=summed("moves"),
        passes=summed("passes"),
        ordered=summed("ordered"),
        closed=summed("closed").sum(axis=(2, 3)),
        came_back=summed("came_back").sum(axis=(2, 3)),
        months=_months(engine, filters),
    )


def _months(engine: Engine, filters: Filters) -> float:
    """The part of the period whose journeys have all had their window, in months; at least a
    day of it."""
    window = timedelta(days=engine.snapshot.conversion_window_days)
    closed = (filters.as_of - window).replace(tzinfo=UTC)
    last = closed.astimezone(ZoneInfo(engine.snapshot.time_zone)).date()
    days = (min(filters.until, last) - max(filters.since, engine.snapshot.first_day)).days
    return max(1, days) / MONTH


_SQL = """
select
    (person_number::bigint * 48271) % 2147483647 % $crowds as crowd,
    is_back,
    from_place,
    to_place,
    sum(moves)::bigint as moves,
    sum(passes)::bigint as passes,
    coalesce(sum(passes) filter (where ordered), 0)::bigint as ordered,
    count(*) filter (where back_matures_at <= $as_of) as closed,
    count(*) filter (where back_matures_at <= $as_of and came_back) as came_back,
from moves
where started_on >= $since and started_on < $until and matures_at <= $as_of
group by all
order by all
"""
