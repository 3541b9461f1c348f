"""Money through the steps: what the touches of each step carried."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from journey.analysis.funnel.spec import Funnel
from journey.analysis.funnel.tries import Tries

COLUMNS = ("revenue", "currency")
"""The columns of `touches` that the tries must carry."""


def money(parts: Iterable[Tries], funnel: Funnel, currency: str | None) -> pl.DataFrame:
    """One row a step: `step`, `touches` with an amount in the reporting currency, their `amount`,
    `per_entrant` (None where nobody entered) and `elsewhere`, the touches with an amount in
    another currency, which cannot be added.

    Amounts are as they came with the touch, refunds not taken off. A touch that completes
    several entries is counted once.
    """
    entered = 0
    found = [[0, 0.0, 0] for _ in funnel.steps]
    own = pl.col("currency").fill_null(currency or "") == (currency or "")
    for part in parts:
        entered += part.counts[0]
        for place, sums in enumerate(found):
            touches = np.unique(part.steps[place][part.steps[place] >= 0])
            carried = part.rows.frame.select(COLUMNS)[touches].drop_nulls("revenue")
            mine = carried.filter(own)
            sums[0] += mine.height
            sums[1] += float(mine["revenue"].sum() or 0)
            sums[2] += carried.height - mine.height
    return pl.DataFrame(
        [
            (step.text, touches, amount, amount / entered if entered else None, elsewhere)
            for step, (touches, amount, elsewhere) in zip(funnel.steps, found, strict=True)
        ],
        schema={
            "step": pl.String,
            "touches": pl.Int64,
            "amount": pl.Float64,
            "per_entrant": pl.Float64,
            "elsewhere": pl.Int64,
        },
        orient="row",
    )
