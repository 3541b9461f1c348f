"""Spans of time as people write them: `30d`, `12h`, `90s`."""

import re
from datetime import timedelta

from journey.errors import MetricError

_SECONDS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_NAMES = {"w": "week", "d": "day", "h": "hour", "m": "minute", "s": "second"}

_LONGEST = timedelta(days=36_500)


def parse_span(text: str) -> timedelta:
    """A whole number and its unit: w, d, h, m or s. Raises MetricError for anything else.

    >>> parse_span("30d"), parse_span("90s")
    (datetime.timedelta(days=30), datetime.timedelta(seconds=90))
    """
    found = re.fullmatch(r"(\d{1,10})([wdhms])", text.strip().lower())
    if found is None:
        raise MetricError(
            f"{text!r} is not a span of time. Write a number and its unit, as in 30d, 12h, 45m, "
            "30s or 2w."
        )
    seconds = int(found[1]) * _SECONDS[found[2]]
    if seconds > _LONGEST.total_seconds():
        raise MetricError(f"{text!r} is longer than a hundred years. Give a shorter span.")
    return timedelta(seconds=seconds)


def span_text(span: timedelta) -> str:
    """The span as `parse_span` reads it, in the largest unit that leaves no rest (weeks are said
    in days).

    >>> span_text(timedelta(days=30)), span_text(timedelta(minutes=90)), span_text(timedelta(0))
    ('30d', '90m', '0s')
    """
    amount, unit = _split(span)
    return f"{amount}{unit}"


def span_words(span: timedelta) -> str:
    """The span in words.

    >>> span_words(timedelta(days=30)), span_words(timedelta(hours=1))
    ('30 days', '1 hour')
    """
    amount, unit = _split(span)
    return f"{amount:,} {_NAMES[unit]}{'' if amount == 1 else 's'}"


def micros(span: timedelta) -> int:
    """The span in whole microseconds, the clock of the event store."""
    return span // timedelta(microseconds=1)


def _split(span: timedelta) -> tuple[int, str]:
    """The amount and the unit."""
    seconds = span // timedelta(seconds=1)
    for unit in "dhm":
        if seconds and seconds % _SECONDS[unit] == 0:
            return seconds // _SECONDS[unit], unit
    return seconds, "s"
