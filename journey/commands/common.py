"""What commands share: where the data is, the frame of a question, tables and progress."""

import argparse
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from journey import ROOT, config
from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import MetricError
from journey.intake.ingest import Progress as Report
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters, parse_where

notes = Console(stderr=True)


class Commands:
    """The commands so far; each takes its name and its help from the function that runs it."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        self._added = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def add(self, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        """A command, for its options to be added."""
        text = run.__doc__ or ""
        name = run.__name__.removesuffix("_command").replace("_", "-")
        command = self._added.add_parser(name, help=text.splitlines()[0], description=text)
        command.set_defaults(run=run)
        return command


def add_frame(command: argparse.ArgumentParser, *, required: bool = False) -> None:
    """The options of a question's frame; without a period, all time."""
    command.add_argument("--since", type=day, required=required, metavar="D", help="first day")
    command.add_argument(
        "--until", type=day, required=required, metavar="D", help="day after the last"
    )
    command.add_argument("--as-of", type=moment, metavar="D", help="as known then (the watermark)")
    command.add_argument("--where", nargs="+", action="extend", default=[], metavar="NAME=VALUE")


def frame(engine: Engine, options: argparse.Namespace) -> Filters:
    """The frame that the options give. Raises MetricError where there is no such segment."""
    return engine.filters(
        options.since or engine.snapshot.first_day,
        options.until or engine.snapshot.last_day + timedelta(days=1),
        options.as_of,
        parse_where(options.where),
    )


_NAMED = {"return": "back", "from": "start", "to": "end"}
"""Options whose values have another name in the program, since theirs is taken."""


def refuse(options: argparse.Namespace, defaults: Mapping[str, object], where: str) -> None:
    """Raise MetricError where an option was given that has no part in what is asked.

    `defaults` maps the option, as it is written, to its value where nobody gives it.
    """
    for flag, usual in defaults.items():
        name = _NAMED.get(flag, flag).replace("-", "_")
        if getattr(options, name) != usual:
            raise MetricError(f"--{flag} has no part in {where}. Leave it out.")


def add_against(command: argparse._ActionsContainer) -> None:
    """The option of a comparison with another group."""
    command.add_argument(
        "--against",
        nargs="+",
        metavar="NAME=VALUE",
        help="another group in the same days, or `else` for everyone else than --where",
    )


def other_group(engine: Engine, filters: Filters, words: list[str]) -> Filters:
    """The group that `--against` names. Raises MetricError where there is no such group."""
    if words == ["else"]:
        if not filters.where:
            raise MetricError("Everyone else than whom? Say it with --where, or name a group.")
        return replace(filters, where={}, outside=dict(filters.where))
    where = {**filters.where, **parse_where(words)}
    return engine.filters(filters.since, filters.until, filters.as_of, where)


def recent(options: argparse.Namespace) -> tuple[Engine, Filters]:
    """The engine, and the frame: the days that pages open with where the options name no period."""
    from journey.present.choices import span, usual

    engine = Engine(data_folder(options))
    since, until = span(usual(engine.snapshot), engine.snapshot)
    options.since = options.since or max(since, engine.snapshot.first_day)
    options.until = options.until or until
    return engine, frame(engine, options)


def data_folder(options: argparse.Namespace) -> DataFolder:
    """The data folder: --data, JOURNEY_DATA, or data/ beside the package."""
    return DataFolder(options.data or Path(os.environ.get("JOURNEY_DATA") or ROOT / "data"))


def configuration(options: argparse.Namespace) -> Config:
    """The configuration: --config, JOURNEY_CONFIG, or journey.toml beside the package."""
    path = options.config or Path(os.environ.get("JOURNEY_CONFIG") or ROOT / "journey.toml")
    return config.load(path)


def show(table: Table) -> None:
    """A table on standard output, as wide as it needs to be where nobody reads it on a screen."""
    Console(width=None if sys.stdout.isatty() else 400).print(table, markup=False)


def table_of(rows: pl.DataFrame) -> Table:
    """Rows as a table for the eye: at most four decimals. CSV and JSON have them all."""
    table = Table()
    for name, kind in rows.schema.items():
        table.add_column(name, justify="right" if kind.is_numeric() else "left", no_wrap=True)
    for row in rows.iter_rows():
        table.add_row(*map(_cell, row))
    return table


def _cell(value: object) -> str:
    """A value, rounded; nothing where there is none."""
    if value is None:
        return ""
    return str(round(value, 4) if isinstance(value, float) else value)


@contextmanager
def progress() -> Iterator[Report]:
    """A line on standard error that says what happens and, while DuckDB works, how far it is."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=notes,
        transient=True,
        disable=not notes.is_terminal,
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


def positive(text: str) -> int:
    """A whole number above 0."""
    number = int(text.replace("_", "").replace(",", ""))
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not above 0")
    return number


def port(text: str) -> int:
    """A port from 1 to 65535."""
    if not text.isdigit() or not 0 < int(text) < 65_536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port from 1 to 65535")
    return int(text)


def day(text: str) -> date:
    """A day like 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2026-01-31") from None


def moment(text: str) -> date | datetime:
    """A day, or a moment in UTC like 2026-01-31T12:00."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither a day like 2026-01-31 nor a moment like 2026-01-31T12:00"
        ) from None
