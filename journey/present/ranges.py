"""A picture of disagreement: for each name the range over all ways to reckon, each way's dot, and
the interval of the one that was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from journey.present import frames
from journey.present.frames import SMALL
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, exact, label, show

MOST_ROWS = 14
"""The most names a picture shows; the table has them all."""

_ROW = 34
_TOP = 60
"""Room over the plot for the key and the heads of the columns, in pixels."""

_VALUE_COLUMN, _WORD_COLUMN = 54, 112
"""Where the columns of text right of the plot end, in pixels."""


@dataclass(frozen=True)
class Range:
    """One name, and what each way of reckoning makes of it."""

    name: str
    value: float
    """By the chosen way."""
    low: float | None
    high: float | None
    """The ends of the chosen way's 95 % interval."""
    base: float | None
    """By the way the others are held against; None where it has no value."""
    others: tuple[tuple[str, float], ...]
    """Way to value, of all ways the range is taken over."""
    n: int
    """The cases behind it."""
    enough: bool = True
    """Whether there are cases enough to show a value."""
    word: str = ""
    """The verdict, in a word that stands beside it."""
    verdict: str = ""
    """The verdict in full, under the pointer."""


def ranges(
    rows: Sequence[Range],
    palette: Palette,
    *,
    chosen: str,
    base: str,
    unit: str,
    currency: str | None = None,
    cases: str = "orders",
) -> Sheet:
    """The picture, one line a name in the order given.

    `chosen` and `base` name the two ways that have marks of their own. Names with too few cases
    show no value. `unit` is that of `words.show`.
    """
    hidden, rows = len(rows) - MOST_ROWS, list(rows)[:MOST_ROWS]
    if not rows:
        return frames.nothing(palette)
    foot = 18 if hidden > 0 else 0
    has_words = any(row.word for row in rows)
    right = (_WORD_COLUMN if has_words else _VALUE_COLUMN) + 6
    height = _ROW * len(rows) + _TOP + 38 + foot
    sheet = frames.canvas(palette, height, right=right, top=_TOP)
    sheet.update_yaxes(
        range=[len(rows) - 0.4, -0.6],
        tickvals=list(range(len(rows))),
        ticktext=[frames.shortened(label(row.name), 18) for row in rows],
        tickfont={"color": palette.text},
        ticklabelstandoff=8,
    )
    shown = [(place, row) for place, row in enumerate(rows) if row.enough]
    ends = [value for _, row in shown for _, value in row.others]
    ends += [end for _, row in shown for end in (row.value, row.low, row.high) if end is not None]
    sheet.update_xaxes(
        range=[0, 1.04 * max(ends, default=1.0) or 1.0],
        nticks=6,
        showgrid=True,
        gridcolor=palette.line,
        separatethousands=True,
        exponentformat="none",
    )
    _bands(sheet, palette, shown)
    _others(sheet, palette, shown, base, unit, currency)
    _bases(sheet, palette, shown, base, unit, currency)
    _chosen(sheet, palette, shown, chosen, unit, currency, cases)
    _columns(sheet, palette, rows, unit, currency, has_words)
    _key(sheet, palette, chosen, base)
    if hidden > 0:
        frames.note(
            sheet, palette, f"and {hidden} more in the table", x=1, y=0, yshift=-24,
            xanchor="right", yanchor="top",
        )  # fmt: skip
    return sheet


def alt(rows: Sequence[Range], chosen: str, unit: str, currency: str | None = None) -> str:
    """The picture in a sentence."""
    shown = [row for row in rows if row.enough]
    if not shown:
        return "Nothing to show in this period."
    said = []
    for row in shown[:MOST_ROWS]:
        values = [value for _, value in row.others]
        said.append(
            f"{label(row.name)} {show(row.value, unit, currency)}, from "
            f"{show(min(values), unit, currency)} to {show(max(values), unit, currency)}"
        )
    return f"By {chosen}, and the range over all models: {'; '.join(said)}."


def _bands(sheet: Sheet, palette: Palette, shown: Sequence[tuple[int, Range]]) -> None:
    """The range of each name as a broad, faint line."""
    xs: list[float | None] = []
    ys: list[int | None] = []
    for place, row in shown:
        values = [value for _, value in row.others]
        xs += [min(values), max(values), None]
        ys += [place, place, None]
    sheet.add_scatter(
        x=xs,
        y=ys,
        mode="lines",
        line={"color": fade(palette.muted, 0.2), "width": 14},
        hoverinfo="skip",
        name="range over all models",
    )


def _others(
    sheet: Sheet,
    palette: Palette,
    shown: Sequence[tuple[int, Range]],
    base: str,
    unit: str,
    currency: str | None,
) -> None:
    """A small ring for each way."""
    dots = [
        (place, row, way, value) for place, row in shown for way, value in row.others if way != base
    ]
    sheet.add_scatter(
        x=[value for *_, value in dots],
        y=[place for place, *_ in dots],
        mode="markers",
        marker={
            "size": 7,
            "color": palette.surface,
            "line": {"color": palette.muted, "width": 1.2},
        },
        cliponaxis=False,
        text=[
            f"<b>{escape_plotly(label(row.name))}</b><br>{escape_plotly(way)} "
            f"<b>{_told(value, unit, currency)}</b>"
            for _, row, way, value in dots
        ],
        hoverinfo="text",
        name="each model",
    )


