"""A funnel in time, by the day on which each try began."""

import polars as pl

from journey.analysis.funnel.spec import Funnel

GRAINS = {"day": "1d", "week": "1w", "month": "1mo"}


def course(
    table: pl.DataFrame,
    funnel: Funnel,
    time_zone: str,
    grain: str = "week",
    step: int | None = None,
) -> pl.DataFrame:
    """One row a day, week (from Monday) or month of the reporting time zone in which tries began:
    the period, `reached` (the given step, by default the last) and `entered`, in order."""
    last = f"at_{step or len(funnel.steps)}"
    local = pl.col("at_1").dt.replace_time_zone("UTC").dt.convert_time_zone(time_zone)
    return (
        table.select(local.dt.date().dt.truncate(GRAINS[grain]).alias(grain), last)
        .group_by(grain)
        .agg(pl.col(last).count().alias("reached"), pl.len().cast(pl.Int64).alias("entered"))
        .with_columns(pl.col("reached").cast(pl.Int64))
        .sort(grain)
    )
