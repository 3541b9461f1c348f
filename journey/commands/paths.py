"""The command that follows the ways people take."""

import argparse
import json
import sys
from dataclasses import replace

import polars as pl

from journey.analysis.paths import frames
from journey.analysis.paths.asking import COUNTS, OVERS, Asked, Versus
from journey.analysis.paths.finding import Found, find, usual_cleaning
from journey.analysis.paths.whole import OUTCOMES, whole_journeys
from journey.analysis.paths.wording import rule, title, whole_rule
from journey.cleaning import Cleaning, Rule
from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    frame,
    positive,
    refuse,
    show,
    table_of,
)
from journey.config import Config
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

_STEPWISE = {"from": None, "to": None, "count": "journeys", "steps": 5, "top": 8,
             "versus": None, "rows": "columns"}  # fmt: skip
"""What asks of paths step by step, and its value where nobody gives it."""

ROWS = ("columns", "edges", "returns", "differences", "turns")


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(paths)
    command.add_argument("--from", dest="start", metavar="NAME", help="paths begin at its first")
    command.add_argument("--to", dest="end", metavar="NAME", help="paths end at its first")
    command.add_argument("--over", choices=OVERS, default="touchpoint")
    command.add_argument("--count", choices=COUNTS, default="journeys")
    command.add_argument("--steps", type=positive, default=5, help="columns, 2 to 10 (5)")
    command.add_argument("--top", type=positive, default=8, help="names a column, 1 to 20 (8)")
    command.add_argument(
        "--collapse", action=argparse.BooleanOptionalAction, help="fold repeats in a row into one"
    )
    command.add_argument("--hide", nargs="+", action="extend", metavar="NAME", help="leave out")
    command.add_argument(
        "--rule",
        action="append",
        metavar="'PATTERN -> NAME'",
        help="a name for what matches: ad_* or regex:^ad_; the first rule that matches counts",
    )
    command.add_argument("--directories", type=positive, help="keep so many parts between slashes")
    command.add_argument(
        "--versus", metavar="GROUPS", help="conversion, or as in device=mobile,desktop"
    )
    command.add_argument(
        "--whole", action="store_true", help="the commonest whole journeys instead of steps"
    )
    command.add_argument(
        "--outcome", choices=OUTCOMES, default="all", help="whole journeys that bought, or left"
    )
    command.add_argument("--most", type=positive, default=20, help="whole journeys listed (20)")
    command.add_argument("--rows", choices=ROWS, default="columns", help="which rows as CSV")
    add_frame(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def paths(options: argparse.Namespace) -> int:
    """Follow the ways people take, step by step or as whole journeys."""
    if options.whole:
        refuse(options, _STEPWISE, "whole journeys (--whole)")
    else:
        refuse(options, {"outcome": "all", "most": 20}, "paths step by step (without --whole)")
    engine = Engine(data_folder(options))
    filters = frame(engine, options)
    asked = question(options, engine, configuration(options), filters)
    if options.whole:
        return _whole(options, engine, asked, filters)
    found = find(engine, asked, filters)
    if options.format == "json":
        answer = frames.as_json(found, engine.snapshot.minimum_n)
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    elif options.format == "csv":
        _write(rows_of(found, options.rows))
    else:
        print(f"{title(asked)}: {found.table.paths:,}")
        print(rule(asked, engine.snapshot.minimum_n))
        show(table_of(matrix(found)))
        if options.rows != "columns":
            show(table_of(rows_of(found, options.rows)))
    return 0


def question(
    options: argparse.Namespace, engine: Engine, config: Config, filters: Filters
) -> Asked:
    """The question that the options describe; what they do not say of names, the configuration
    says. Raises MetricError."""
    usual = usual_cleaning(engine, config.cleaning, filters, options.over)
    cleaning = Cleaning(
        usual.rules if options.rule is None else tuple(map(Rule.read, options.rule)),
        options.directories or usual.directories,
        usual.hide if options.hide is None else tuple(options.hide),
        usual.collapse if options.collapse is None else options.collapse,
    )
    return Asked(
        start=options.start,
        end=options.end,
        over=options.over,
        count=options.count,
        steps=options.steps,
        top=options.top,
        cleaning=cleaning,
        versus=Versus.read(options.versus) if options.versus else None,
    )


def rows_of(found: Found, kind: str) -> pl.DataFrame:
    """The rows of a kind."""
    if kind == "columns":
        return frames.columns(found.table)
    if kind == "edges":
        return frames.edges(found.table)
    if kind == "returns":
        return frames.returned(found.returns)
    compared = found.compared
    if compared is None:
        return frames.differences(())
    return frames.differences(compared.turns if kind == "turns" else compared.differences)


def matrix(found: Found) -> pl.DataFrame:
    """A name a row, a step a column, counts in the cells."""
    rows = frames.columns(found.table)
    order = pl.col("kind").replace_strict({"name": 0, "other": 1, "ended": 2})
    wide = rows.pivot("step", index=["node", "kind"], values="count")
    steps = [name for name in wide.columns if name not in ("node", "kind")]
    return (
        wide.sort(
            order,
            pl.sum_horizontal(pl.col(steps).fill_null(0)),
            "node",
            descending=[False, True, False],
        )
        .drop("kind")
        .rename({step: f"step {step}" for step in steps})
    )


def _whole(options: argparse.Namespace, engine: Engine, asked: Asked, filters: Filters) -> int:
    """The commonest whole journeys."""
    asked = replace(asked, start=None, end=None, versus=None)
    rows = whole_journeys(engine, asked, filters, options.most, options.outcome)
    if options.format == "json":
        answer = {
            "rule": whole_rule(asked, options.outcome),
            "since": filters.since.isoformat(),
            "until": filters.until.isoformat(),
            "as_of": filters.as_of.isoformat(),
            "where": {name: list(values) for name, values in filters.where.items()},
            "rows": rows.with_columns(pl.col("revenue").cast(pl.Float64)).to_dicts(),
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    elif options.format == "csv":
        _write(rows)
    else:
        print(whole_rule(asked, options.outcome))
        show(table_of(rows))
    return 0


def _write(rows: pl.DataFrame) -> None:
    """Rows as CSV on standard output."""
    from journey.present.export import csv_text

    sys.stdout.write(csv_text(rows))
