"""Like against like: a difference of two shares over strata within which people are comparable.

The difference within each stratum, weighted by n1 n0 / (n1 + n0), which is Mantel and Haenszel's
way to sum up (1959; for differences Greenland and Robins 1985), with the variance of Sato (1989),
which holds for many thin strata as for few thick ones. A stratum without people on both sides says
nothing and drops out; how many drop out is counted.
"""

import polars as pl

from journey.metrics.statistics import Z95

COUNTS = ("with_on", "with_n", "without_on", "without_n")
"""Of a stratum: how many with the touch went on, of how many; and how many without it."""


def differences(strata: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """For each value of the columns `by`: the difference of those with less those without, as a
    share, over the rows, which are strata with COUNTS.

    Gives `value`, `low`, `high`, `error` (of the difference), `rate` and `base` (the two shares,
    weighted as the difference is), `naive` (the difference without strata), `all_with` (everyone
    with it), `matched` and `controls` (those in strata that have both). All but the counts are null
    where there is nobody to compare.
    """
    one, n1, other, n0 = (pl.col(name).cast(pl.Float64) for name in COUNTS)
    n, both = n1 + n0, (n1 > 0) & (n0 > 0)
    weight = pl.when(both).then(n1 * n0 / n).otherwise(0.0)
    apart = pl.when(both).then((one * n0 - other * n1) / n).otherwise(0.0)
    p = (n1**2 * other - n0**2 * one + n1 * n0 * (n0 - n1) / 2) / n**2
    q = (one * (n0 - other) + other * (n1 - one)) / (2 * n)
    summed = strata.group_by(by, maintain_order=True).agg(
        all_with=pl.col("with_n").sum(),
        with_on=pl.col("with_on").sum(),
        all_without=pl.col("without_n").sum(),
        without_on=pl.col("without_on").sum(),
        matched=pl.col("with_n").filter(both).sum(),
        controls=pl.col("without_n").filter(both).sum(),
        weight=weight.sum(),
        apart=apart.sum(),
        went_on=pl.when(both).then(one * n0 / n).otherwise(0.0).sum(),
        went_on_without=pl.when(both).then(other * n1 / n).otherwise(0.0).sum(),
        p=pl.when(both).then(p).otherwise(0.0).sum(),
        q=pl.when(both).then(q).otherwise(0.0).sum(),
    )
    known = pl.col("weight") > 0
    value = pl.col("apart") / pl.col("weight")
    variance = (value * pl.col("p") + pl.col("q")).clip(lower_bound=0.0) / pl.col("weight") ** 2
    return summed.with_columns(
        value=pl.when(known).then(value),
        error=pl.when(known).then(variance.sqrt()),
        rate=pl.when(known).then(pl.col("went_on") / pl.col("weight")),
        base=pl.when(known).then(pl.col("went_on_without") / pl.col("weight")),
        naive=pl.when((pl.col("all_with") > 0) & (pl.col("all_without") > 0)).then(
            pl.col("with_on") / pl.col("all_with") - pl.col("without_on") / pl.col("all_without")
        ),
    ).select(
        *by,
        "value",
        (pl.col("value") - Z95 * pl.col("error")).clip(-1, 1).alias("low"),
        (pl.col("value") + Z95 * pl.col("error")).clip(-1, 1).alias("high"),
        *("error", "rate", "base", "naive", "all_with", "matched", "controls"),
    )
