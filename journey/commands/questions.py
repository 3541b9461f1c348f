"""Commands that ask: run a metric, list the metrics."""

import argparse
import json
import sys

from rich.table import Table

from journey.commands.common import Commands, add_frame, data_folder, frame, notes, show, table_of
from journey.errors import JourneyError, MetricError
from journey.metrics import metric as registry
from journey.metrics.engine import Engine


def add(commands: Commands) -> None:
    """Add them."""
    command = commands.add(run)
    command.add_argument(
        "metric", metavar="METRIC", nargs="?", help="a name from `metrics`, or page/name"
    )
    add_frame(command, required=True)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")
    commands.add(metrics)


def run(options: argparse.Namespace) -> int:
    """Answer one metric as a table, CSV or JSON."""
    from journey.present.export import csv_text

    # `--where a=b METRIC` reads the name as one more condition.
    where: list[str] = options.where
    name = options.metric or (where.pop() if where and "=" not in where[-1] else None)
    if name is None:
        raise MetricError("Say which metric to run; `python -m journey metrics` lists them.")
    engine = Engine(data_folder(options))
    filters = frame(engine, options)
    answer = engine.run(registry.find(name), filters, options.as_of)
    if options.format == "json":
        print(json.dumps(answer.as_json(), indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(answer.rows))
    else:
        print(answer.metric.question)
        show(table_of(answer.rows))
        if total := answer.total:
            print(f"total: {total.part:,g} of {total.whole:,g}", end="")
            if total.value is not None:
                print(f" = {total.value:.4g} (95 %: {total.low:.4g} to {total.high:.4g})", end="")
            print()
    return 0


def metrics(options: argparse.Namespace) -> int:
    """List the metrics with their questions."""
    table = Table("metric", "question", box=None)
    table.columns[0].no_wrap = True
    broken = 0
    for path in registry.files():
        try:
            metric = registry.read(path)
            table.add_row(metric.full_name, metric.question)
        except JourneyError as error:
            broken += 1
            notes.print(f"journey: {error}", markup=False, highlight=False)
    show(table)
    return 1 if broken else 0
