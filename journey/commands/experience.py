"""The command that tells how customers feel: scores, the index, the silent, and the money."""

import argparse
import json
import sys
from collections.abc import Mapping
from typing import Any

import polars as pl

from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    frame,
    notes,
    refuse,
    show,
    table_of,
)
from journey.config import Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

_SCORES_ONLY = {"survey": "csat", "by": "touchpoint", "method": None, "kind": None, "scale": None}
"""Options of scores alone, with what they are by default."""

PARTS = ("curve", "scores", "drivers", "silence", "money")


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(experience)
    command.add_argument(
        "part",
        nargs="?",
        choices=PARTS,
        default="curve",
        help="the index along the stages (the default), scores by group, which touchpoints matter "
        "most, how answerers differ from the silent, or what a point goes with in money",
    )
    add_frame(command)
    command.add_argument(
        "--persona", nargs="+", action="extend", default=[], help="curve: up to five to compare"
    )
    command.add_argument("--survey", default="csat", help="scores: csat, nps or ces (csat)")
    command.add_argument("--by", default="touchpoint", help="scores: touchpoint, stage, month ...")
    command.add_argument("--method", help="scores: how answers are summed up (journey.toml)")
    command.add_argument("--kind", help="scores: relational or transactional NPS")
    command.add_argument("--scale", help="scores: like 1-5, or all (journey.toml)")
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def experience(options: argparse.Namespace) -> int:
    """Tell how customers feel along the stages, and what stands behind it."""
    from journey.present.export import csv_text

    if options.part != "scores":
        refuse(options, _SCORES_ONLY, f"`experience {options.part}`, but in `experience scores`")
    if options.part != "curve":
        refuse(options, {"persona": []}, f"`experience {options.part}`; filter with --where")
    engine = Engine(data_folder(options))
    filters = frame(engine, options)
    rows, told = _ANSWERS[options.part](engine, configuration(options), filters, options)
    if options.format == "json":
        answer = {
            "part": options.part,
            "since": filters.since.isoformat(),
            "until": filters.until.isoformat(),
            "as_of": (options.as_of or filters.as_of).isoformat(),
            "where": {name: list(values) for name, values in filters.where.items()},
            "snapshot": engine.snapshot.name,
            **told,
            "rows": rows.to_dicts(),
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(rows))
    else:
        show(table_of(rows))
        for name, value in told.items():
            notes.print(f"{name}: {value}", markup=False, highlight=False)
    return 0


Found = tuple[pl.DataFrame, Mapping[str, Any]]
"""Rows, and what was settled on the way to them."""


def _curve(engine: Engine, config: Config, filters: Filters, options: argparse.Namespace) -> Found:
    from journey.analysis.experience import curve, ribbon

    personas = tuple(dict.fromkeys(options.persona))
    if personas:
        # The same check, and the same guess, as for a filter.
        engine.filters(filters.since, filters.until, where={"persona": personas})
    found = curve.curves(engine, config, filters, personas)
    weights = dict(config.surveys.weights)
    return curve.table(found), {"scale": [-2, 2], "weights": weights, "draws": ribbon.DRAWS}


def _scores(engine: Engine, config: Config, filters: Filters, options: argparse.Namespace) -> Found:
    from journey.analysis.experience import answers, flips, scores

    chosen = answers.choose(
        engine,
        config.surveys,
        filters,
        options.survey,
        by=options.by,
        method=options.method,
        kind=options.kind,
        scale=options.scale,
    )
    # Without a period there is no span before it.
    before = filters.before() if options.since else None
    found = scores.every_method(engine, config, filters, before, chosen)
    own = found[chosen.method]
    told = {
        "survey": chosen.survey,
        "method": chosen.method,
        "unit": own.unit,
        "kind": chosen.kind,
        "scale": list(chosen.scale) if chosen.scale else "all, as 0 to 100",
        "better": "higher" if own.is_better_up else "lower",
        "weighted": own.is_weighted,
        "left_out": own.left_out,
        "compared_with": [before.since.isoformat(), before.until.isoformat()] if before else None,
        "flips": [vars(flip) for flip in flips.flips(found).flips],
    }
    return scores.table(own), told


def _drivers(
    engine: Engine, config: Config, filters: Filters, options: argparse.Namespace
) -> Found:
    from journey.analysis.experience import drivers

    found = drivers.drivers(engine, config, filters)
    several = found.together
    told = {
        "association": "with the person's latest relational answer",
        "together": several
        and {
            "r_squared": several.r_squared,
            "low": several.low,
            "high": several.high,
            "people": several.people,
            "touchpoints": [one.touchpoint for one in several.shares],
        },
    }
    return drivers.table(found), told


def _silence(
    engine: Engine, config: Config, filters: Filters, options: argparse.Namespace
) -> Found:
    from journey.analysis.experience import silence

    return silence.table(silence.silence(engine, config, filters)), {"days_to_answer": 14}


def _money(engine: Engine, config: Config, filters: Filters, options: argparse.Namespace) -> Found:
    from journey.analysis.experience import money

    told = {
        "association": "within entry channel, band of first-order value and month of the order",
        "window_days": engine.snapshot.repeat_window_days,
        "currency": engine.snapshot.currency,
    }
    return money.table(money.worth(engine, config, filters)), told


_ANSWERS = {
    "curve": _curve,
    "scores": _scores,
    "drivers": _drivers,
    "silence": _silence,
    "money": _money,
}
