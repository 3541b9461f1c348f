"""What customers are worth, in pictures, tables and sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from journey.analysis.lifetime.holdout import Holdout
from journey.annotations.annotation import Annotation
from journey.metrics.measures import Measure, Value
from journey.present import cells, frames, timeaxis
from journey.present.categories import colour_of
from journey.present.endlabels import EndLabel, end_labels
from journey.present.numbers import counted, show
from journey.present.palette import Palette, fade
from journey.present.sheet import Sheet
from journey.present.words import day, escape_plotly, label

HEIGHT = 300


def tracking(found: Holdout, palette: Palette, notes: Sequence[Annotation] = ()) -> Sheet:
    """Cumulative repeat purchases, counted and forecast, week by week; what was held out is
    shaded."""
    rows = found.weekly
    if rows.is_empty():
        return frames.nothing(palette, HEIGHT)
    dates = rows["ends_on"].to_list()
    sheet = frames.canvas(palette, HEIGHT, top=26)
    top = max(*rows["actual"].to_list(), *rows["forecast"].to_list()) or 1.0
    sheet.update_yaxes(
        range=[0, 1.06 * top], nticks=5, showgrid=True, gridcolor=palette.line,
        separatethousands=True, ticklabelstandoff=6,
    )  # fmt: skip
    timeaxis.axis(sheet, palette, dates, "week", notes)
    sheet.add_shape(
        type="rect", xref="x", yref="paper", x0=found.calibrate_until, x1=dates[-1], y0=0, y1=1,
        fillcolor=fade(palette.muted, 0.08), line={"width": 0}, layer="below",
    )  # fmt: skip
    frames.note(
        sheet, palette, "held out", x=1, y=1, xanchor="right", yanchor="bottom", xshift=-4,
        yshift=4,
    )  # fmt: skip
    frames.note(
        sheet, palette, "repeat purchases, added up",
        x=0, y=1, xanchor="left", yanchor="bottom", yshift=4,
    )  # fmt: skip
    labels = []
    for name, colour, dash, width in (
        ("actual", palette.accent, "solid", 2.5), ("forecast", palette.text, "dot", 1.8),
    ):  # fmt: skip
        values = rows[name].to_list()
        sheet.add_scatter(
            x=dates,
            y=values,
            mode="lines",
            line={"color": colour, "width": width, "dash": dash},
            text=[
                f"<b>{value:,.0f}</b> {'counted' if name == 'actual' else 'forecast'}<br>"
                f"week {week}, to {day(when)} {when.year}"
                for value, week, when in zip(values, rows["week"], dates, strict=True)
            ],
            hoverinfo="text",
            name=name,
        )
        said = "counted" if name == "actual" else "forecast"
        labels.append(EndLabel(values[-1], f"{said} {values[-1]:,.0f}", colour, name == "actual"))
    end_labels(sheet, labels, HEIGHT)
    sheet.update_layout(hovermode="x")
    return sheet


def by_frequency(found: Holdout, palette: Palette, minimum_n: int) -> Sheet:
    """Repeat purchases a person in the weeks held out, by those before: counted with their
    interval, and forecast."""
    rows = found.by_frequency
    enough = rows.filter(pl.col("people") >= minimum_n)
    if enough.is_empty():
        return frames.nothing(palette, HEIGHT)
    sheet = frames.canvas(palette, HEIGHT, top=26)
    top = max(*enough["high"].to_list(), *enough["forecast"].to_list()) or 1.0
    sheet.update_yaxes(
        range=[0, 1.08 * top], nticks=5, showgrid=True, gridcolor=palette.line,
        ticklabelstandoff=6,
    )  # fmt: skip
    places = list(range(rows.height))
    shown = [place for place, n in zip(places, rows["people"], strict=True) if n >= minimum_n]
    sheet.update_xaxes(
        range=[-0.6, max(shown) + 0.6], tickvals=places, ticktext=rows["repeats"].to_list(),
        ticks="outside", ticklen=5, tickcolor=palette.muted, showline=True,
        linecolor=palette.line,
    )  # fmt: skip
    frames.note(
        sheet, palette, "repeats a person in the weeks held out, by repeats before",
        x=0, y=1, xanchor="left", yanchor="bottom", yshift=4,
    )  # fmt: skip
    sheet.add_scatter(
        x=[x for place in shown for x in (place, place, None)],
        y=[y for row in enough.to_dicts() for y in (row["low"], row["high"], None)],
        mode="lines",
        line={"color": fade(palette.accent, 0.4), "width": 6},
        hoverinfo="skip",
    )
    for name, marker in (
        ("actual", {"size": 9, "color": palette.accent}),
        ("forecast", {"size": 13, "color": palette.text, "symbol": "line-ew-open",
                      "line": {"width": 2.5, "color": palette.text}}),
    ):  # fmt: skip
        sheet.add_scatter(
            x=shown,
            y=enough[name].to_list(),
            mode="markers",
            marker=marker,
            text=[_bin(row) for row in enough.to_dicts()],
            hoverinfo="text",
            name=name,
        )
    last = enough.row(-1, named=True)
    ends = [
        EndLabel(last["actual"], "counted", palette.accent, bold=True),
        EndLabel(last["forecast"], "forecast", palette.text),
    ]
    end_labels(sheet, ends, HEIGHT)
    return sheet


def _bin(row: Mapping[str, Any]) -> str:
    """A group of buyers in full."""
    return (
        f"<b>{row['repeats']}</b> repeats before, {counted(row['people'], 'people')}<br>"
        f"counted <b>{row['actual']:.2f}</b> (95 %: {row['low']:.2f} to {row['high']:.2f})<br>"
        f"forecast <b>{row['forecast']:.2f}</b>"
    )


def worth_table(rows: pl.DataFrame, palette: Palette, currency: str | None, minimum_n: int) -> str:
    """Groups of buyers side by side: how many, spent so far, and what is to come, as HTML."""
    column = rows.columns[0]
    measures = [
        ("people", Measure("people", "count", ("people",))),
        ("spent so far", Measure("value", "middle", ("spent",))),
        ("still customers", Measure("alive", "share", ("alive",))),
        ("purchases to come", Measure("purchases", "middle", ("purchases",))),
        ("value to come", Measure("value", "middle", ("value",))),
    ]
    known = [one for one in measures if one[1].columns[0] in rows.columns]
    drawn = []
    for row in rows.to_dicts():
        line = []
        for name, measure in known:
            at = measure.columns[0]
            inner = _inner(row, at, measure, currency, minimum_n)
            line.append(cells.cell(name, inner, kind=measure.kind))
        own = column.endswith("channel")
        mark = colour_of(palette, column, row[column]) if own else None
        name = row[column]
        if column == "repeats_so_far":
            name = "No repeat" if name == "0" else f"{name} repeat{'' if name == '1' else 's'}"
        drawn.append(cells.row(name, line, mark))
    heads = [name.capitalize() for name, _ in known]
    return cells.table("measures", "What buyers are worth", label(column), heads, drawn)


def _inner(
    row: Mapping[str, Any], at: str, measure: Measure, currency: str | None, minimum_n: int
) -> str:
    """A cell's inside: means have an interval only where the model gives one."""
    n = float(row["people"])
    if measure.kind == "count":
        return f"<b>{n:,.0f}</b>"
    if n < minimum_n:
        return '<span class="few">too few</span>'
    if f"{at}_low" in row:
        value = Value(row[at], row[f"{at}_low"], row[f"{at}_high"], n)
        return cells.number(value, measure, minimum_n, currency)
    return f"<b>{cells.text(show(row[at], measure.unit, currency))}</b>"


