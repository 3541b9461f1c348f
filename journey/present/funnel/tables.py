"""Small tables of a funnel, as HTML: how its steps differ, and what they bring."""

from collections.abc import Sequence
from html import escape

import polars as pl

from journey.analysis.funnel.compare import Shift
from journey.analysis.funnel.joining import Joined
from journey.present import cells
from journey.present.words import MINUS, exact, interval, show

_VERDICTS = {"higher": "↑ higher", "lower": "↓ lower"}


def shifts(found: Sequence[Shift], labels: dict[str, str], minimum_n: int) -> str:
    """One line a step: how its share of all, and of the step before, differ between two groups,
    in points, with the interval and both shares. `labels` are the steps' names by their texts."""
    kinds = {"overall": "Share of all", "previous": "Share of the step before"}
    by_step: dict[str, dict[str, Shift]] = {}
    for one in found:
        by_step.setdefault(one.step, {})[one.of] = one
    rows = []
    for step, own in by_step.items():
        line = [
            cells.cell(name, _shift(own[kind], minimum_n) if kind in own else cells.text(None))
            for kind, name in kinds.items()
        ]
        rows.append(cells.row(labels[step], line))
    return cells.table("measures", "How the steps differ", "Step", list(kinds.values()), rows)


def money(rows: pl.DataFrame, labels: Sequence[str], currency: str | None, each: str) -> str:
    """One line a step: how many touches carried an amount, how much, and per one that entered.
    `each` names what is counted, one of it."""
    heads = ["With an amount", "Amount", f"Per {each} that entered"]
    lines = []
    for label, (_, touches, amount, per, _) in zip(labels, rows.iter_rows(), strict=True):
        said = [f"{touches:,}"]
        said += [exact(value, "money", currency) if touches else "–" for value in (amount, per)]
        line = [
            cells.cell(head, f"<b>{escape(text)}</b>")
            for head, text in zip(heads, said, strict=True)
        ]
        lines.append(cells.row(label, line))
    return cells.table("measures", "Money through the steps", "Step", heads, lines)


def joined(found: Sequence[Joined], labels: Sequence[str], minimum_n: int) -> str:
    """One line a step: how many came in there, how many came on from the step before, and the
    share of those at the step before that did, with its interval."""
    heads = ["Came in here", "Came from before", "Of those before"]
    lines: list[str] = []
    before = 0
    for label, one in zip(labels, found, strict=True):
        counts = [f"<b>{one.entered:,}</b>", f"<b>{one.came:,}</b>" if lines else cells.text(None)]
        line = [*counts, _came_on(one, before, minimum_n) if lines else cells.text(None)]
        lines.append(
            cells.row(label, [cells.cell(*pair) for pair in zip(heads, line, strict=True)])
        )
        before = one.count
    return cells.table("measures", "Coming in at any step", "Step", heads, lines)


def points(share: float) -> str:
    """A difference of shares in points, with its sign.

    >>> points(0.0123), points(-0.2), points(0.0001)
    ('+1.2', '\u221220.0', '0.0')
    """
    number = round(100 * share, 1) + 0.0
    return f"{'+' if number > 0 else MINUS if number < 0 else ''}{abs(number):.1f}"


def _came_on(one: Joined, before: int, minimum_n: int) -> str:
    """The share of those at the step before that came on, with its interval."""
    if before < minimum_n or one.previous is None:
        return f'<span class="few">too few</span><span class="doubt">n {before:,}</span>'
    ends = interval(one.previous_low or 0.0, one.previous_high or 0.0, "percent")
    return (
        f"<b>{escape(show(one.previous, 'percent'))}</b>"
        f'<span class="doubt">{escape(ends)} · n {before:,}</span>'
    )


def _shift(one: Shift, minimum_n: int) -> str:
    """A difference, its interval, and the two shares."""
    if min(one.whole, one.whole_before) < minimum_n:
        ns = f"n {one.whole:,} and {one.whole_before:,}"
        return f'<span class="few">too few</span><span class="doubt">{escape(ns)}</span>'
    verdict = _VERDICTS.get(one.verdict, "within chance")
    now, then = (
        f"{show(part / whole, 'percent')} of {whole:,}"
        for part, whole in ((one.part, one.whole), (one.part_before, one.whole_before))
    )
    ends = f"{points(one.low)} to {points(one.high)}"
    return (
        f"<b>{escape(points(one.difference))} points</b>"
        f'<span class="verdict">{escape(verdict)}</span>'
        f'<span class="doubt">{escape(ends)} · {escape(now)} against {escape(then)}</span>'
    )
