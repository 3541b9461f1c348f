"""What a reader may choose in the filter bar, and the spans it stands for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from journey.metrics import segments
from journey.metrics.filters import PEOPLE, Filters
from journey.present import words
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
"""Period to its name."""

COMPARISONS = {
    "before": "Span before",
    "year": "52 weeks earlier",
    "group": "Another group",
    "none": "No comparison",
}
"""Comparison to its name; the first is the default."""


_REST, _ALL = "rest", "all"


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


def usual(snapshot: Snapshot) -> str:
    """The period that a page opens with: the shortest of half a year, a year and all time of
    which half can have had its conversion window."""
    window = snapshot.conversion_window_days
    return "6m" if window <= 91 else "12m" if window <= 182 else "all"


def titles(names: Sequence[str]) -> dict[str, str]:
    """Each segment with its title; titles that are alike give way to the names."""
    known = {name: segments.title_of(name) for name in names}
    read = list(known.values())
    return {name: name if read.count(title) > 1 else title for name, title in known.items()}


def groups(
    filters: Filters, values: Mapping[str, Sequence[str]], people: Mapping[str, str]
) -> dict[str, str]:
    """Whom the choice may be compared with: a group to its name, the first is the default.

    `values` are those of each filter, `people` segment names with their titles. What the filters
    choose already is left out, as is everyone else where everyone is chosen.
    """
    offered: dict[str, str] = {}
    if filters.where:
        offered |= {_REST: "Everyone else", _ALL: "Everyone"}
    chosen = filters.people
    offered |= {f"{PEOPLE}={name}": f"Segment: {title}" for name, title in people.items()}
    for name, known in values.items():
        named = words.labels(known)
        offered |= {f"{name}={one}": f"{words.label(name)}: {named[one]}" for one in known}
    for name, own in {**filters.where, PEOPLE: chosen}.items():
        if len(own) == 1:
            offered.pop(f"{name}={own[0]}", None)
    return offered


def group(filters: Filters, name: str) -> Filters:
    """The frame of a group: the same days; the same filters but for the one it names."""
    if name == _REST:
        return replace(filters, where={}, outside=dict(filters.where))
    if name == _ALL:
        return replace(filters, where={})
    filter_name, _, value = name.partition("=")
    return replace(filters, where={**filters.where, filter_name: (value,)})


def compared(comparison: str, filters: Filters, against: str | None = None) -> Filters | None:
    """The frame to compare with, or None; `against` is a group of `groups`."""
    if comparison == "group":
        return group(filters, against) if against else None
    if comparison == "none":
        return None
    return filters.year_before() if comparison == "year" else filters.before()


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where it has no such day."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
