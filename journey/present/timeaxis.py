"""The axis that every picture in time stands on: its days, and what happened on them."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from journey.annotations.annotation import Annotation
from journey.present import frames, marks
from journey.present.palette import Palette
from journey.present.readings import is_dated
from journey.present.sheet import Sheet
from journey.present.words import day


def axis(
    sheet: Sheet,
    palette: Palette,
    dates: Sequence[date],
    grain: str,
    notes: Sequence[Annotation] = (),
) -> None:
    """A mark at each week or month, a word at a few of them, the year where it changes; and the
    annotations within these days."""
    known = sorted(set(dates))
    step = max(1, -(-len(known) // (6 if grain == "month" else 4)))
    shown = known[::step]
    texts, year = [], None
    for when in shown:
        word = f"{when:%b}" if grain == "month" else day(when)
        texts.append(word if when.year == year else f"{word}<br>{when.year}")
        year = when.year
    sheet.update_xaxes(
        type="date",
        tickvals=shown,
        ticktext=texts,
        tickangle=0,
        ticks="outside",
        ticklen=5,
        tickcolor=palette.muted,
        showline=True,
        linecolor=palette.line,
        hoverformat="%-d %b %Y",
    )
    if grain == "week" and len(known) <= 60:
        week = 7 * 86_400_000
        sheet.update_xaxes(
            minor={"tick0": known[0], "dtick": week, "ticks": "outside", "ticklen": 3}
        )
    if known:
        marks.draw(sheet, palette, notes, *span(known, grain))


def span(dates: Sequence[date], grain: str) -> tuple[date, date]:
    """The days that a picture covers, half-open: from its first date to the end of its last day,
    week or month."""
    return min(dates), frames.after(max(dates), grain)


def covered(rows: pl.DataFrame) -> tuple[date, date]:
    """The days that a picture of these rows covers; none where their first column is no date."""
    if rows.is_empty() or not is_dated(rows):
        return date.min, date.min
    return span(rows[rows.columns[0]].drop_nulls().cast(pl.Date).to_list(), frames.grain(rows))
