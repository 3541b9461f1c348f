"""Money through the steps: what the touches of each step carried."""

import polars as pl

from journey.analysis.funnel.spec import Funnel
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

COLUMNS = ("touch_number",)
"""The columns of `touches` that the tries must carry."""

_AMOUNTS = """
select person_number as person, touch_number as touch, revenue, currency
from touches
where revenue is not null and occurred_at between $first and $last
"""


def money(engine: Engine, funnel: Funnel, filters: Filters, table: pl.DataFrame) -> pl.DataFrame:
    """One row a step of the tries in `table`: `step`, `touches` with an amount in the reporting
    currency, their `amount`, `per_entrant` (None where nobody entered) and `elsewhere`, the
    touches with an amount in another currency, which cannot be added.

    Amounts are as they came with the touch, refunds not taken off. A touch that completes
    several entries is counted once.
    """
    steps = range(1, len(funnel.steps) + 1)
    amounts = _amounts(engine, filters, table)
    own = (pl.col("currency").is_null()) | (pl.col("currency") == (engine.snapshot.currency or ""))
    found = []
    for number, step in zip(steps, funnel.steps, strict=True):
        touches = table.select("person", pl.col(f"touch_number_{number}").alias("touch"))
        carried = amounts.join(touches, on=["person", "touch"], how="semi")
        mine = carried.filter(own)
        amount = float(mine["revenue"].sum() or 0)
        per = amount / table.height if table.height else None
        found.append((step.text, mine.height, amount, per, carried.height - mine.height))
    return pl.DataFrame(
        found,
        schema={
            "step": pl.String,
            "touches": pl.Int64,
            "amount": pl.Float64,
            "per_entrant": pl.Float64,
            "elsewhere": pl.Int64,
        },
        orient="row",
    )


def _amounts(engine: Engine, filters: Filters, table: pl.DataFrame) -> pl.DataFrame:
    """The touches with an amount in the time of the tries: `person`, `touch` (its number among the
    person's), `revenue`, `currency`."""
    moments = pl.col("^at_.*$")
    first = table.select(pl.min_horizontal(moments.min())).item()
    last = table.select(pl.max_horizontal(moments.max())).item()
    return engine.table(_AMOUNTS, filters, {"first": first, "last": last})
