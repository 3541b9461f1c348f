"""A funnel for each value of a segment or of what the touches carry."""

from dataclasses import dataclass

import polars as pl

from journey.analysis.funnel.spec import Funnel
from journey.errors import MetricError, suggest
from journey.metrics import statistics

COLUMNS = {
    "entry_channel": "entry_channel",
    "persona": "persona",
    "device": "device",
    "country": "country",
    "channel": "channel",
    "touch_device": "touch_device",
    "touchpoint": "touchpoint",
    "category": "category",
    "product": "product_id",
    "currency": "currency",
}
"""What a funnel can be broken down by, and its column in `touches`: the journey's segments, then
what the touch itself carried."""

MOST_VALUES = 12
"""The most values that stand for themselves; the rest are Other."""

OTHER, UNKNOWN = "Other", "Unknown"

FIRST, LAST = "first", "last"
"""Which touch gives the value: that of the first step, or of the last step reached; or a step's
number."""


@dataclass(frozen=True)
class Breakdown:
    """One row a value, the most entrants first, Other last."""

    by: str
    at: str
    """`first`, `last`, or the number of a step."""
    rows: pl.DataFrame
    """`value`, `step_1` ... `step_k` (counts), `rate`, `low`, `high` (the share of the last step
    and its 95 % interval, None where nobody entered), `difference`, `difference_low`,
    `difference_high` (from all other values together, as shares), `chance` (the p-value),
    `verdict`."""


def column_of(by: str) -> str:
    """The column of `touches` behind a name in `COLUMNS`. Raises MetricError for another."""
    if by not in COLUMNS:
        raise MetricError(
            f"A funnel cannot be broken down by {by!r}.{suggest(by, COLUMNS)} "
            f"Break it down by {', '.join(COLUMNS)}."
        )
    return COLUMNS[by]


def breakdown(
    table: pl.DataFrame, funnel: Funnel, by: str, at: str = FIRST, minimum_n: int = 30
) -> Breakdown:
    """The funnel for each value of `by`, which `table` must carry for each step.

    With a step's number as `at`, only tries that reached that step are counted. Values are
    compared with all others together: Newcombe's interval of the difference, the two-proportion
    test, and Benjamini and Hochberg at 10 % over all values that have `minimum_n` entrants on
    both sides; the others get no call. Raises MetricError where there is no such step.
    """
    steps = len(funnel.steps)
    valued = _valued(table, column_of(by), at, steps)
    sizes = valued.group_by("value").len().sort(["len", "value"], descending=[True, False])
    named = [value for value in sizes["value"] if value != UNKNOWN][:MOST_VALUES]
    kept = [*named, UNKNOWN] if len(named) < MOST_VALUES else named
    grouped = (
        valued.with_columns(
            pl.when(pl.col("value").is_in(kept)).then("value").otherwise(pl.lit(OTHER))
        )
        .group_by("value")
        .agg(pl.col(f"at_{step}").count().alias(f"step_{step}") for step in range(1, steps + 1))
        .sort(
            [pl.col("value") == OTHER, pl.col("step_1"), pl.col("value")],
            descending=[False, True, False],
        )
    )
    return Breakdown(by, at, _judged(grouped, steps, minimum_n))


def _valued(table: pl.DataFrame, column: str, at: str, steps: int) -> pl.DataFrame:
    """The tries with their value."""
    if at == FIRST:
        value = pl.col(f"{column}_1")
    elif at == LAST:
        # The last step reached is the latest touch of the try, whatever the order.
        reached = [f"at_{step}" for step in range(1, steps + 1)]
        value = pl.lit(None, dtype=pl.String)
        for step in range(1, steps + 1):
            here = pl.col(f"at_{step}") == pl.max_horizontal(reached)
            value = pl.when(here).then(f"{column}_{step}").otherwise(value)
    else:
        if not at.isdigit() or not 1 <= int(at) <= steps:
            raise MetricError(
                f"There is no step {at!r} to take the value at. Give first, last, or a number "
                f"from 1 to {steps}."
            )
        table = table.filter(pl.col(f"at_{at}").is_not_null())
        value = pl.col(f"{column}_{at}")
    return table.with_columns(value.cast(pl.String).fill_null(UNKNOWN).alias("value"))


def _judged(grouped: pl.DataFrame, steps: int, minimum_n: int) -> pl.DataFrame:
    """The rows with rates, differences and verdicts."""
    parts, wholes = grouped[f"step_{steps}"].to_list(), grouped["step_1"].to_list()
    rows = [
        _against(part, whole, sum(parts) - part, sum(wholes) - whole)
        for part, whole in zip(parts, wholes, strict=True)
    ]
    called = [
        place for place, whole in enumerate(wholes)
        if min(whole, sum(wholes) - whole) >= minimum_n
    ]  # fmt: skip
    standing = statistics.discoveries([float(rows[place]["chance"] or 0) for place in called])
    verdicts = ["no call"] * len(rows)
    for place, stands in zip(called, standing, strict=True):
        higher = (rows[place]["difference"] or 0) > 0
        verdicts[place] = ("higher" if higher else "lower") if stands else "within chance"
    measured = pl.DataFrame(rows, schema=dict.fromkeys(_MEASURES, pl.Float64))
    return grouped.hstack(measured).with_columns(pl.Series("verdict", verdicts, dtype=pl.String))


_MEASURES = ("rate", "low", "high", "difference", "difference_low", "difference_high", "chance")


def _against(part: int, whole: int, rest_part: int, rest_whole: int) -> dict[str, float | None]:
    """A value's rate, and how it differs from the rest."""
    measured: dict[str, float | None] = dict.fromkeys(_MEASURES)
    if whole:
        low, high = statistics.wilson(part, whole)
        measured |= {"rate": part / whole, "low": low, "high": high}
    if whole and rest_whole:
        moved, low, high = statistics.difference(part, whole, rest_part, rest_whole)
        chance = statistics.two_shares(part, whole, rest_part, rest_whole)
        measured |= {"difference": moved, "difference_low": low, "difference_high": high}
        measured["chance"] = chance
    return measured
