"""The finding as tables: one model in full, or all models side by side."""

import numpy as np
import polars as pl

from journey.analysis.attribution.finding import Found
from journey.analysis.attribution.models import MODELS
from journey.analysis.attribution.spend import Spend, returns
from journey.analysis.attribution.verdicts import SHORT, verdicts

TOP = (1, 3, 5)
"""The places a channel's chance to be among them is told for."""


def one_model(found: Found, spend: Spend | None = None, minimum_n: int = 30) -> pl.DataFrame:
    """The settings' model, one row a channel with the most credit first.

    Columns: `channel`, `credit` (orders), `value` (money), `removal_effect` (Markov only, else
    none), `paths` (to an order that hold the channel: the n behind the row), `per_100` (orders
    credited for 100 paths that hold the channel, those to no order among them). With draws, the
    95 % ends `credit_low` to `value_high` (and of the removal effect), `rank`, `rank_kept` (the
    share of draws that give the same rank) and `top_1`, `top_3`, `top_5` (the chance to be among
    the first so many). With spend, `cost`, `cpa` and `roas`.
    """
    model = found.settings.model
    effects = found.effects if model == "markov" and found.effects is not None else None
    columns: dict[str, object] = {
        "channel": found.channels,
        "credit": found.orders.point[model],
        "value": found.values.point[model],
        "removal_effect": effects if effects is not None else [None] * len(found.channels),
        "paths": found.touched,
        "per_100": 100 * found.orders.point[model] / np.maximum(found.held, 1),
    }
    kinds = {"removal_effect": pl.Float64}
    if found.draws:
        columns |= _sureness(found)
    rows = pl.DataFrame(columns, schema_overrides=kinds)
    if spend is not None:
        costs = returns(found, spend, model, minimum_n).select("channel", "cost", "cpa", "roas")
        rows = rows.join(costs, on="channel", how="full", coalesce=True)
        rows = rows.with_columns(pl.col("credit", "value", "paths", "cost").fill_null(0))
    return rows.sort("credit", "channel", descending=[True, False])


def _sureness(found: Found) -> dict[str, object]:
    """The columns that tell how sure the model's credits are."""
    model = found.settings.model
    columns: dict[str, object] = {}
    for name, measured in (("credit", found.orders), ("value", found.values)):
        if (band := measured.band(model)) is not None:
            columns |= {f"{name}_low": band[0], f"{name}_high": band[1]}
    if model == "markov" and (band := found.effect_band()) is not None:
        columns |= {"removal_effect_low": band[0], "removal_effect_high": band[1]}
    ranks = found.orders.ranks(model)
    chances = found.orders.rank_chances(model)
    columns |= {"rank": ranks, "rank_kept": found.orders.rank_kept(model)}
    for place in TOP:
        if place <= len(found.channels):
            columns[f"top_{place}"] = chances[:, place - 1]
    return columns


def all_models(found: Found, measure: str = "orders", minimum_n: int = 30) -> pl.DataFrame:
    """Each channel's credit by every model, one row a channel with the most by the settings'
    model first.

    Columns: `channel`, one a model in `orders` or `values`, `lowest` and `highest` over the
    compared models, `verdict` in a few words, `why` as a sentence, `paths`.
    """
    measured = getattr(found, measure)
    judged = verdicts(found, measure, minimum_n)
    columns: dict[str, object] = {"channel": found.channels}
    columns |= {name: measured.point[name] for name in found.models}
    columns |= {
        "lowest": [verdict.lowest for verdict in judged],
        "highest": [verdict.highest for verdict in judged],
        "verdict": [SHORT[verdict.kind] for verdict in judged],
        "why": [verdict.words for verdict in judged],
        "paths": found.touched,
    }
    return pl.DataFrame(columns, schema_overrides={"verdict": pl.String, "why": pl.String}).sort(
        found.settings.model, "channel", descending=[True, False]
    )


def cost_by_model(found: Found, spend: Spend, minimum_n: int = 30) -> pl.DataFrame:
    """Cost per order and return on spend by every model that shares out every order: one row a
    channel that costs something, columns `channel`, `cost`, then `cpa MODEL` and `roas MODEL`."""
    rows = pl.DataFrame({"channel": sorted(spend.costs)}, schema={"channel": pl.String})
    rows = rows.with_columns(
        cost=pl.col("channel").replace_strict(dict(spend.costs), return_dtype=pl.Float64)
    )
    for name in found.compared:
        ratios = returns(found, spend, name, minimum_n).select(
            "channel",
            pl.col("cpa").alias(f"cpa {MODELS[name].title}"),
            pl.col("roas").alias(f"roas {MODELS[name].title}"),
        )
        rows = rows.join(ratios, on="channel", how="left")
    return rows.sort("cost", "channel", descending=[True, False])
