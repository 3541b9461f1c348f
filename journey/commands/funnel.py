"""The command that asks a funnel."""

import argparse
import json
import sys

import polars as pl

from journey.analysis.funnel import report
from journey.analysis.funnel.spans import parse_span
from journey.analysis.funnel.spec import (
    HELD,
    Count,
    Entry,
    Funnel,
    Mode,
    OnExclusion,
    parse_exclusion,
    parse_window,
)
from journey.analysis.funnel.steps import parse_step
from journey.commands.common import Commands, add_frame, data_folder, frame, show, table_of
from journey.metrics.engine import Engine


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(funnel)
    command.add_argument(
        *("--steps", "-s"),
        nargs="+",
        required=True,
        metavar="STEP",
        help="2 to 10 touchpoints or stages, as in product_viewed,reviews_read cart_viewed? "
        "order_completed:revenue=50..:gap=1h..7d",
    )
    command.add_argument("--mode", choices=[*Mode], default="ordered", type=str)
    command.add_argument("--window", default="", metavar="SPAN", help="30d, 12h, ... or session")
    command.add_argument("--count", choices=[*Count], default="people", type=str)
    command.add_argument("--entry", choices=[*Entry], type=str, help="which first step counts")
    command.add_argument(
        "--hold", nargs="+", default=[], choices=list(HELD), help="what all steps share"
    )
    command.add_argument(
        "--exclude",
        nargs="+",
        default=[],
        metavar="STEP",
        help="not between the steps, as in support_contacted:between=1-2",
    )
    command.add_argument("--on-exclusion", choices=[*OnExclusion], default="drop_person", type=str)
    command.add_argument("--grace", default="0s", metavar="SPAN", help="simultaneous within this")
    command.add_argument(
        "--ignore", nargs="+", default=[], metavar="TOUCHPOINT", help="may stand in between"
    )
    command.add_argument(
        "--mature-only", action="store_true", help="only tries whose window has closed"
    )
    add_frame(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def funnel(options: argparse.Namespace) -> int:
    """Count how many go from step to step, by a rule that is said in words."""
    from journey.present.export import csv_text

    asked = question(options)
    engine = Engine(data_folder(options))
    found = report.ask(engine, asked, frame(engine, options), mature_only=options.mature_only)
    if options.format == "json":
        print(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
        return 0
    rows = table(found)
    if options.format == "csv":
        sys.stdout.write(csv_text(rows))
    else:
        print(found.rule)
        show(table_of(rows))
    return 0


def question(options: argparse.Namespace) -> Funnel:
    """The funnel that the options describe. Raises MetricError."""
    return Funnel(
        steps=tuple(map(parse_step, options.steps)),
        mode=Mode(options.mode),
        window=parse_window(options.window),
        count=Count(options.count),
        entry=Entry(options.entry) if options.entry else None,
        hold=tuple(options.hold),
        exclusions=tuple(map(parse_exclusion, options.exclude)),
        on_exclusion=OnExclusion(options.on_exclusion),
        grace=parse_span(options.grace),
        ignore=tuple(options.ignore),
    )


def table(found: report.Report) -> pl.DataFrame:
    """One row for each step."""
    rows = []
    for step in found.steps:
        values = step.as_json()
        for name in ("overall", "previous"):
            low, high = values.pop(f"{name}_interval") or (None, None)
            values |= {f"{name}_low": low, f"{name}_high": high}
        rows.append(values)
    return pl.DataFrame(rows, infer_schema_length=None)
