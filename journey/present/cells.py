"""Tables drawn by hand, as HTML: what their cells say, and how strongly they are shaded.

A screen reader meets a plain table. On a narrow screen each row becomes a small card, in which
every cell says its column's name, so nothing has to be scrolled sideways.
"""

from collections.abc import Iterable, Sequence
from html import escape

from journey.metrics.measures import Measure, Value
from journey.present.numbers import interval, show
from journey.present.palette import Palette, fade
from journey.present.words import NOTHING, label

PALEST, STRONGEST = 0.05, 0.46
"""How much of the accent lies under a cell; text keeps its contrast up to the strongest."""


_LONG = 32
"""Names up to so many signs stand whole."""


def number(
    value: Value | None,
    measure: Measure,
    minimum_n: int,
    currency: str | None,
    verdict: str | None = None,
) -> str:
    """A cell's value with a word on it, its interval and n; where there are too few cases, only
    their number."""
    if value is None:
        return f'<span class="none">{NOTHING}</span>'
    if measure.kind == "count":
        return f"<b>{value.n:,.0f}</b>"
    if value.n < minimum_n:
        return f'<span class="few">too few</span><span class="doubt">n {value.n:,.0f}</span>'
    doubt = escape(interval(value.low, value.high, measure.unit, beside=value.value))
    word = f'<span class="verdict">{escape(verdict)}</span>' if verdict else ""
    return (
        f"<b>{escape(show(value.value, measure.unit, currency))}</b>{word}"
        f'<span class="doubt"><span>{doubt} ·</span> <span>n {value.n:,.0f}</span></span>'
    )


def cell(column: str, inner: str, style: str = "", kind: str = "") -> str:
    """A cell; `inner` is HTML already, everything else is escaped. One without a value is marked,
    as a narrow screen leaves it out."""
    if inner.startswith('<span class="none">'):
        kind = f"{kind} empty".strip()
    return (
        f'<td role="cell" class="{kind}" style="{style}"><span class="column">{escape(column)}'
        f'</span><span class="said">{inner}</span></td>'
    )


def row(name: str, cells: Iterable[str], colour: str | None = None) -> str:
    """A row under its name, with the name's colour where it has one."""
    mark = f'<i class="mark" style="background:{colour}"></i>' if colour else ""
    return (
        f'<tr role="row"><th role="rowheader" scope="row">{mark}{_named(label(name))}</th>'
        f"{''.join(cells)}</tr>"
    )


def _named(name: str) -> str:
    """A name at the side or the head; a long one is cut where it would take the cells' room, and
    read whole under the pointer."""
    if len(name) <= _LONG:
        return escape(name)
    return f'<span class="long" title="{escape(name)}">{escape(name)}</span>'


def table(kind: str, title: str, corner: str, columns: Sequence[str], rows: Iterable[str]) -> str:
    """The table of these rows; columns are plain text, rows HTML already."""
    heads = "".join(
        f'<th role="columnheader" scope="col">{_named(name)}</th>' for name in (corner, *columns)
    )
    return (
        f'<table class="cells {kind}" role="table" aria-label="{escape(title)}">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table>'
    )


def shade(palette: Palette, share: float) -> str:
    """The style of a cell between the palest (0) and the strongest (1)."""
    strength = PALEST + (STRONGEST - PALEST) * min(1.0, max(0.0, share))
    return f"background:{fade(palette.accent, round(strength, 3))}"


def nothing() -> str:
    """The table of no rows, which says so."""
    return '<p class="none">Nothing in this period.</p>'


def text(said: object) -> str:
    """A text as a cell says it."""
    return escape(str(said)) if said is not None else f'<span class="none">{NOTHING}</span>'


def track(palette: Palette, value: Value, span: tuple[float, float]) -> str:
    """A dot on its interval, on a line that is the column's axis; for the eye only."""
    low, high = span

    def at(number: float) -> float:
        return 100 * (number - low) / (high - low) if high > low else 50.0

    left, right = max(0.0, at(value.low)), min(100.0, at(value.high))
    return (
        f'<span class="track" aria-hidden="true"><i style="left:{left:.1f}%;'
        f'width:{max(0.0, right - left):.1f}%;background:{fade(palette.muted, 0.4)}"></i>'
        f'<b style="left:{at(value.value):.1f}%;background:{palette.accent}"></b></span>'
    )
