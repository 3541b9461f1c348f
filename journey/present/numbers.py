"""Numbers as people read them: values, intervals, and changes with their judgement."""

import re
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, isfinite, log10, sqrt
from typing import Literal

from journey.metrics import statistics
from journey.metrics.answer import Total

THIN = "\u2009"
"""The thin space before a percent sign."""

MINUS = "\u2212"
NOTHING = "\u2013"
"""What stands where there is no value."""

_SPANS = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
"""Unit of time to its seconds."""

Judgement = Literal["good", "bad", "none"]


@dataclass(frozen=True)
class Change:
    """How a number moved: an arrow, the words for it, and whether that is good."""

    arrow: str
    words: str
    """In full: `fell 0.9 points (15.3 to 14.4 %), more than chance would explain`."""
    judgement: Judgement
    short: str
    """For the small plate on a card: `0.9 points, worse`."""


def show(value: float | None, unit: str, currency: str | None = None) -> str:
    """A value on a card: two significant digits, three from 10 on where the first is a one.

    A leading one is the case where two digits would round by up to five per cent. Shares come as
    0 to 1 and are shown in percent.

    >>> show(0.8213, "percent"), show(0.1437, "percent"), show(0.0321, "percent")
    ('82\u2009%', '14.4\u2009%', '3.2\u2009%')
    >>> show(45317, "journeys"), show(1234567.8, "money", "EUR"), show(-31.2, "points")
    ('45,000', 'EUR 1,230,000', '\u221231')
    >>> show(6.21, "days"), show(0.85, "days"), show(0.0002, "days")
    ('6.2 days', '20 hours', '17.3 seconds')
    >>> show(0.9996, "percent"), show(None, "percent")
    ('99.96\u2009%', '\u2013')
    """
    if value is None or not isfinite(value):
        return NOTHING
    if unit in _SPANS:
        value, unit = _span_unit(value, unit)
    number = 100 * value if unit == "percent" else value
    return _dress(number, _decimals(number, unit), unit, currency)


def exact(value: float | None, unit: str, currency: str | None = None) -> str:
    """A value in a table: counts whole, money to the cent, shares to a hundredth of a percent.

    >>> exact(45317, "journeys"), exact(0.14372, "percent"), exact(1234.5, "money", "EUR")
    ('45,317', '14.37\u2009%', 'EUR 1,234.50')
    """
    if value is None or not isfinite(value):
        return NOTHING
    number = 100 * value if unit == "percent" else value
    whole = unit not in ("percent", "money") and float(value).is_integer()
    return _dress(number, 0 if whole else 2, unit, currency)


def counted(number: float | Decimal, things: str) -> str:
    """A count with its noun, which is given in the plural.

    >>> counted(1, "first time buyers"), counted(1, "people"), counted(1, "touches")
    ('1 first time buyer', '1 person', '1 touch')
    >>> counted(12345, "journeys")
    '12,345 journeys'
    """
    return worded(f"{number:,.0f}", things)


def unbroken(text: str) -> str:
    r"""Words in which no line ends between a number and its sign or currency.

    >>> unbroken(f"about EUR 4,400, of 79, 10{THIN}%").encode("ascii", "backslashreplace")
    b'about EUR\\xa04,400, of 79, 10\\u202f%'
    """
    return re.sub(rf"\b([A-Z]{{3}}) (?=[{MINUS}\d])", "\\1\u00a0", text.replace(THIN, "\u202f"))


def worded(text: str, things: str) -> str:
    """A number that is written already with its noun or unit, given in the plural.

    >>> worded("1", "points"), worded("1.0", "points"), worded("1", "days")
    ('1 point', '1.0 points', '1 day')
    """
    return f"{text} {singular(things) if text in ('1', f'{MINUS}1') else things}"


def singular(things: str) -> str:
    """One of the things, by the endings of regular plurals; of people it is a person.

    >>> [singular(things) for things in ("first time buyers", "touches", "journeys", "deliveries")]
    ['first time buyer', 'touch', 'journey', 'delivery']
    """
    front, _, last = things.rpartition(" ")
    if last == "people":
        last = "person"
    elif last.endswith("ies"):
        last = last[:-3] + "y"
    elif last.endswith(("ches", "shes", "sses", "xes")):
        last = last[:-2]
    else:
        last = last.removesuffix("s")
    return f"{front} {last}".strip()


def rough(low: float, high: float, unit: str) -> str:
    """Two ends, each as short as a card shows a value, without the currency.

    >>> rough(2874.6, 5659.4, "money")
    '2,900 to 5,700'
    """
    return f"{show(low, unit)} to {show(high, unit)}"


def interval(
    low: float | None,
    high: float | None,
    unit: str,
    currency: str | None = None,
    beside: float | None = None,
) -> str:
    """Both ends with the decimals of the value between them, or those at which they differ; the
    unit once. A span of time is in the unit in which `show` says the value it stands beside.

    >>> interval(0.1412, 0.1468, "percent"), interval(0.801, 0.839, "percent")
    ('14.1 to 14.7\u2009%', '80 to 84\u2009%')
    >>> interval(0.137, 0.162, "percent")
    '13.7 to 16.2\u2009%'
    >>> interval(19.2, 40.8, "points")
    '19 to 41'
    >>> show(0.27, "days"), interval(0.24, 0.30, "days", beside=0.27)
    ('6.5 hours', '5.8 to 7.2')
    """
    if low is None or high is None:
        return NOTHING
    scale = 100.0 if unit == "percent" else 1.0
    if unit in _SPANS and beside is not None:
        smaller = _span_unit(beside, unit)[1]
        scale = _SPANS[unit] / _SPANS[smaller]
    width = scale * (high - low)
    places = max(0, _decimals(scale * (low + high) / 2, unit))
    if width > 0:
        places = min(4, max(places, ceil(-log10(width / 2))))
    first = _dress(scale * low, places, "", None)
    last = _dress(scale * high, places, unit if unit == "percent" else "", None)
    return f"{currency} {first} to {last}" if unit == "money" and currency else f"{first} to {last}"


