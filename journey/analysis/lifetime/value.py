"""What each buyer is worth in the weeks to come, and what groups of them are worth together.

CLV = margin x sum over t of E[M] (E[Y(t)] - E[Y(t-1)]) / (1 + d)^t, in steps of four weeks, each
discounted to its end. It is value to come: what was spent already is not in it.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from journey.analysis.lifetime import bgnbd, gammagamma
from journey.analysis.lifetime.buyers import Buyers
from journey.analysis.lifetime.crowd import Crowd
from journey.analysis.lifetime.fitting import Fit, Numbers, weighed
from journey.analysis.lifetime.settings import Terms
from journey.metrics.statistics import Z95

STEP_WEEKS = 4
YEAR_WEEKS = 365.25 / 7
MOST_BINS = 7
"""People with so many repeats or more are one group."""


def steps(terms: Terms) -> tuple[Numbers, Numbers]:
    """The ends of the steps in weeks, and what an amount there counts for today."""
    ends = np.arange(STEP_WEEKS, terms.weeks + STEP_WEEKS, STEP_WEEKS, dtype=np.float64)
    ends = np.minimum(ends, terms.weeks)
    return ends, (1 + terms.discount) ** (-ends / YEAR_WEEKS)


@dataclass(frozen=True)
class Worth:
    """Each buyer's chance to be a customer still, purchases and value to come."""

    rows: pl.DataFrame
    """The buyers' rows with `alive` (a chance), `purchases` in the weeks to come, `order_value` to
    expect of each and `value` of all; the last two only where there is a model of value."""
    terms: Terms
    model: Fit
    money: Fit | None
    crowd: Crowd
    """The same people by their histories."""

    def by(self, column: str, order: list[str] | None = None) -> pl.DataFrame:
        """Groups of buyers side by side: `people`, mean `alive`, `likely_gone` (whose chance is
        under one half), and the means a person of what is to come with their 95 % intervals, from
        the parameters' doubt."""
        names = order or _names(self.rows, column)
        place = {name: n for n, name in enumerate(names)}
        groups = np.array([place[name] for name in self.rows[column]], dtype=np.int64)
        people = np.bincount(groups, minlength=len(names))

        def mean(each: Numbers) -> Numbers:
            return np.bincount(groups, each, len(names)) / people

        columns = {
            column: names,
            "people": people,
            "spent": mean(self.rows["spent"].to_numpy()),
            "alive": mean(self.rows["alive"].to_numpy()),
            "likely_gone": np.bincount(groups, self.rows["alive"].to_numpy() < 0.5, len(names)),
        }
        for name in ("purchases", "value"):
            if name in self.rows.columns:
                each = mean(self.rows[name].to_numpy())
                half = Z95 * self._doubt(name, groups, len(names)) / people
                columns |= {name: each, f"{name}_low": each - half, f"{name}_high": each + half}
        return pl.DataFrame(columns).with_columns(pl.col("likely_gone").cast(pl.Int64))

    def by_repeats(self) -> pl.DataFrame:
        """The groups of equal repeats so far."""
        named = [
            f"{MOST_BINS}+" if repeats >= MOST_BINS else str(repeats)
            for repeats in self.rows["repeats"]
        ]
        column = pl.Series("repeats_so_far", named)
        return replace(self, rows=self.rows.with_columns(column)).by(column.name, sorted({*named}))

    def tenths(self) -> pl.DataFrame:
        """Buyers in ten groups of equal size, the most to come first: `tenth`, `people`, their
        mean and their `share` of all that is to come."""
        name = "value" if "value" in self.rows.columns else "purchases"
        ordered = np.sort(self.rows[name].to_numpy())[::-1]
        parts = np.array_split(ordered, 10)
        whole = ordered.sum()
        return pl.DataFrame(
            {
                "tenth": list(range(1, 11)),
                "people": [len(part) for part in parts],
                name: [float(part.mean()) if len(part) else 0.0 for part in parts],
                "share": [float(part.sum() / whole) if whole else 0.0 for part in parts],
            }
        )

    def total(self, name: str) -> tuple[float, float, float]:
        """All `purchases`, or all `value`, to come, with the 95 % interval from the parameters'
        doubt."""
        whole = float(self.rows[name].sum())
        half = Z95 * float(self._doubt(name, np.zeros(self.rows.height, dtype=np.int64), 1)[0])
        return whole, whole - half, whole + half

    def _doubt(self, name: str, groups: NDArray[np.int64], count: int) -> Numbers:
        """The standard error of the sum over each group of people that comes from the parameters.

        People of equal history and group are one case: their number, and the sum of their mean
        values, are all that their sums depend on.
        """
        crowd, terms = self.crowd, self.terms
        own, place = np.unique(crowd.place * count + groups, return_inverse=True)
        history, group = np.divmod(own, count)
        people = np.bincount(place)

        def summed(each: Numbers) -> Numbers:
            return weighed(group, each, count)

        if name == "purchases":
            return self.model.spread(
                lambda values: summed(people * crowd.purchases(values, terms.weeks)[history])
            )
        assert self.money is not None
        x = crowd.x[history]
        means = np.bincount(place, np.maximum(self.rows["mean_value"].to_numpy(), 0.0))

        def often(values: bgnbd.Model) -> Numbers:
            return crowd.weighed(values, *steps(terms))[history]

        def worth(values: tuple[float, ...]) -> Numbers:
            # The value to expect is a line in a person's mean, so it may be taken of their sum.
            return people * gammagamma.expected_value(values, x, means / people)

        worth_now, often_now = worth(self.money.values), often(self.model)
        by_often = self.model.spread(lambda v: summed(terms.margin * worth_now * often(v)))
        by_worth = self.money.spread(lambda v: summed(terms.margin * worth(v) * often_now))
        return np.hypot(by_often, by_worth)


def worth(buyers: Buyers, model: Fit, money: Fit | None, terms: Terms) -> Worth:
    """What each buyer is worth from the buyers' last day on."""
    rows, crowd = buyers.rows, Crowd.of(buyers.rows)
    new = {
        "alive": crowd.alive(model)[crowd.place],
        "purchases": crowd.purchases(model, terms.weeks)[crowd.place],
    }
    if money is not None:
        mean = np.maximum(rows["mean_value"].to_numpy(), 0.0)
        each = gammagamma.expected_value(money, crowd.x[crowd.place], mean)
        new["order_value"] = each
        new["value"] = terms.margin * each * crowd.weighed(model, *steps(terms))[crowd.place]
    return Worth(rows.with_columns(**_series(new)), terms, model, money, crowd)


def _names(rows: pl.DataFrame, column: str) -> list[str]:
    """The groups, the largest first."""
    counted = rows.group_by(column).len().sort("len", column, descending=[True, False])
    return [str(name) for name in counted[column]]


def _series(columns: dict[str, Numbers]) -> dict[str, pl.Series]:
    """Arrays as columns."""
    return {name: pl.Series(name, values) for name, values in columns.items()}
