"""What a reader may choose in the filter bar, and the spans it stands for."""

from collections.abc import Sequence
from datetime import date, timedelta

from journey.metrics import segments
from journey.metrics.filters import Filters
from journey.warehouse.snapshot import Snapshot

PERIODS = {
    "6m": "Last 6 months",
    "30d": "Last 30 days",
    "90d": "Last 90 days",
    "12m": "Last 12 months",
    "month": "Last full month",
    "quarter": "Last full quarter",
    "all": "All time",
    "custom": "Choose days",
}
"""Period to its name; the first is the default."""

COMPARISONS = {
    "before": "Span before",
    "year": "52 weeks earlier",
    "none": "No comparison",
}
"""Comparison to its name; the first is the default."""


def span(period: str, snapshot: Snapshot, chosen: Sequence[date] = ()) -> tuple[date, date]:
    """The half-open span of a period, counted back from the last day with data.

    `chosen` are the two days of "custom", both of which belong to the span; with one day only
    (a reader half-way through choosing) the span is that day.
    """
    last = snapshot.last_day
    until = last + timedelta(days=1)
    if period == "custom" and chosen:
        return chosen[0], chosen[-1] + timedelta(days=1)
    if period == "30d" or period == "90d":
        return until - timedelta(days=int(period[:-1])), until
    if period == "12m":
        return months_before(until, 12), until
    if period == "month":
        return months_before(until.replace(day=1), 1), until.replace(day=1)
    if period == "quarter":
        start = until.replace(month=until.month - (until.month - 1) % 3, day=1)
        return months_before(start, 3), start
    if period == "all":
        return snapshot.first_day, until
    return months_before(until, 6), until


def titles(names: Sequence[str]) -> dict[str, str]:
    """Each segment with its title; titles that are alike give way to the names."""
    known = {name: segments.title_of(name) for name in names}
    read = list(known.values())
    return {name: name if read.count(title) > 1 else title for name, title in known.items()}


def compared(comparison: str, filters: Filters) -> Filters | None:
    """The frame to compare with, or None."""
    if comparison == "none":
        return None
    return filters.year_before() if comparison == "year" else filters.before()


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
