"""What the lifetime page says: how the forecast did, the models, and what is to come."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from journey.analysis.lifetime.holdout import TOLERATED, Holdout
from journey.analysis.lifetime.study import Study
from journey.analysis.lifetime.value import Worth
from journey.present.numbers import MINUS, counted, interval, show
from journey.present.words import label

MONTH_WEEKS = 365.25 / 12 / 7


def verdict(found: Holdout) -> str:
    """How the forecast did, in a sentence."""
    weeks = f"{found.weeks:.0f} weeks"
    if found.error is None:
        return f"In the {weeks} held out nobody came back, so the forecast cannot be judged."
    off = "above" if found.error > 0 else "below"
    by_chance = found.forecast_low <= found.actual <= found.forecast_high
    return (
        f"For the {weeks} held out it forecast {found.forecast:,.0f} repeat purchases and "
        f"{found.actual:,} came: {show(abs(found.error), 'percent')} {off}, "
        f"{'within' if by_chance else 'outside'} what chance allows."
    )


def judged(found: Holdout) -> str:
    """What the forecast knew, what chance allows, the plainest rule beside it, and whether that
    is near enough."""
    if found.error is None:
        return ""
    span = f"{found.forecast_low:,.0f} to {found.forecast_high:,.0f}"
    plain = (found.naive - found.actual) / found.actual
    near = (
        "Near enough to predict from."
        if found.passed
        else "Too far off to predict from: by more than "
        f"{show(TOLERATED, 'percent')} and than chance explains."
    )
    return (
        f"The model knows each buyer up to the weeks held out (95 %: {span}). Everyone going on at "
        f"their own pace would be {_off(plain)}. {near}"
    )


def _off(error: float) -> str:
    """How far off, in words."""
    return f"{show(abs(error), 'percent')} {'above' if error >= 0 else 'below'}"


def frequency_words(found: Holdout, minimum_n: int) -> str:
    """How many groups the forecast meets."""
    rows = found.by_frequency.filter(pl.col("people") >= minimum_n)
    met = rows.filter(
        (pl.col("forecast") >= pl.col("low")) & (pl.col("forecast") <= pl.col("high"))
    )
    few = found.by_frequency.height - rows.height
    rest = f" {few} more are under {minimum_n} people and not drawn." if few else ""
    return (
        f"The forecast lies within the 95 % interval of what came in {met.height} of "
        f"{rows.height} groups.{rest}"
    )


def parameters_words(found: Study) -> str:
    """The models in force, in sentences."""
    model = found.model
    said = [
        f"BG/NBD of {counted(model.cases, 'buyers')}, {found.buyers.repeaters:,} of whom came "
        f"back: while a customer, a buyer orders "
        f"{MONTH_WEEKS * model['r'] / model['alpha']:.2f} times a month "
        "on average, and after each repeat order stops with a chance of "
        f"{show(model['a'] / (model['a'] + model['b']), 'percent')}."
    ]
    if model.note:
        said.append(model.note)
    related, low, high = found.related
    if found.money is not None:
        said.append(
            f"Gamma-Gamma of {found.money.cases:,} who came back: how often and how much are "
            f"hardly related (correlation {_signed(related)}, 95 %: {_signed(low)} to "
            f"{_signed(high)}), as it "
            "asks."
        )
    else:
        said.append(found.no_value)
    return " ".join(said)


def _signed(number: float) -> str:
    """A correlation, with a true minus."""
    return f"{number:.2f}".replace("-", MINUS)


def to_come_words(worth: Worth, currency: str | None) -> str:
    """All that is to come, with its interval and terms."""
    terms = worth.terms
    purchases = worth.total("purchases")
    said = [
        f"In the next {terms.weeks} weeks {_with_interval(purchases, 'purchases', None)} purchases "
        f"of {counted(worth.rows.height, 'buyers')}"
    ]
    if worth.money is not None:
        kept = "revenue" if terms.margin == 1 else f"{show(terms.margin, 'percent')} of revenue"
        value = _with_interval(worth.total("value"), "money", currency)
        said.append(
            f", worth {value} ({kept}, discounted by {show(terms.discount, 'percent')} a year)"
        )
    return "".join([*said, "."])


DOUBT = (
    "Intervals are of the parameters' doubt. Who never came back is a customer still in this "
    "model, however long ago: it sees people stop at repeat purchases only."
)
"""What the intervals of what is to come hold, and what the model cannot see."""


def channels_words(rows: pl.DataFrame, currency: str | None, minimum_n: int) -> str:
    """Which channel's buyers have most to come and which least, in a sentence."""
    name, unit = ("value", "money") if "value" in rows.columns else ("purchases", "purchases")
    known = rows.filter(pl.col("people") >= minimum_n).sort(name, descending=True)
    if known.is_empty():
        return f"No channel has {minimum_n} buyers."

    def said(row: Mapping[str, Any]) -> str:
        ends = interval(row[f"{name}_low"], row[f"{name}_high"], unit)
        return (
            f"{label(row['channel'])}, {show(row[name], unit, currency)} a buyer ({ends}) of "
            f"{row['people']:,}"
        )

    most, least = known.row(0, named=True), known.row(-1, named=True)
    if known.height == 1:
        return f"{said(most)[0].upper()}{said(most)[1:]}."
    return f"Most to come: {said(most)}; least: {said(least)}."


def _with_interval(value: tuple[float, float, float], unit: str, currency: str | None) -> str:
    """A number with its interval."""
    middle, low, high = value
    return f"{show(middle, unit, currency)} (95 %: {interval(low, high, unit)})"
