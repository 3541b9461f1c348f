"""The command that tells why a rate changed."""

import argparse
import json
import sys

from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    frame,
    show,
    table_of,
)
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(changes)
    command.add_argument("metric", metavar="METRIC", help="a rate, as in conversion_rate")
    add_frame(command, required=True)
    command.add_argument("--by", choices=tuple(SEGMENTS), default="device", help="what to split by")
    command.add_argument(
        "--against",
        choices=("before", "year"),
        default="before",
        help="the span before, or 52 weeks earlier (before)",
    )
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def changes(options: argparse.Namespace) -> int:
    """Split a rate's change between two periods into mix and rate, group by group."""
    from journey.analysis.changes import asking
    from journey.present.export import csv_text

    engine = Engine(data_folder(options))
    filters = frame(engine, options)
    before = filters.before() if options.against == "before" else filters.year_before()
    minimum_n = configuration(options).minimum_n
    metric, found = asking.ask(engine, options.metric, options.by, filters, before, minimum_n)
    told = asking.sentences(metric.title, options.by, found)
    rows = asking.table(found)
    if options.format == "json":
        answer = {
            "metric": metric.name,
            "by": options.by,
            "since": filters.since.isoformat(),
            "until": filters.until.isoformat(),
            "before": [before.since.isoformat(), before.until.isoformat()],
            "snapshot": engine.snapshot.name,
            "change": found.change,
            "low": found.low,
            "high": found.high,
            "mix": found.mix,
            "rate": found.rate,
            "told": told,
            "rows": rows.to_dicts(),
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(rows))
    else:
        print("\n".join(told))
        show(table_of(rows))
    return 0
