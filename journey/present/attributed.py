"""An attribution as people read it: the lines of its pictures, its tables, its sentences."""

from collections.abc import Sequence
from html import escape

import numpy as np
import polars as pl

from journey.analysis.attribution.finding import Found, Measured
from journey.analysis.attribution.models import MODELS
from journey.analysis.attribution.spend import Spend, returns
from journey.analysis.attribution.tables import all_models, one_model
from journey.analysis.attribution.verdicts import Kind, verdicts
from journey.present import frames
from journey.present.captions.found import Estimated, leading
from journey.present.numbers import counted
from journey.present.palette import Palette, fade
from journey.present.ranges import Range
from journey.present.sheet import Sheet
from journey.present.words import (
    NOTHING,
    THIN,
    escape_plotly,
    interval,
    label,
    labels,
    listed,
    show,
)

WORDS: dict[Kind, str] = {
    "gain": "↑ gain",
    "loss": "↓ loss",
    "depends": "depends",
    "unclear": "unclear",
    "few": "too few",
}
"""The verdict beside a line of the picture."""

_ROW = 30


def lines(found: Found, measure: str, minimum_n: int) -> list[Range]:
    """Each channel's line, the most credit by the chosen model first."""
    measured: Measured = getattr(found, measure)
    model, base = found.settings.model, found.settings.baseline
    band = measured.band(model)
    judged = verdicts(found, measure, minimum_n)
    result = []
    for place in np.argsort(-measured.point[model], kind="stable"):
        result.append(
            Range(
                name=found.channels[place],
                value=float(measured.point[model][place]),
                low=float(band[0][place]) if band else None,
                high=float(band[1][place]) if band else None,
                base=float(measured.point[base][place]),
                others=tuple(
                    (MODELS[name].title, float(measured.point[name][place]))
                    for name in found.compared
                ),
                n=int(found.touched[place]),
                enough=bool(found.touched[place] >= minimum_n),
                word=WORDS[judged[place].kind],
                verdict=judged[place].words,
            )
        )
    return result


def headline(found: Found, measure: str, currency: str | None, minimum_n: int) -> str:
    """What the picture says first: where the models disagree most, and where least."""
    unit = "money" if measure == "values" else "orders"
    shown = [line for line in lines(found, measure, minimum_n) if line.enough]
    if not shown:
        return f"No channel is in {minimum_n} paths to an order yet."

    def spread(line: Range) -> float:
        values = [value for _, value in line.others]
        return max(values) - min(values)

    most = max(shown, key=spread)
    by_value = sorted(most.others, key=lambda other: other[1])
    (least_by, least), (most_by, highest) = by_value[0], by_value[-1]
    if spread(most) < 1e-9 * max(1.0, highest):
        return "All models give every channel the same."
    said = (
        f"The models disagree most about {label(most.name)}: from {show(least, unit, currency)} "
        f"{'' if unit == 'money' else 'orders '}({least_by}) to {show(highest, unit, currency)} "
        f"({most_by})."
    )
    kinds = {kind: [line for line in shown if line.word == WORDS[kind]] for kind in WORDS}
    base = MODELS[found.settings.baseline].title
    for kind, what in (("gain", "more"), ("loss", "less")):
        names = [label(line.name) for line in kinds[kind]]  # type: ignore[index]
        if names:
            said += f" Whatever the model, {what} than by {base}: {listed(names)}."
    return said