def tenths(rows: pl.DataFrame, palette: Palette) -> Sheet:
    """The share of all that is to come, by tenth of buyers."""
    sheet = frames.canvas(palette, HEIGHT, top=26)
    shares = [100 * share for share in rows["share"]]
    sheet.update_yaxes(
        range=[0, 1.1 * max(shares, default=1.0) or 1.0], nticks=5, showgrid=True,
        gridcolor=palette.line, ticksuffix="\u2009%", ticklabelstandoff=6,
    )  # fmt: skip
    sheet.update_xaxes(tickvals=list(range(1, 11)), showline=True, linecolor=palette.line)
    frames.note(
        sheet, palette, "of all that is to come, by tenth of buyers, the most first",
        x=0, y=1, xanchor="left", yanchor="bottom", yshift=4,
    )  # fmt: skip
    name = rows.columns[2]
    sheet.add_bar(
        x=rows["tenth"].to_list(),
        y=shares,
        marker={"color": palette.accent, "line": {"width": 0}},
        width=0.7,
        text=[
            f"<b>{escape_plotly(show(row['share'], 'percent'))}</b> of all to come<br>"
            f"{counted(row['people'], 'buyers')}, {row[name]:,.2f} each on average"
            for row in rows.to_dicts()
        ],
        textposition="none",
        hoverinfo="text",
    )
    return sheet