def _bases(
    sheet: Sheet,
    palette: Palette,
    shown: Sequence[tuple[int, Range]],
    base: str,
    unit: str,
    currency: str | None,
) -> None:
    """An upright stroke where the baseline lies."""
    based = [(place, row.name, row.base) for place, row in shown if row.base is not None]
    sheet.add_scatter(
        x=[value for *_, value in based],
        y=[place for place, *_ in based],
        mode="markers",
        marker={
            "symbol": "line-ns",
            "size": 17,
            "line": {"color": palette.text, "width": 2},
        },
        cliponaxis=False,
        text=[
            f"<b>{escape_plotly(label(name))}</b><br>{escape_plotly(base)} "
            f"<b>{_told(value, unit, currency)}</b>"
            for _, name, value in based
        ],
        hoverinfo="text",
        name=escape_plotly(base),
    )


def _chosen(
    sheet: Sheet,
    palette: Palette,
    shown: Sequence[tuple[int, Range]],
    chosen: str,
    unit: str,
    currency: str | None,
    cases: str,
) -> None:
    """The chosen way's interval and its dot, in the name's own colour."""
    for place, row in shown:
        if row.low is not None and row.high is not None:
            sheet.add_scatter(
                x=[row.low, row.high],
                y=[place, place],
                mode="lines",
                line={"color": palette.channels(row.name), "width": 3},
                hoverinfo="skip",
                name="95 % interval",
            )
    sheet.add_scatter(
        x=[row.value for _, row in shown],
        y=[place for place, _ in shown],
        mode="markers",
        marker={
            "size": 12,
            "color": [palette.channels(row.name) for _, row in shown],
            "line": {"color": palette.surface, "width": 1.5},
        },
        cliponaxis=False,
        text=[_hover(row, chosen, unit, currency, cases) for _, row in shown],
        hoverinfo="text",
        name=escape_plotly(chosen),
    )


def _hover(row: Range, chosen: str, unit: str, currency: str | None, cases: str) -> str:
    """A name in full."""
    lines = [
        f"<b>{escape_plotly(label(row.name))}</b>",
        f"{escape_plotly(chosen)} <b>{_told(row.value, unit, currency)}</b>",
    ]
    if row.low is not None and row.high is not None:
        ends = f"{_told(row.low, unit, currency)} to {_told(row.high, unit, currency)}"
        lines[-1] += f" (95 %: {ends})"
    lines.append(f"n = {row.n:,} {escape_plotly(cases)}")
    if row.verdict:
        lines.append(_wrapped(row.verdict))
    return "<br>".join(lines)


def _wrapped(text: str, width: int = 56) -> str:
    """A sentence on lines short enough for a label under the pointer."""
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br>".join(escape_plotly(line) for line in lines)


def _columns(
    sheet: Sheet,
    palette: Palette,
    rows: Sequence[Range],
    unit: str,
    currency: str | None,
    has_words: bool,
) -> None:
    """The chosen value and the verdict of each name, aligned right of the plot."""
    place = {"x": 1, "xanchor": "right"}
    head = {"y": 1, "yanchor": "bottom", "yshift": 2, **place}
    what = (currency or "value") if unit == "money" else unit
    frames.note(sheet, palette, escape_plotly(what), xshift=_VALUE_COLUMN, **head)
    if has_words:
        frames.note(sheet, palette, "verdict", xshift=_WORD_COLUMN, **head)
    for number, row in enumerate(rows):
        at = {"y": number, "yref": "y", **place}
        text = f"<b>{show(row.value, 'number', currency)}</b>" if row.enough else "too few"
        colour = palette.text if row.enough else palette.muted
        frames.note(sheet, palette, text, colour=colour, xshift=_VALUE_COLUMN, **at)
        if has_words and row.enough:
            frames.note(sheet, palette, escape_plotly(row.word), xshift=_WORD_COLUMN, **at)


def _key(sheet: Sheet, palette: Palette, chosen: str, base: str) -> None:
    """What the marks mean, over the plot: two lines, so that a phone has room for them."""
    first = f"<b>●</b> {escape_plotly(chosen)}, 95 % interval"
    second = f"<b>|</b> {escape_plotly(base)}   ○ every other model"
    frames.note(
        sheet, palette, f"{first}<br>{second}", x=0, y=1, yshift=20, xanchor="left",
        yanchor="bottom", size=SMALL,
    )  # fmt: skip


def _told(value: float, unit: str, currency: str | None) -> str:
    """A value under the pointer."""
    return escape_plotly(exact(round(value, 1) if unit != "money" else value, unit, currency))
