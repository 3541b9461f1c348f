"""Texts as people read them: labels, periods, sentences; and, from `numbers`, the values."""

import html
import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from journey.metrics import segments
from journey.metrics.filters import SEGMENTS, Filters
from journey.present.numbers import (
    MINUS,
    NOTHING,
    THIN,
    Change,
    Judgement,
    change,
    exact,
    interval,
    show,
)

__all__ = [
    "MINUS",
    "NOTHING",
    "THIN",
    "Change",
    "Judgement",
    "change",
    "day",
    "escape_markdown",
    "escape_plotly",
    "exact",
    "interval",
    "label",
    "listed",
    "moment",
    "period",
    "sentence",
    "show",
]

_ACRONYMS = {"csat", "nps", "ces", "sms", "faq", "b2b", "qr", "sql", "id", "ai"}
_LISTED = 3
"""The most chosen values a sentence spells out before it counts the rest."""


def label(name: str | None) -> str:
    """A name from the data as a reader writes it; names with capitals stay as they are.

    >>> [label(name) for name in ("post_purchase", "in_store", "organic_search", "Paid Social")]
    ['Post-purchase', 'In store', 'Organic search', 'Paid Social']
    >>> label("nps"), label("csat_score"), label(None)
    ('NPS', 'CSAT score', 'Unknown')
    >>> label("first_time_buyers"), label("last_non_direct")
    ('First-time buyers', 'Last non-direct')
    >>> label("fourth or later"), label("3 journeys"), label("unreadable number: quantity")
    ('Fourth or later', '3 journeys', 'Unreadable number: quantity')
    """
    if not name or not name.strip():
        return "Unknown"
    if not re.fullmatch(r"[a-z][a-z0-9_ ]*(: [a-z0-9_ ]+)?|[a-z0-9_]+", name):
        return name
    parts = name.replace("_", " ").split()
    words = [word.upper() if word in _ACRONYMS else word for word in parts]
    text = _hyphened(" ".join(words) or name)
    return text[0].upper() + text[1:]


def _hyphened(text: str) -> str:
    """The words that belong together joined."""
    for apart in ("post purchase", "first time", "non direct"):
        text = text.replace(apart, apart.replace(" ", "-"))
    return text


def labels(names: Iterable[str]) -> dict[str, str]:
    """Each name with its label; names that would read alike keep their own spelling.

    >>> labels(["in_store", "In store", "Email"])
    {'in_store': 'in_store', 'In store': 'In store', 'Email': 'Email'}
    """
    known = {name: label(name) for name in names}
    read = list(known.values())
    return {name: name if read.count(text) > 1 else text for name, text in known.items()}


def day(when: date) -> str:
    """A day without its year, and without a leading zero.

    >>> day(date(2026, 7, 1))
    '1 Jul'
    """
    return f"{when.day} {when:%b}"


def moment(when: datetime) -> str:
    """A moment in UTC, to the minute.

    >>> moment(datetime(2026, 10, 31, 23, 44))
    '31 Oct 2026, 23:44 UTC'
    """
    return f"{day(when)} {when.year}, {when:%H:%M} UTC"


def period(since: date, until: date) -> str:
    """The days from `since` up to, not including, `until`.

    >>> period(date(2026, 7, 1), date(2026, 10, 1))
    '1 Jul to 30 Sep 2026'
    >>> period(date(2025, 12, 1), date(2026, 3, 1)), period(date(2026, 7, 5), date(2026, 7, 6))
    ('1 Dec 2025 to 28 Feb 2026', '5 Jul 2026')
    """
    last = until - timedelta(days=1)
    if last <= since:
        return f"{day(since)} {since.year}"
    first = day(since) if since.year == last.year else f"{day(since)} {since.year}"
    return f"{first} to {day(last)} {last.year}"


def sentence(
    filters: Filters, mature_share: float | None, as_of: datetime, time_zone: str, window_days: int
) -> str:
    """What a page is about: the period, the filters, how much is mature, and the as-of.

    `as_of` is UTC, as the filters hold it; it is shown in `time_zone`.

    >>> at = datetime(2026, 11, 22, 6)
    >>> asked = Filters(date(2026, 7, 1), date(2026, 10, 1), at, {"channel": ("Email",)})
    >>> sentence(asked, 0.94, at, "UTC", 30).replace(THIN, " ")
    'Journeys that began 1 Jul to 30 Sep 2026, channel Email, all personas. 94 % of them have had \
their 30 days. As of 22 Nov 2026, 06:00 UTC.'
    """
    chosen = [_choice(name, filters.where.get(name, ())) for name in SEGMENTS]
    began = f"Journeys that began {period(filters.since, filters.until)}"
    parts = [", ".join([began, *(choice for choice in chosen if choice)]) + "."]
    if filters.people:
        named = listed([segments.title_of(name) for name in filters.people], "or")
        parts.append(f"Of people in the segment {named}, all their journeys.")
    if mature_share is not None:
        parts.append(_mature(mature_share, window_days))
    local = as_of.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(time_zone))
    zone = name if (name := local.tzname() or "").isalpha() else time_zone
    parts.append(f"As of {day(local)} {local.year}, {local:%H:%M} {zone}.")
    return " ".join(parts)


def listed(values: Iterable[str], joint: str = "and") -> str:
    """Words in a row: `a, b and c`.

    >>> listed(["Email", "Direct", "Referral"], "or")
    'Email, Direct or Referral'
    """
    words = list(values)
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def cut(text: str, longest: int) -> str:
    """The text, ended by a mark where it is longer than this many signs.

    >>> cut("Email", 9), cut("Newsletter", 9)
    ('Email', 'Newslett…')
    """
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def escape_markdown(text: str) -> str:
    r"""The text with every Markdown-active character made literal.

    A word joiner breaks bare web and mail addresses, which would be linked even where escaped.

    >>> print(escape_markdown("![x](http://a.b) *c* 100%"))
    \!\[x\]\(http⁠\:\/\/a\.b\) \*c\* 100%
    """
    flat = re.sub(r"\s+", " ", text)
    flat = re.sub(r"(?i)https?(?=:)|www(?=\.)|\S(?=@)", "\\g<0>\u2060", flat)
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~:$&/@=^\"'])", r"\\\1", flat)


def escape_plotly(text: str) -> str:
    """The text with everything a chart would read as mark-up, formula or template made literal.

    Quotes stay: a chart's text knows no `&quot;` and would print it. So do thin spaces, which keep
    a number by its sign.

    >>> escape_plotly('<a href="x">%{y} & $z$')
    '&lt;a href="x"&gt;&#37;{y} &amp; &#36;z&#36;'
    """
    flat = re.sub(r"[^\S\u2009\u202f]+", " ", text)
    return html.escape(flat, quote=False).replace("%{", "&#37;{").replace("$", "&#36;")


def _choice(name: str, values: tuple[str, ...]) -> str:
    """One segment in words. Nothing chosen is said for channel and persona only, which a reader
    expects on every page."""
    if not values:
        return f"all {name}s" if name in ("channel", "persona") else ""
    names = [label(value) for value in values]
    if len(names) > _LISTED:
        more = len(names) - _LISTED + 1
        names = [*names[: _LISTED - 1], f"{more} others"]
    return f"{name} {listed(names, 'or')}"


def _mature(share: float, window_days: int) -> str:
    """How many of the journeys have had their time."""
    days = f"their {window_days} days"
    if share <= 0:
        return f"None of them has had {days} yet."
    if share >= 1:
        return f"All of them have had {days}."
    return f"{show(share, 'percent')} of them have had {days}."
