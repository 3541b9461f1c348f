"""What an address asks the filter bar for that is not there, in words."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from journey.metrics.filters import PEOPLE, Filters
from journey.present import choices, words

_LISTED, _LONGEST = 3, 60
"""How many values of a filter are named, and how much of each: an address may hold anything."""

Unmet = Mapping[str, tuple[str, ...]]
"""A choice of the filter bar to the values asked of it that it does not have."""


def values(asked: Sequence[str], offered: Collection[str]) -> tuple[str, ...]:
    """The values that are not offered, each once; an empty one asks for nothing.

    >>> values(["Email", "Gone", "", "Gone"], ["Email", "Direct"])
    ('Gone',)
    """
    return tuple(dict.fromkeys(one for one in asked if one and one not in offered))


def days(asked: Sequence[str], first: date, last: date) -> tuple[str, ...]:
    """The days as asked, where they are no one or two days in order from `first` to `last`.

    >>> days(["2026-03-01", "2026-04-01"], date(2026, 1, 1), date(2026, 12, 31))
    ()
    >>> days(["2031-01-01", "2031-02-01"], date(2026, 1, 1), date(2026, 12, 31))
    ('2031-01-01', '2031-02-01')
    """
    given = tuple(one for one in asked if one)
    try:
        known = [date.fromisoformat(one) for one in given]
    except ValueError:
        return given
    held = len(known) <= 2 and known == sorted(known)
    return () if held and all(first <= day <= last for day in known) else given


def sentence(found: Unmet, filters: Filters, period: str, comparison: str) -> str:
    """What was asked for that is not there, and what is shown instead; nothing where all is.

    `period` and `comparison` are the chosen ones in words. Plain text, made of what the address
    holds: escape it where it is written.

    >>> from datetime import datetime
    >>> at = datetime(2026, 11, 22, 6)
    >>> everyone = Filters(date(2026, 7, 1), date(2026, 10, 1), at)
    >>> missed = {"channel": ("Gone",), "segment": ("Deleted",)}
    >>> sentence(missed, everyone, "Last 6 months", "No comparison")
    'The address asks for channel “Gone” and segment “Deleted”, which are not here; shown instead: \
every channel and everyone.'
    """
    if not found:
        return ""
    asked = words.listed([_asked(name, wanted) for name, wanted in found.items()])
    shown = words.listed([_shown(name, filters, period, comparison) for name in found])
    verb = "is" if sum(map(len, found.values())) == 1 else "are"
    return f"The address asks for {asked}, which {verb} not here; shown instead: {shown}."


def _asked(name: str, wanted: tuple[str, ...]) -> str:
    """A choice with the values asked of it: `channel “Gone”`."""
    named = [f"“{words.cut(one, _LONGEST)}”" for one in wanted[:_LISTED]]
    if more := len(wanted) - len(named):
        named.append(f"{more} more")
    return f"{_NAMES.get(name) or words.label(name).lower()} {words.listed(named)}"


def _shown(name: str, filters: Filters, period: str, comparison: str) -> str:
    """What a choice is now."""
    if name == "period":
        return f"{period[:1].lower()}{period[1:]}"
    if name == "days":
        return words.period(filters.since, filters.until)
    if name in ("compare", "against"):
        return comparison
    chosen = filters.where.get(name, ())
    if name == PEOPLE:
        titles = choices.titles(chosen)
        return f"segment {words.listed(titles.values(), 'or')}" if chosen else "everyone"
    if not chosen:
        return f"every {words.label(name).lower()}"
    return f"{words.label(name).lower()} {words.listed(map(words.label, chosen), 'or')}"


_NAMES = {"compare": "the comparison", "against": "the group", PEOPLE: "segment"}
"""Choices that are not called as the address calls them."""
