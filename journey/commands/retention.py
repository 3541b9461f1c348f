"""The command that says who comes back."""

import argparse
import json
import sys

import polars as pl

from journey.analysis.retention import settings as choices
from journey.analysis.retention.cohorts import retention as cohorts
from journey.analysis.retention.lifecycle import lifecycle
from journey.analysis.retention.settings import Settings, parse_brackets
from journey.commands.common import (
    Commands,
    add_frame,
    data_folder,
    frame,
    positive,
    refuse,
    show,
    table_of,
)
from journey.errors import MetricError
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS
from journey.present.export import csv_text

_COHORTS_ONLY = {
    "return": choices.ORDER, "cohorts": choices.FIRST, "mode": choices.ON,
    "buckets": choices.ROLLING, "length": 13, "brackets": None, "every": None,
    "reference": choices.ZERO, "by": None,
}  # fmt: skip
"""Options of cohorts that say nothing of the lifecycle, with what they are by default."""

ROWS = ("cells", "means", "by", "lifecycle")


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(retention)
    add_frame(command)
    command.add_argument(
        "--start", default=choices.ORDER, metavar="EVENT", help="order, touch or a touchpoint"
    )
    command.add_argument(
        "--return", dest="back", default=choices.ORDER, metavar="EVENT", help="the same"
    )
    command.add_argument("--cohorts", choices=tuple(choices.COHORTS), default=choices.FIRST)
    command.add_argument("--mode", choices=tuple(choices.MODES), default=choices.ON)
    command.add_argument("--unit", choices=tuple(choices.UNITS), default="month")
    command.add_argument("--buckets", choices=tuple(choices.BUCKETS), default=choices.ROLLING)
    command.add_argument("--length", type=positive, default=13, metavar="N", help="buckets (13)")
    command.add_argument("--brackets", metavar="N,N", help="where custom ones end, as in 1,3,7,14")
    command.add_argument("--every", choices=tuple(choices.UNITS), help="how long a cohort gathers")
    command.add_argument("--reference", choices=tuple(choices.REFERENCES), default=choices.ZERO)
    command.add_argument("--by", choices=tuple(SEGMENTS), help="a curve for each of its values")
    command.add_argument("--rows", choices=ROWS, default=ROWS[0], help="which table to show")
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def retention(options: argparse.Namespace) -> int:
    """Say who comes back: cohorts through time, or the lifecycle of those who are active."""
    if options.rows == "lifecycle":
        refuse(options, _COHORTS_ONLY, "the lifecycle, which has one event and one interval")
    engine = Engine(data_folder(options))
    filters = frame(engine, options)
    chosen = Settings(
        start=options.start,
        back=options.back,
        cohorts=options.cohorts,
        mode=options.mode,
        unit=options.unit,
        buckets=options.buckets,
        edges=parse_brackets(options.brackets)
        if options.brackets
        else tuple(range(options.length + 1)),
        every=options.every or ("month" if options.unit == "month" else "week"),
        reference=options.reference,
        by=options.by,
    )
    if options.rows == "lifecycle":
        tables = {"lifecycle": lifecycle(engine, filters, options.unit, options.start)}
    else:
        found = cohorts(engine, filters, chosen)
        tables = {"cells": found.cells, "means": found.means}
        if found.by is not None:
            tables["by"] = found.by
        elif options.rows == "by":
            raise MetricError("Say by which segment, as in --by channel.")
    rows = tables[options.rows]
    if options.format == "json":
        plain = {name: _plain(table) for name, table in tables.items()}
        as_of = filters.as_of.isoformat()
        said = {} if options.rows == "lifecycle" else {"rule": chosen.in_words()}
        print(json.dumps({"as_of": as_of, **said, **plain}, indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(rows))
    else:
        if options.rows != "lifecycle":
            print(chosen.in_words())
        show(table_of(rows))
    return 0


def _plain(rows: pl.DataFrame) -> list[dict[str, object]]:
    """Rows as JSON knows them."""
    return rows.with_columns(pl.col(pl.Date).dt.to_string()).to_dicts()
