"""What an unhappy answer goes with: customers who order again less often. An association.

Of orders with an answer whose repeat window has passed, those after which the customer was unhappy
are compared with the others of the same entry channel, band of the first order and month, as in
`journey.analysis.experience.money`, whose cases, strata and clustered error these are; only that
the score is whether the answer was unhappy. All orders that are known count, since few are rated.

A repeat order is lost once. So where slow deliveries cost some, low scores have no price beside
them, and of low scores only the first (everyone's before a segment's, then by people), unless the
segments of two share nobody.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import polars as pl

from journey.analysis.experience import money
from journey.analysis.pains.loss import Loss
from journey.config import Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.statistics import Z95

STAGES = ("post_purchase", "loyalty")
"""Where those who answer have ordered."""


@dataclass(frozen=True)
class Consequence:
    """How many fewer repeat orders a loss of unhappy answers goes with."""

    orders: int
    """The rated orders that it is measured on."""
    points: float
    """By how much less often, as a share, the unhappy order again."""
    low: float
    high: float
    repeats: float
    """Repeat orders lost: the unhappy answers in excess times that share."""
    error: float
    """Its standard error."""

    @property
    def is_sure(self) -> bool:
        """Whether the unhappy order again less often by more than chance would explain."""
        return self.low > 0


class Consequences:
    """What unhappy answers go with, worked out where it is asked for."""

    def __init__(self, engine: Engine, config: Config, filters: Filters) -> None:
        self._engine, self._config = engine, config
        last = filters.as_of.date() + timedelta(days=1)
        self._filters = replace(filters, since=engine.snapshot.first_day, until=last)
        self._cases: pl.DataFrame | None = None

    def of(self, loss: Loss) -> Consequence | None:
        """The consequence of a loss among answers to a survey; None where those who answer need
        not have ordered, or too few rated orders have had their time. Raises MetricError where the
        question takes too long."""
        sign = loss.place.sign
        if sign is None or sign.detector != "low_score" or loss.place.stage not in STAGES:
            return None
        if self._cases is None:
            self._cases = money.cases(self._engine, self._filters)
        survey = sign.name.removeprefix("low_")
        kept = money.alike(_unhappy(self._cases, survey, loss.place.touchpoint or ""))
        people = kept["person_id"].n_unique()
        if kept.height < self._config.minimum_n or people < 2:
            return None
        slope = money.within_slope(kept, "repeated")
        # The slope is of being unhappy: fewer repeats are below 0.
        fewer, error = -slope.value, (slope.high - slope.low) / (2 * Z95)
        return Consequence(
            orders=kept.height,
            points=fewer,
            low=-slope.high,
            high=-slope.low,
            repeats=loss.orders * fewer,
            error=float((loss.orders * error) ** 2 + (fewer * loss.error) ** 2) ** 0.5,
        )


def _unhappy(cases: pl.DataFrame, survey: str, touchpoint: str) -> pl.DataFrame:
    """The rated orders of one survey and touchpoint, with 1 for an unhappy answer as the score: one
    below the middle of the scale (CSAT and CES) or of a detractor (NPS)."""
    middle = (pl.col("scale_min") + pl.col("scale_max")) / 2
    side = pl.when("is_up").then(pl.col("score") - middle).otherwise(middle - pl.col("score"))
    unhappy = pl.col("score") < 7 if survey == "nps" else side < 0
    own = cases.filter(survey=survey, touchpoint=touchpoint)
    return own.with_columns(score=unhappy.cast(pl.Float64))
