"""The command that gives channels their credit."""

import argparse
import json
import sys
from typing import Any

from journey.analysis.attribution.finding import Found, attribute
from journey.analysis.attribution.models import MODELS
from journey.analysis.attribution.sameness import sameness
from journey.analysis.attribution.settings import ORDERS, TRANSFORMS, Lookback, Settings
from journey.analysis.attribution.spend import read_spend
from journey.analysis.attribution.tables import all_models, cost_by_model, one_model
from journey.analysis.attribution.wording import rule, spend_rule
from journey.commands.common import (
    Commands,
    add_frame,
    data_folder,
    frame,
    refuse,
    show,
    table_of,
)
from journey.errors import MetricError, suggest
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.present.export import csv_text

ALL = "all"


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(attribution)
    command.add_argument(
        "--model", default="markov", metavar="NAME", help=f"{', '.join(MODELS)}, or all (markov)"
    )
    command.add_argument("--order", type=int, choices=ORDERS, default=1, help="of Markov (1)")
    command.add_argument(
        "--with-nulls", action="store_true", help="Markov reads paths to no order too"
    )
    command.add_argument("--lookback", default="30d", help="30d, 5sessions or person (30d)")
    command.add_argument("--transform", default="none", help=f"{', '.join(TRANSFORMS)} (none)")
    command.add_argument(
        "--reset", action="store_true", help="a visit counts for one order, the next one"
    )
    command.add_argument(
        "--mature-only",
        action="store_true",
        help="of paths to no order, only those past their time",
    )
    command.add_argument(
        "--drop-self-loops", action="store_true", help="a channel's repeats are one step of Markov"
    )
    command.add_argument("--half-life", type=float, default=7.0, metavar="DAYS")
    command.add_argument(
        "--weights", type=float, nargs=3, default=(1.0, 1.0, 1.0), metavar=("FIRST", "MID", "LAST")
    )
    command.add_argument(
        "--baseline", default="last_non_direct", help="what `all` judges against (last_non_direct)"
    )
    command.add_argument("--intervals", action="store_true", help="95 %% intervals and ranks")
    add_frame(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def attribution(options: argparse.Namespace) -> int:
    """Say which channels deserve the credit for orders, by one model or by all."""
    if options.baseline not in MODELS:
        raise MetricError(
            f"--baseline {options.baseline}: what all models are held against is one of them."
            f"{suggest(options.baseline, MODELS)} Choose one of {', '.join(MODELS)}."
        )
    settings = Settings(
        model="markov" if options.model == ALL else options.model,
        lookback=Lookback.parse(options.lookback),
        transform=options.transform,
        order=options.order,
        with_nulls=options.with_nulls,
        reset_after_conversion=options.reset,
        mature_only=options.mature_only,
        self_loops=not options.drop_self_loops,
        half_life_days=options.half_life,
        weights=tuple(options.weights),
        baseline=options.baseline,
    )
    folder = data_folder(options)
    engine = Engine(folder)
    filters, least = frame(engine, options), engine.snapshot.minimum_n
    spend = read_spend(folder.spend, filters, engine.snapshot.currency)
    counted = None if filters.where else spend
    if options.model == ALL:
        found = attribute(engine, filters, settings, intervals=True)
        rows = all_models(found, minimum_n=least)
        facts = _facts(found, engine, filters) | {
            "models": list(found.models),
            "compared": list(found.compared),
            "same": sameness(found),
            "spend": spend_rule(spend, filters),
            "costs": [] if counted is None else cost_by_model(found, counted, least).to_dicts(),
        }
        channels = [_nested(row, found) for row in rows.to_dicts()]
    else:
        models = [settings.model]
        _refuse_others(options)
        found = attribute(engine, filters, settings, models, intervals=options.intervals)
        rows = one_model(found, counted, least)
        facts = _facts(found, engine, filters) | {"spend": spend_rule(spend, filters)}
        channels = rows.to_dicts()
    if options.format == "json":
        print(json.dumps({"channels": channels, **facts}, indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(rows))
    else:
        show(table_of(rows.drop("why", strict=False)))
        for line in (facts["rule"], facts.get("spend"), *facts.get("same", ())):
            if line:
                print(line)
    return 0


def _refuse_others(options: argparse.Namespace) -> None:
    """Raises MetricError for an option that belongs to another model than the one asked for."""
    parts: dict[str, dict[str, object]] = {
        "markov": {"order": 1, "drop-self-loops": False},
        "time_decay": {"half-life": 7.0},
        "custom": {"weights": (1.0, 1.0, 1.0)},
        ALL: {"baseline": "last_non_direct"},
    }
    for model, defaults in parts.items():
        if model != options.model:
            refuse(options, defaults, f"`--model {options.model}`")


def _facts(found: Found, engine: Engine, filters: Filters) -> dict[str, Any]:
    """What stands beside the channels in JSON."""
    return {
        "model": found.settings.model,
        "total": found.total_orders,
        "value": found.total_value,
        "currency": engine.snapshot.currency,
        "people": found.people,
        "nulls": found.nulls,
        "rule": rule(found),
        "since": filters.since.isoformat(),
        "until": filters.until.isoformat(),
        "as_of": filters.as_of.isoformat(),
        "where": {name: list(values) for name, values in filters.where.items()},
        "snapshot": engine.snapshot.name,
    }


def _nested(row: dict[str, Any], found: Found) -> dict[str, Any]:
    """A channel's row with its credits by model in an object of their own."""
    credits_of = {name: row.pop(name) for name in found.models}
    return {"channel": row.pop("channel"), "credits": credits_of, **row}
