"""The tables a study gives, by their names in `settings.TABLES`."""

import polars as pl

from journey.analysis.lifetime.study import Study
from journey.errors import MetricError

_KNOWN = ("person_id", "channel", "first_on", "repeats", "recency_days", "age_days", "spent")
_TO_COME = ("alive", "purchases", "order_value", "value")


def table(found: Study, name: str) -> pl.DataFrame:
    """One of `settings.TABLES`. Raises MetricError where the study refuses what it needs."""
    if name == "parameters":
        return parameters(found)
    if name in ("weekly", "frequency"):
        if found.holdout is None:
            raise MetricError(found.no_holdout)
        return found.holdout.weekly if name == "weekly" else found.holdout.by_frequency
    if name == "channels":
        return found.worth.by("channel")
    if name == "repeats":
        return found.worth.by_repeats()
    return found.worth.tenths() if name == "tenths" else people(found)


def parameters(found: Study) -> pl.DataFrame:
    """All parameters with their intervals: `model`, `fitted_until` (the day after the last it
    knows), `parameter`, `value`, `low`, `high`."""
    fits = [("Gamma-Gamma", found.ends_on, found.money), ("BG/NBD", found.ends_on, found.model)]
    if found.holdout:
        fits.append(("BG/NBD", found.holdout.calibrate_until, found.holdout.model))
    rows = [
        (name, until, parameter, fit[parameter], *ends)
        for name, until, fit in reversed(fits)
        if fit is not None
        for parameter, ends in fit.intervals.items()
    ]
    names = ["model", "fitted_until", "parameter", "value", "low", "high"]
    return pl.DataFrame(rows, schema=names, orient="row")


def people(found: Study) -> pl.DataFrame:
    """A row a buyer, the most to come first."""
    rows = found.worth.rows
    known = [name for name in (*_KNOWN, *_TO_COME) if name in rows.columns]
    return rows.select(known).sort([known[-1], "person_id"], descending=[True, False])