def effects(rows: pl.DataFrame, palette: Palette, minimum_n: int) -> Sheet:
    """Removal effects as dots on their intervals, from 0; rows of `tables.one_model`."""
    rows = rows.filter(pl.col("removal_effect").is_not_null()).head(14)
    if rows.is_empty():
        return frames.nothing(palette)
    names = rows["channel"].to_list()
    enough = (rows["paths"] >= minimum_n).to_list()
    values = [100 * value for value in rows["removal_effect"]]
    banded = "removal_effect_low" in rows.columns
    lows = [100 * v for v in rows["removal_effect_low"]] if banded else values
    highs = [100 * v for v in rows["removal_effect_high"]] if banded else values
    sheet = frames.canvas(palette, _ROW * len(names) + 46, right=60)
    sheet.update_yaxes(
        range=[len(names) - 0.4, -0.6],
        tickvals=list(range(len(names))),
        ticktext=[frames.shortened(label(name), 18) for name in names],
        tickfont={"color": palette.text},
        ticklabelstandoff=8,
    )
    top = max([high for high, ok in zip(highs, enough, strict=True) if ok], default=100.0)
    sheet.update_xaxes(
        range=[0, 1.04 * top or 1.0],
        nticks=6,
        showgrid=True,
        gridcolor=palette.line,
        ticksuffix=f"{THIN}%",
    )
    shown = [place for place, ok in enumerate(enough) if ok]
    sheet.add_scatter(
        x=[x for place in shown for x in (lows[place], highs[place], None)],
        y=[y for place in shown for y in (place, place, None)],
        mode="lines",
        line={"color": fade(palette.muted, 0.38), "width": 6},
        hoverinfo="skip",
        name="95 % interval",
    )
    sheet.add_scatter(
        x=[values[place] for place in shown],
        y=shown,
        mode="markers",
        marker={"size": 9, "color": [palette.channels(names[place]) for place in shown]},
        cliponaxis=False,
        text=[
            f"<b>{escape_plotly(label(names[place]))}</b><br>"
            f"<b>{show(values[place] / 100, 'percent')}</b> "
            f"({interval(lows[place] / 100, highs[place] / 100, 'percent')})<br>"
            f"n = {counted(rows['paths'][place], 'orders')} with it in their path"
            for place in shown
        ],
        hoverinfo="text",
        name="removal effect",
    )
    for place, ok in enumerate(enough):
        text = f"<b>{show(values[place] / 100, 'percent')}</b>" if ok else "too few"
        frames.note(
            sheet, palette, text, colour=palette.text if ok else palette.muted,
            x=1, xanchor="right", xshift=54, y=place, yref="y",
        )  # fmt: skip
    return sheet


def effects_alt(rows: pl.DataFrame, minimum_n: int) -> str:
    """The removal effects in a sentence."""
    shown = rows.filter(pl.col("paths") >= minimum_n)
    if shown.is_empty():
        return "Removal effects: too few to show."
    said = [
        f"{label(channel)} {show(effect, 'percent')}"
        for channel, effect in shown.select("channel", "removal_effect").iter_rows()
    ]
    return f"Removal effects: {listed(said)}."


def effects_said(rows: pl.DataFrame, minimum_n: int) -> str:
    """The two largest removal effects, of the channels with paths enough."""
    banded = "removal_effect_low" in rows.columns
    known = rows.filter(
        pl.col("removal_effect").is_not_null() & (pl.col("paths") >= minimum_n)
    ).iter_rows(named=True)
    values = [
        Estimated(
            row["channel"],
            row["removal_effect"],
            row["removal_effect_low"] if banded else None,
            row["removal_effect_high"] if banded else None,
        )
        for row in known
    ]
    return leading("By this model most orders hang on", values, "percent")


def costs_said(rows: Sequence[Range], currency: str | None) -> str:
    """The two channels whose orders cost most, by the chosen model."""
    values = [Estimated(row.name, row.value, row.low, row.high) for row in rows if row.enough]
    return leading("An order costs most through", values, "money", currency)


def cost_lines(found: Found, spend: Spend, minimum_n: int) -> list[Range]:
    """Cost per order of each channel that costs something, the dearest channel first."""
    by_model = {name: returns(found, spend, name, minimum_n) for name in found.compared}
    model, base = found.settings.model, found.settings.baseline
    chosen = by_model.get(model, returns(found, spend, model, minimum_n))
    result = []
    for row in chosen.filter(pl.col("cost") > 0).iter_rows(named=True):
        own = pl.col("channel") == row["channel"]
        costs = {name: rows.filter(own)["cpa"][0] for name, rows in by_model.items()}
        known = tuple(
            (MODELS[name].title, cost) for name, cost in costs.items() if cost is not None
        )
        result.append(
            Range(
                name=row["channel"],
                value=row["cpa"] or 0.0,
                low=row["cpa_low"],
                high=row["cpa_high"],
                base=costs.get(base),
                others=known,
                n=row["paths"],
                enough=row["cpa"] is not None,
            )
        )
    return result


