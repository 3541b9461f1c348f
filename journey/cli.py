"""What each command does."""

import argparse
import json
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from journey import ROOT, config
from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import JourneyError
from journey.intake.ingest import Progress as Report
from journey.intake.ingest import ingest
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.filters import parse_where
from journey.warehouse.build import build

_notes = Console(stderr=True)


def data_folder(options: argparse.Namespace) -> DataFolder:
    """The data folder: --data, JOURNEY_DATA, or data/ beside the package."""
    return DataFolder(options.data or Path(os.environ.get("JOURNEY_DATA") or ROOT / "data"))


def configuration(options: argparse.Namespace) -> Config:
    """The configuration: --config, JOURNEY_CONFIG, or journey.toml beside the package."""
    path = options.config or Path(os.environ.get("JOURNEY_CONFIG") or ROOT / "journey.toml")
    return config.load(path)


def demo(options: argparse.Namespace) -> int:
    """Generate the demo world and ingest it."""
    from journey.demo.world import generate

    folder = data_folder(options)
    shutil.rmtree(folder.demo, ignore_errors=True)
    with _progress() as report:
        files = generate(
            folder.demo,
            people=options.people,
            seed=options.seed,
            progress=lambda done, whole: report(f"Generating {done:,} of {whole:,} people", None),
        )
        result = ingest(folder, configuration(options), "events", [str(f) for f in files], report)
    print(result.as_text())
    return 0


def ingest_command(options: argparse.Namespace) -> int:
    """Take event files into the store and say what became of every row."""
    with _progress() as report:
        result = ingest(
            data_folder(options), configuration(options), options.source, options.files, report
        )
    if options.format == "json":
        print(json.dumps(result.as_json(), indent=2, ensure_ascii=False))
    else:
        print(result.as_text())
    return 0


def build_command(options: argparse.Namespace) -> int:
    """Make the serving tables from the event store."""
    with _progress() as report:
        snapshot = build(data_folder(options), configuration(options), report)
    print(
        f"Built snapshot {snapshot.name}: {snapshot.events:,} events, "
        f"complete up to {snapshot.watermark:%Y-%m-%d %H:%M} UTC."
    )
    return 0


def serve(options: argparse.Namespace) -> int:
    """Serve the dashboard on this machine and print its address."""
    from journey.present.server import serve as start

    return start(data_folder(options), options.config, options.address, options.port)


def run_command(options: argparse.Namespace) -> int:
    """Answer one metric as a table, CSV or JSON."""
    from journey.present.export import csv_text

    engine = Engine(data_folder(options))
    filters = engine.filters(
        options.since, options.until, options.as_of, parse_where(options.where)
    )
    answer = engine.run(registry.find(options.metric), filters, options.as_of)
    if options.format == "json":
        print(json.dumps(answer.as_json(), indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(answer.rows))
    else:
        table = Table()
        for name, kind in answer.rows.schema.items():
            table.add_column(name, justify="right" if kind.is_numeric() else "left", no_wrap=True)
        for row in answer.rows.iter_rows():
            table.add_row(*map(_cell, row))
        print(answer.metric.question)
        _show(table)
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
            _notes.print(f"journey: {error}", markup=False, highlight=False)
    _show(table)
    return 1 if broken else 0


def check(options: argparse.Namespace) -> int:
    """Check every SQL file and the store; exit 1 with file, line, cause and remedy."""
    from journey.checking import problems

    found = problems(data_folder(options), configuration(options))
    for problem in found:
        print(f"journey: {problem}", file=sys.stderr)
    if not found:
        print(f"All is well: {len(registry.files())} metrics and the store.")
    return 1 if found else 0


def _show(table: Table) -> None:
    """A table on standard output, as wide as it needs to be where nobody reads it on a screen."""
    Console(width=None if sys.stdout.isatty() else 400).print(table, markup=False)


def _cell(value: object) -> str:
    """A value for the eye: at most four decimals. CSV and JSON have them all."""
    if value is None:
        return ""
    return str(round(value, 4) if isinstance(value, float) else value)


@contextmanager
def _progress() -> Iterator[Report]:
    """A line on standard error that says what happens and, while DuckDB works, how far it is."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=_notes,
        transient=True,
        disable=not _notes.is_terminal,
    )
    task = bar.add_task("Starting", total=None)
    watched: list[duckdb.DuckDBPyConnection | None] = [None]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.3):
            if (connection := watched[0]) is not None:
                try:
                    share = connection.query_progress()
                except duckdb.Error:
                    continue  # closed between two looks
                bar.update(task, completed=max(0.0, share), total=100 if share > 0 else None)

    def report(step: str, connection: duckdb.DuckDBPyConnection | None) -> None:
        watched[0] = connection
        bar.update(task, description=step, total=None)

    with bar:
        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield report
        finally:
            watched[0] = None
            done.set()
            watcher.join()
