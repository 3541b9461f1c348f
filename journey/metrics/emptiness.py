"""Why there is no case in the days that were asked for, where the days themselves are the cause."""

from dataclasses import replace
from datetime import date, timedelta

from journey.metrics.filters import Filters
from journey.metrics.maturity import clock, immature_from, window
from journey.metrics.metric import Metric
from journey.warehouse.snapshot import Snapshot


def outside(filters: Filters, snapshot: Snapshot) -> str | None:
    """That no day asked for has data, or had by the as-of, in a sentence; None where one has."""
    first, last = snapshot.first_day, snapshot.last_day
    covers = f"the data covers {first} to {last}."
    if filters.until <= first or filters.since > last:
        return f"No day from {filters.since} to {filters.until} has data: {covers}"
    begins = max(filters.since, first)
    if filters.as_of_day < begins:
        return f"As of {filters.as_of_day}, nothing from {begins} on was known: {covers}"
    return None


def immature(metric: Metric, filters: Filters, snapshot: Snapshot) -> str | None:
    """That no case can have had its time, and when the first will have, in a sentence; None where
    one can."""
    passed = window(metric, snapshot)
    begins = max(filters.since, snapshot.first_day)
    young = immature_from(metric, replace(filters, since=date.min), snapshot)
    if passed is None or young is None or young >= begins:
        return None
    days = -(-passed // timedelta(days=1))
    return (
        f"No case from {begins} on has had its {clock(metric)} by {filters.as_of_day}: the first "
        f"can count from {begins + timedelta(days=days)} on. The data covers "
        f"{snapshot.first_day} to {snapshot.last_day}."
    )
