"""Friction: how much more often than usual customers meet errors, go in circles or linger.

For each touchpoint and week: the share of touches followed by an error, the share followed by the
same touchpoint again (of the same product, where there is one), and the mean logarithm of the
seconds to the next touch of the session. Each is held against the median of the eight weeks
before, in units of 1.4826 times their median absolute deviation and the week's own sampling
error together (the anomaly rule of definitions.md §13). The largest of the three is z; below 2 it
is no more than chance would explain, and the week has no friction; else its friction is
-min(1, z / 3). The friction of a touchpoint is the mean of the weeks that have one, by their
touches. A touchpoint without such a week has none, which is not the same as one that feels neutral.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.lib.stride_tricks import sliding_window_view

from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

WEEKS = 8
"""The weeks before, which say what is usual."""

FEWEST_WEEKS = 4
"""With fewer of them nothing is usual yet."""

CAUSES = ("loops", "dwell", "errors")

LEAST_Z = 2.0
"""Below this an excess is no more than chance would explain."""


@dataclass(frozen=True)
class Friction:
    """One touchpoint's friction in the period."""

    value: float
    """From -1 up to 0."""
    touches: int
    """The touches of the weeks that had it."""
    judged: int
    """The touches of all weeks that could be judged."""
    cause: str
    """What was most in excess, of `CAUSES`."""


def friction(engine: Engine, filters: Filters, minimum_n: int) -> dict[str, Friction]:
    """Touchpoint to its friction, for those that have any. Weeks of fewer touches than `minimum_n`
    are not judged, nor those with fewer than four such weeks among the eight before.
    """
    first = filters.since - timedelta(days=filters.since.weekday())
    given = {"from_day": first - timedelta(weeks=WEEKS), "minimum_n": minimum_n}
    found = {}
    for (touchpoint,), own in engine.table(_SQL, filters, given).group_by(
        "touchpoint", maintain_order=True
    ):
        if judged := _judge(own, first):
            found[str(touchpoint)] = judged
    return found


_SQL = """
select
    touchpoint,
    date_trunc('week', occurred_on)::date as week,
    sum(touches)::bigint as touches,
    sum(errors)::bigint as errors,
    sum(loops)::bigint as loops,
    sum(dwelt)::bigint as dwelt,
    round(sum(dwell_sum), 6) as dwell_sum,
    round(sum(dwell_squares), 6) as dwell_squares,
from friction
where occurred_on >= $from_day and occurred_on < $until and occurred_on <= $as_of_day
group by all
having sum(touches) >= $minimum_n
order by all
"""


def _judge(weeks: pl.DataFrame, first: date) -> Friction | None:
    """One touchpoint's weeks, in order, as one number; None where none had an excess."""
    place = ((weeks["week"] - weeks["week"][0]).dt.total_days() // 7).to_numpy()
    touches = weeks["touches"].to_numpy().astype(float)
    scores = np.stack(
        [
            _scores(place, *_share(weeks["loops"], touches)),
            _scores(place, *_dwell(weeks)),
            _scores(place, *_share(weeks["errors"], touches)),
        ]
    )
    usual = np.searchsorted(place, place) - np.searchsorted(place, place - WEEKS)
    judged = (weeks["week"] >= first).to_numpy() & (usual >= FEWEST_WEEKS)
    worst = scores.max(axis=0)
    met = judged & (worst >= LEAST_Z)
    excess = touches[met].sum()
    if not excess:
        return None
    felt = np.minimum(1.0, worst[met] / 3) * touches[met]
    causes = np.bincount(scores.argmax(axis=0)[met], felt, len(CAUSES))
    return Friction(
        -float(felt.sum() / excess),
        int(excess),
        int(touches[judged].sum()),
        CAUSES[int(causes.argmax())],
    )


def _scores(place: np.ndarray, rates: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """How far each week lies above what was usual; 0 where it or too few before have a value."""
    calendar = np.full(place[-1] + 1 + WEEKS, np.nan)
    calendar[place + WEEKS] = rates
    before = sliding_window_view(calendar, WEEKS)[place]
    known = np.isfinite(before).sum(axis=1)
    middle = _median(before, known)
    spread = 1.4826 * _median(np.abs(before - middle[:, None]), known)
    error = np.hypot(spread, noise)
    told = (known >= FEWEST_WEEKS) & np.isfinite(rates) & (error > 0)
    return np.where(told, (rates - middle) / np.where(told, error, 1.0), 0.0)


def _median(rows: np.ndarray, known: np.ndarray) -> np.ndarray:
    """The median of what each row knows; in a sorted row what is missing comes last."""
    ordered, lines = np.sort(rows, axis=1), np.arange(len(rows))
    last = np.maximum(known, 1)
    middle: np.ndarray = (ordered[lines, (last - 1) // 2] + ordered[lines, last // 2]) / 2
    return middle


def _share(part: pl.Series, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A share of each week and its sampling error, which is never taken for nothing."""
    share = part.to_numpy() / whole
    # One case more and one more that is none: a week without any case is not free of chance.
    guess = (part.to_numpy() + 1) / (whole + 2)
    return share, np.sqrt(guess * (1 - guess) / whole)


def _dwell(weeks: pl.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The mean dwell of each week and its sampling error; no value with fewer than two."""
    count = weeks["dwelt"].to_numpy().astype(float)
    total, squares = (
        weeks[name].fill_null(0.0).to_numpy() for name in ("dwell_sum", "dwell_squares")
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(count > 1, total / count, np.nan)
        variance = np.maximum(0.0, squares / count - mean**2)
        return mean, np.sqrt(variance / count)
