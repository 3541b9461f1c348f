"""The picture of drivers: odds ratios with their intervals, on a scale where half and twice are
equally far from one."""

from collections.abc import Sequence
from math import log2
from typing import Any

import polars as pl

from journey.present import frames
from journey.present.frames import SMALL
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import escape_plotly, label, listed, show

MOST_ROWS = 12
"""The most drivers the picture shows; the table has them all."""

_ROW, _TOP, _FOOT = 30, 26, 56
_WENT_COLUMN, _LEFT_COLUMN = 50, 94
"""Where the columns of text right of the plot end, in pixels."""

_FURTHEST = 5.0
"""How many doublings the scale reaches at most; an interval beyond it is cut at the edge."""


def odds(rows: pl.DataFrame, palette: Palette) -> Sheet:
    """Each driver's dot on its interval, left of one where it goes with leaving; beside it the
    share of those who went on and of those who left."""
    shown = told(rows)[:MOST_ROWS]
    if not shown:
        return frames.nothing(palette)
    sheet = frames.canvas(
        palette, _ROW * len(shown) + _TOP + _FOOT, right=_LEFT_COLUMN + 6, top=_TOP
    )
    sheet.margin["b"] = 46
    ends = [log2(row[end]) for row in shown for end in ("low", "high")]
    reach = min(_FURTHEST, max(1.0, *(abs(end) for end in ends)) * 1.05)
    ticks = [n for n in range(-int(reach), int(reach) + 1) if n % (1 if reach < 4 else 2) == 0]
    sheet.update_xaxes(
        range=[-reach, reach],
        tickvals=ticks,
        ticktext=[_times(2.0**tick) for tick in ticks],
        showgrid=True,
        gridcolor=palette.line,
        zeroline=True,
        zerolinecolor=palette.muted,
    )
    sheet.update_yaxes(
        range=[len(shown) - 0.4, -0.6],
        tickvals=list(range(len(shown))),
        ticktext=[frames.shortened(driver_label(row["what"]), 21) for row in shown],
        tickfont={"color": palette.text},
        ticklabelstandoff=8,
    )

    def inside(value: float) -> float:
        return max(-reach, min(reach, log2(value)))

    sheet.add_scatter(
        x=[x for row in shown for x in (inside(row["low"]), inside(row["high"]), None)],
        y=[y for place in range(len(shown)) for y in (place, place, None)],
        mode="lines",
        line={"color": fade(palette.muted, 0.38), "width": 6},
        hoverinfo="skip",
        name="95 % interval",
    )
    sheet.add_scatter(
        x=[inside(row["odds_ratio"]) for row in shown],
        y=list(range(len(shown))),
        mode="markers",
        marker={"size": 9, "color": palette.accent},
        cliponaxis=False,
        text=[_hover(row) for row in shown],
        hoverinfo="text",
        name="odds ratio",
    )
    _columns(sheet, palette, shown)
    return sheet


def told(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """The drivers that are more than chance would explain, the surest first."""
    return rows.filter(pl.col("verdict").is_in(["for", "against"])).to_dicts()


def driver_label(what: str) -> str:
    """A driver as a reader says it.

    >>> driver_label("email_opened"), driver_label("entry channel: in_store")
    ('Email opened', 'Entry: In store')
    """
    kind, colon, value = what.partition(": ")
    if not colon:
        return label(what)
    return f"{label(kind.removesuffix(' channel').replace(' ', '_'))}: {label(value)}"


def in_words(rows: pl.DataFrame, first: str, last: str) -> str:
    """The picture in sentences."""
    found = told(rows)
    if not found:
        return (
            f"Nothing tells those who went on from {first} to {last} from those who left by more "
            "than chance would explain."
        )
    more = [driver_label(row["what"]) for row in found if row["verdict"] == "for"][:3]
    fewer = [driver_label(row["what"]) for row in found if row["verdict"] == "against"][:3]
    parts = [f"{listed(more)} {_goes(more)} with going on to {last}" if more else ""]
    parts += [f"{listed(fewer)} {_goes(fewer)} with leaving" if fewer else ""]
    return f"{'; '.join(part for part in parts if part)}: an association, not a cause."


def _goes(names: Sequence[str]) -> str:
    """The verb."""
    return "goes" if len(names) == 1 else "go"


def _columns(sheet: Sheet, palette: Palette, shown: Sequence[dict[str, Any]]) -> None:
    """How many of those who went on and who left, and what the sides mean."""
    place = {"x": 1, "xanchor": "right"}
    frames.note(sheet, palette, "went on", y=1, yanchor="bottom", xshift=_WENT_COLUMN, **place)
    frames.note(sheet, palette, "left", y=1, yanchor="bottom", xshift=_LEFT_COLUMN, **place)
    side = {"x": 0, "xref": "x", "y": 0, "yanchor": "top", "yshift": -22}
    frames.note(sheet, palette, "← leaving", xanchor="right", xshift=-4, **side)
    frames.note(sheet, palette, "going on →", xanchor="left", xshift=4, **side)
    for row, driver in enumerate(shown):
        at = {"y": row, "yref": "y", "size": SMALL, **place}
        went, left = (show(driver[name], "percent") for name in ("went_on_did", "left_did"))
        frames.note(
            sheet, palette, f"<b>{went}</b>", colour=palette.text, xshift=_WENT_COLUMN, **at
        )
        frames.note(sheet, palette, left, colour=palette.text, xshift=_LEFT_COLUMN, **at)


def _hover(row: dict[str, Any]) -> str:
    """A driver in full."""
    did = "did" if row["kind"] == "did" else "were"
    return (
        f"<b>{escape_plotly(driver_label(row['what']))}</b><br>"
        f"odds {_times(row['odds_ratio'])} ({_times(row['low'])} to {_times(row['high'])})<br>"
        f"{show(row['went_on_did'], 'percent')} of those who went on {did}, "
        f"{show(row['left_did'], 'percent')} of those who left<br>"
        f"{row['n']:,} in all, phi {row['phi']:.2f}"
    )


def _times(ratio: float) -> str:
    """An odds ratio as a factor.

    >>> _times(2.0), _times(0.25), _times(1.0), _times(0.0233)
    ('×2', '÷4', '1', '÷43')
    """
    factor = ratio if ratio >= 1 else 1 / ratio
    text = f"{factor:.1f}" if factor < 9.95 else f"{factor:,.0f}"
    text = text.removesuffix(".0")
    return "1" if text == "1" else f"{'×' if ratio > 1 else '÷'}{text}"