def cost_table(found: Found, spend: Spend, minimum_n: int) -> pl.DataFrame:
    """Cost, orders, cost per order and return on spend by the chosen model, in words."""
    rows = returns(found, spend, found.settings.model, minimum_n).filter(pl.col("cost") > 0)
    money = spend.currency or "cost"
    return rows.select(
        pl.col("channel").map_elements(label, return_dtype=pl.String).alias("Channel"),
        pl.col("cost").round(2).alias(f"Cost, {money}"),
        pl.col("orders").round(1).alias("Orders"),
        pl.col("cpa").round(2).alias("Cost per order"),
        _ends("cpa").alias("95 % of cost"),
        pl.col("value").round(2).alias(f"Value, {money}"),
        pl.col("roas").round(2).alias("Return on spend"),
        _ends("roas").alias("95 % of return"),
    )


def _ends(name: str) -> pl.Expr:
    """The ends of an interval in words."""
    ends = pl.struct(low=f"{name}_low", high=f"{name}_high")
    said = ends.map_elements(_end_to_end, return_dtype=pl.String)
    return pl.when(pl.col(f"{name}_low").is_not_null()).then(said)


def _end_to_end(ends: dict[str, float | None]) -> str | None:
    """Both ends to the hundredth, as the value beside them; nothing where one is not known, as the
    most that an order may cost where a draw of people has none.

    >>> _end_to_end({"low": 3.5, "high": 1200.0}), _end_to_end({"low": 3.5, "high": None})
    ('3.50 to 1,200.00', None)
    """
    low, high = ends["low"], ends["high"]
    return None if low is None or high is None else f"{low:,.2f} to {high:,.2f}"


def model_table(found: Found, measure: str, minimum_n: int) -> pl.DataFrame:
    """A column a channel, the most credit by the chosen model first: how often it is met, and its
    credit by every model, in words; without credit where it is in few paths. As many channels as
    there are stand beside each other on a screen, which as many models would not."""
    rows = all_models(found, measure, minimum_n).sort(found.settings.model, descending=True)
    facts = rows.join(one_model(found, minimum_n=minimum_n), on="channel", maintain_order="left")
    told = {"Paths with it": [f"{paths:,}" for paths in rows["paths"]]}
    enough = [paths >= minimum_n for paths in rows["paths"]]

    def line(values: pl.Series, places: int) -> list[str]:
        pairs = zip(values, enough, strict=True)
        return [f"{value:,.{places}f}" if shown else NOTHING for value, shown in pairs]

    if "rank" in facts.columns:
        told["Rank"] = line(facts["rank"], 0)
    if "top_3" in facts.columns:
        told["First three, %"] = line(100 * facts["top_3"], 0)
    told["Per 100 paths"] = line(facts["per_100"], 1)
    for name in found.models:
        told[MODELS[name].title] = line(rows[name], 0 if measure == "values" else 1)
    heads = labels(rows["channel"].to_list())
    columns = ["By", *(heads[name] for name in rows["channel"])]
    return pl.DataFrame([[name, *values] for name, values in told.items()], columns, orient="row")


def out_of_range(found: Found, minimum_n: int) -> str:
    """Which models the range leaves out, and why."""
    said = [
        "Participation gives every channel of a path the whole order, Same touch leaves orders "
        "that name no channel to nobody: the range leaves both out."
    ]
    whole, often = found.coalitions
    if "shapley_rate" in found.models and "shapley_rate" not in found.compared:
        said.append(
            f"So it does Shapley by rate: only {often:,} of {whole:,} coalitions of channels were "
            f"seen in {minimum_n} paths or more."
        )
    elif "shapley_rate" not in found.models:
        said.append("Shapley by rate needs at most 12 channels.")
    return " ".join(said)


def same_list(sentences: Sequence[str]) -> str:
    """What is the same by construction, as HTML."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f'<div class="under same"><ul>{items}</ul></div>' if items else ""
