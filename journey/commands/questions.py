"""Commands that ask: run a metric, list the metrics."""

import argparse
import json
import sys
from datetime import date

from rich.table import Table

from journey.analysis import tables
from journey.commands.common import (
    Commands,
    add_against,
    add_frame,
    configuration,
    data_folder,
    frame,
    notes,
    other_group,
    show,
    table_of,
)
from journey.errors import JourneyError, MetricError, suggest
from journey.metrics import metric as registry
from journey.metrics.answer import Answer, Total, apart
from journey.metrics.emptiness import immature, outside
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


def add(commands: Commands) -> None:
    """Add them."""
    command = commands.add(run)
    command.add_argument(
        "metric", metavar="METRIC", nargs="?", help="a name from `metrics`, or page/name"
    )
    add_frame(command, required=True)
    add_against(command)
    command.add_argument(
        "--of", metavar="NAME", help="the person (a mask) or persona, for a table of one"
    )
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")
    command = commands.add(metrics)
    command.add_argument(
        "--counts", action="store_true", help="each number with what it declares to count"
    )


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
    if (table := tables.find(name)) is not None:
        return _table(table, engine, filters, options)
    if name not in registry.names():
        known = [*registry.names(), *tables.tables()]
        raise MetricError(
            f"There is no metric {name!r}.{suggest(name, known)} "
            "`python -m journey metrics` lists them."
        )
    if options.of:
        raise MetricError(f"{name!r} is not of one person or persona. Leave out --of.")
    answer = engine.run(registry.find(name), filters, options.as_of)
    other = None
    if options.against:
        if options.format == "csv":
            raise MetricError("CSV has the rows of one group. Ask for --format json, or twice.")
        group = other_group(engine, filters, options.against)
        other = engine.run(answer.metric, group, options.as_of)
    if options.format == "json":
        told = answer.as_json()
        if other is not None:
            told |= {"against": other.as_json(), "difference": _difference(answer, other)}
        print(json.dumps(told, indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(answer.rows))
    else:
        print(answer.metric.question)
        show(table_of(answer.rows))
        _tell("total", answer.total)
        if answer.is_empty:
            away = outside(filters, engine.snapshot)
            _note(away or immature(answer.metric, filters, engine.snapshot))
        if other is not None:
            print(f"against {' '.join(options.against)}")
            show(table_of(other.rows))
            _tell("total", other.total)
            if found := _difference(answer, other):
                print("difference: {value:.4g} (95 %: {low:.4g} to {high:.4g})".format(**found))
    return 0


def _table(
    table: tables.Table, engine: Engine, filters: Filters, options: argparse.Namespace
) -> int:
    """Answer a table that an analysis gives."""
    from journey.present.export import csv_text

    if options.against:
        raise MetricError(
            f"{table.name!r} is a table of an analysis, which --against does not compare. Run it "
            "twice, with another --where."
        )
    if options.of and not table.is_of_one:
        raise MetricError(f"{table.name!r} is not of one person or persona. Leave out --of.")
    rows = table.rows(tables.Asked(engine, configuration(options), filters, options.of))
    if options.format == "json":
        told = {
            "metric": table.full_name,
            "question": table.question,
            "grain": table.grain,
            "since": filters.since,
            "until": filters.until,
            "as_of": options.as_of or filters.as_of,
            "where": {name: list(values) for name, values in filters.where.items()},
            "snapshot": engine.snapshot.name,
            "rows": rows.to_dicts(),
        }
        print(json.dumps(told, indent=2, ensure_ascii=False, default=_plain))
    elif options.format == "csv":
        sys.stdout.write(csv_text(rows))
    else:
        print(table.question)
        show(table_of(rows))
        if rows.is_empty():
            _note(outside(filters, engine.snapshot))
    return 0


def _note(sentence: str | None) -> None:
    """A sentence beside the answer, where there is one."""
    if sentence:
        print(f"journey: {sentence}", file=sys.stderr)


def _plain(value: object) -> str:
    """A day or moment as JSON knows it; anything else as text."""
    return value.isoformat() if isinstance(value, date) else str(value)


def _difference(one: Answer, other: Answer) -> dict[str, float] | None:
    """The difference of two totals with its interval; None where there are none."""
    if one.total is None or other.total is None:
        return None
    found = apart(one.total, other.total)
    return None if found is None else dict(zip(("value", "low", "high"), found, strict=True))


def _tell(what: str, total: Total | None) -> None:
    """A total with its interval, in a line."""
    if total is None:
        return
    print(f"{what}: {total.part:,g} of {total.whole:,g}", end="")
    if total.value is not None:
        print(f" = {total.value:.4g} (95 %: {total.low:.4g} to {total.high:.4g})", end="")
    print()


def metrics(options: argparse.Namespace) -> int:
    """List the metrics with their questions."""
    if options.counts:
        return _declared()
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
    for one in dict.fromkeys(tables.tables().values()):
        table.add_row(one.full_name, one.question)
    show(table)
    return 1 if broken else 0


def _declared() -> int:
    """List the numbers that can be compared, each with what it declares to count."""
    from journey.analysis.reconcile import numbers

    table = Table("number", "counts", box=None)
    table.columns[0].no_wrap = True
    for name in numbers.offered():
        number = numbers.find(name)
        table.add_row(name, str(number.counts) if number.counts else "(not declared)")
    show(table)
    return 0
