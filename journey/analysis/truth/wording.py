"""What was found of a demo's truth, in words and in cells."""

import math
from datetime import date, timedelta

from journey.analysis.pains.wording import day
from journey.analysis.truth.scored import FOUND, MISSED, OUTSIDE, Other, Score, Scored


def span(since: date, until: date) -> str:
    """Days from one up to, not including, another.

    >>> span(date(2026, 7, 3), date(2026, 7, 14)), span(date(2025, 12, 20), date(2026, 1, 3))
    ('3 to 13 July 2026', '20 December 2025 to 2 January 2026')
    """
    last = until - timedelta(days=1)
    first = day(since)
    if (since.year, since.month) == (last.year, last.month):
        first = str(since.day)
    elif since.year != last.year:
        first += f" {since.year}"
    return f"{first} to {day(last)} {last.year}"


def summary(found: Score) -> list[str]:
    """How the parts came out, what the ledger leads with, and what it raises beside it."""
    parts = found.parts
    small = sum(part.verdict == MISSED and part.is_small for part in parts)
    pains = [part for part in parts if part.rank is not None]
    sized = [part for part in parts if part.low is not None]
    lines = [
        f"{len(parts)} planted parts: {found.count(FOUND)} found, {found.count(MISSED)} missed, "
        f"{found.count(OUTSIDE)} outside their interval. Of {len(sized)} intervals of 95 %, about "
        f"{len(sized) / 20:.0f} miss by chance.",
        f"Of those missed, {small} are so small that fewer than four in five worlds of this size "
        "would show them.",
    ]
    ranks = {part.effect: part.rank for part in pains}
    told = ", ".join(f"{effect.replace('_', ' ')} at rank {rank}" for effect, rank in ranks.items())
    lines.append(f"Planted pains in the ledger: {told or 'none'}.")
    if not found.false_alarms:
        lines.append("No false alarm.")
    for row in found.others:
        lines.append(f"Rank {row.rank}, {_kind(row)}: {row.sentence}")
    return lines


def _kind(row: Other) -> str:
    """What another row is."""
    if row.because is None:
        return "a false alarm"
    cause = row.because.replace("_", " ")
    return f"prices the {cause} once more" if row.money else f"comes of {cause}"


def cells(part: Scored) -> tuple[str, ...]:
    """A part as cells: effect, part, planted, realised, estimate, interval, verdict, rank."""
    where = f" ({part.where})" if part.where else ""
    span = ""
    if part.low is not None and part.high is not None:
        first = amount(part.low, part.unit).removesuffix(" points").removesuffix("\u2009%")
        span = f"{first} to {amount(part.high, part.unit)}"
    return (
        part.effect,
        f"{part.what}{where}",
        amount(part.planted, part.unit),
        amount(part.realised, part.unit),
        amount(part.estimate, part.unit),
        span,
        part.verdict,
        "" if part.rank is None else str(part.rank),
    )


def amount(value: float | None, unit: str) -> str:
    """A value as its unit is written; nothing where there is none.

    >>> [amount(0.1534, "share"), amount(-43.81, "orders"), amount(1.604, "ratio")]
    ['15.3\\u2009%', '−43.8', '1.60']
    >>> amount(4268.2, "money"), amount(None, "money"), amount(float("inf"), "ratio")
    ('4,268', '', 'any')
    """
    if value is None:
        return ""
    if not math.isfinite(value):
        return "any"
    text = {
        "share": f"{100 * value:.1f}\u2009%",
        "points": f"{100 * value:.1f} points",
        "money": f"{value:,.0f}",
        "orders": f"{value:,.1f}",
    }.get(unit, f"{value:.2f}")
    return text.replace("-", "−")