def change(
    now: Total | float | None,
    before: Total | float | None,
    unit: str,
    better: str,
    *,
    currency: str | None = None,
    minimum_n: int = 30,
) -> Change:
    """How `now` differs from `before`, judged only where a test says it is more than chance.

    Totals are tested: shares by the two-proportion test, other scores by their intervals. A bare
    count or amount has no test of its own, so it is described and not judged.

    >>> fell = change(Total(1440, 10000, .144, .137, .151), Total(1530, 10000, .153, .146, .16),
    ...               "percent", "higher", minimum_n=30)
    >>> fell.arrow, fell.judgement, fell.words
    ('\u2193', 'none', 'fell 0.9 points (15.3 to 14.4\u2009%), no more than chance would explain')
    >>> change(6930, 6200, "orders", "higher").words
    'rose 11.8\u2009% (6,200 to 6,900)'
    """
    value, previous = _value(now), _value(before)
    if value is None or previous is None:
        return Change("", "no earlier value to compare with", "none", "nothing to compare with")
    moved = value - previous
    amount = _amount(moved, previous, unit, currency)
    if moved == 0 or amount is None:
        return Change("\u2192", f"unchanged at {show(value, unit, currency)}", "none", "unchanged")
    arrow, verb = ("\u2191", "rose") if moved > 0 else ("\u2193", "fell")
    words = f"{verb} {amount} ({_span(previous, value, unit, currency)})"
    if not (isinstance(now, Total) and isinstance(before, Total)):
        return Change(arrow, words, "none", amount)
    if min(now.whole, before.whole) < minimum_n:
        return Change(arrow, f"{words}, too few to judge", "none", f"{amount}, too few to judge")
    if not _beyond_chance(now, before, unit):
        words = f"{words}, no more than chance would explain"
        return Change(arrow, words, "none", f"{amount}, within chance")
    words = f"{words}, more than chance would explain"
    if better not in ("higher", "lower"):
        return Change(arrow, words, "none", amount)
    good = (moved > 0) == (better == "higher")
    return Change(
        arrow, words, "good" if good else "bad", f"{amount}, {'better' if good else 'worse'}"
    )


def _span_unit(value: float, unit: str) -> tuple[float, str]:
    """A span of time in the largest unit, up to the given one, of which it has at least one."""
    seconds = value * _SPANS[unit]
    for smaller, length in _SPANS.items():
        if length <= _SPANS[unit] and abs(seconds) >= length:
            return seconds / length, smaller
    return value, unit


def _decimals(number: float, unit: str) -> int:
    """Decimals for two significant digits, three after a leading one; under 0 left of the point."""
    size = abs(float(number))
    if size == 0:
        return 0
    if unit == "percent" and 99 < size < 100:
        # A share that is not all must not read as all.
        return min(2, max(0, -floor(log10(100 - size))))
    digits = 3 if size >= 10 and f"{size:.2e}".startswith("1") else 2
    places = digits - 1 - floor(log10(size))
    # Nobody has 7.0 orders; but a share of 9.0 % stands among others with their decimal.
    return min(0, places) if size.is_integer() and unit != "percent" else places


def _dress(number: float, places: int, unit: str, currency: str | None) -> str:
    """The rounded number with separators, a true minus, and its unit."""
    rounded = round(number, places)
    text = f"{abs(rounded):,.{max(0, places)}f}"
    text = f"{MINUS}{text}" if rounded < 0 else text
    if unit == "percent":
        return f"{text}{THIN}%"
    if unit == "money" and currency:
        return f"{currency} {text}"
    return worded(text, unit) if unit in _SPANS else text


def _value(number: Total | float | None) -> float | None:
    """The value of a total, or the number itself."""
    return number.value if isinstance(number, Total) else number


def _amount(moved: float, previous: float, unit: str, currency: str | None) -> str | None:
    """How far it moved: points for shares and scores, percent for counts and amounts; None where
    that rounds to nothing."""
    size = 100 * abs(moved) if unit == "percent" else abs(moved)
    if unit in ("percent", "points", "score"):
        places = 2 if unit == "score" else 1 if size < 10 else 0
        text = f"{size:.{places}f}"
        return None if float(text) == 0 else worded(text, "points")
    if unit in ("days", "hours") or previous <= 0:
        return show(size, unit, currency)
    return show(size / previous, "percent")


def _span(before: float, now: float, unit: str, currency: str | None) -> str:
    """From one value to another, the unit once."""
    if unit == "percent":
        size = abs(100 * (now - before))
        places = 1 if size < 10 else 0
        return f"{100 * before:.{places}f} to {100 * now:.{places}f}{THIN}%"
    if unit == "score":
        return f"{before:.2f} to {now:.2f}"
    return f"{show(before, unit, currency)} to {show(now, unit, currency)}"


def _beyond_chance(now: Total, before: Total, unit: str) -> bool:
    """Whether chance alone would show such a difference less than once in twenty times."""
    if unit == "percent":
        p = statistics.two_shares(now.part, now.whole, before.part, before.whole)
        return p < 0.05
    ends = (now.low, now.high, before.low, before.high, now.value, before.value)
    if any(end is None for end in ends):
        return False
    low, high, low_before, high_before, value, previous = (float(end or 0) for end in ends)
    error = sqrt((high - low) ** 2 + (high_before - low_before) ** 2) / 2
    return abs(value - previous) > error
