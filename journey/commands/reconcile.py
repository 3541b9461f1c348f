"""The command that tells why two numbers differ."""

import argparse
import json
import sys
from typing import Any

from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    day,
    frame,
    moment,
    show,
    table_of,
)
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters, parse_where


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(reconcile)
    command.add_argument("metric", metavar="METRIC", help="a number: METRIC or METRIC:COLUMN")
    command.add_argument(
        "other", metavar="OTHER", nargs="?", help="the other number (the same one, if left out)"
    )
    add_frame(command)
    command.add_argument("--other-since", type=day, metavar="D", help="OTHER's first day")
    command.add_argument("--other-until", type=day, metavar="D", help="OTHER's day after the last")
    command.add_argument("--other-as-of", type=moment, metavar="D", help="OTHER as known then")
    command.add_argument(
        "--other-where",
        nargs="+",
        metavar="NAME=VALUE",
        help="OTHER's filter, or `everyone`; what is left out is as for METRIC",
    )
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def reconcile(options: argparse.Namespace) -> int:
    """Tell why two numbers differ, one property at a time, in steps that add up."""
    from journey.analysis.reconcile import walking
    from journey.present import reconciled, walks
    from journey.present.export import csv_text

    engine = Engine(data_folder(options))
    first = frame(engine, options)
    names = options.metric, options.other or options.metric
    found = walking.walk(
        engine,
        engine.run,
        (names[0], first),
        (names[1], _other(engine, first, options)),
        configuration(options).minimum_n,
    )
    rows = walks.table(found, engine)
    if options.format == "json":
        print(json.dumps(_plain(found, engine), indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(rows))
    else:
        print("\n".join(reconciled.sentences(found, engine)))
        if found.steps:
            show(table_of(rows))
    return 0


def _other(engine: Engine, first: Filters, options: argparse.Namespace) -> Filters:
    """The other number's frame: the first's but for what is said of it."""
    where = dict(first.where)
    if options.other_where is not None:
        is_all = options.other_where == ["everyone"]
        where = {} if is_all else parse_where(options.other_where)
    return engine.filters(
        options.other_since or first.since,
        options.other_until or first.until,
        options.other_as_of or options.as_of,
        where,
    )


def _plain(found: Any, engine: Engine) -> dict[str, object]:
    """The walk as JSON knows it; shares as 0 to 1."""
    from journey.analysis.reconcile.walking import FRAME, PROPERTIES
    from journey.present import reconciled

    def side(one: Any) -> dict[str, object]:
        value = one.count.value
        return {
            "name": one.number.name,
            "title": one.number.title,
            "unit": one.number.unit,
            "value": None if value is None else float(value),
            "cases": one.count.n,
            "is_declared": one.counts is not None,
            "properties": {
                name: said
                for name in (*FRAME, *PROPERTIES)
                if (said := reconciled.property_of(one, name, engine))
            },
        }

    return {
        "first": side(found.first),
        "last": side(found.last),
        "snapshot": engine.snapshot.name,
        "obstacle": found.obstacle or None,
        "difference": None if found.difference is None else float(found.difference),
        "differing": list(found.differing),
        "alike": list(found.alike),
        "steps": [
            {
                "properties": list(step.properties),
                "difference": float(step.amount),
                "before": float(step.before.value or 0),
                "after": float(step.after.value or 0),
                "cases": step.after.n,
            }
            for step in found.steps
        ],
        "told": reconciled.sentences(found, engine),
    }
