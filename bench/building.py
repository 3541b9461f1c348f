"""Our build against chDB making the same journey table from the same Parquet."""

import time
from functools import partial
from typing import Any

import duckdb

from bench.measuring import Timed, apart, best_of, say, say_load, show
from bench.peers.words import configured
from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import WarehouseError
from journey.metrics.engine import Engine
from journey.warehouse.build import build
from journey.warehouse.snapshot import Snapshot

_SUMS = {
    "journeys": ("count(*)", "count()"),
    "people": ("count(distinct person_id)", "uniqExact(person_id)"),
    "touches": ("sum(touches)", "sum(touches)"),
    "sessions": ("sum(sessions)", "sum(sessions)"),
    "deepest": ("sum(deepest)", "sum(deepest)"),
    "deepest in window": ("sum(deepest_in_window)", "sum(deepest_in_window)"),
    "purchases": ("count(purchase_at)", "count(purchase_at)"),
    "loyal": ("count(loyalty_at)", "count(loyalty_at)"),
    "revenue": ("sum(revenue)", "sum(revenue)"),
    "order places": ("sum(order_touch_number)", "sum(order_touch_number)"),
    "identified": ("count_if(is_identified)", "sum(is_identified)"),
    "by email": ("count_if(entry_channel = 'Email')", "countIf(entry_channel = 'Email')"),
    "to email": ("count_if(last_channel = 'Email')", "countIf(last_channel = 'Email')"),
    "mobile": ("count_if(device = 'mobile')", "countIf(device = 'mobile')"),
    "German": ("count_if(country = 'DE')", "countIf(country = 'DE')"),
    "researchers": ("count_if(persona = 'Researcher')", "countIf(persona = 'Researcher')"),
}
"""What must agree between the two journey tables: in DuckDB, in ClickHouse."""


_SIX = ("numbered_touches", "journeys", "orders", "responses", "people", "daily")
"""The serving tables that all pages stand on; the others are for pages of their own."""


def build_if_missing(folder: DataFolder, config: Config) -> Snapshot:
    """The snapshot, built where there is none that can be used."""
    try:
        engine = Engine(folder)
        engine.close()
        return engine.snapshot
    except WarehouseError:
        return build(folder, config)


def compare(folder: DataFolder, config: Config) -> None:
    """Build ours and theirs, check that the journeys agree, print the times."""
    whole, tables, mine = apart(_ours, folder, config)
    snapshot = whole.result
    words = configured(config, snapshot.currency or "")
    sort = apart(_sorted, folder, words)
    show("Our tables", ["", "seconds", "core seconds"], [[name, *tables[name]] for name in tables])
    ours, cores = _up_to(tables, "journeys")
    six, six_cores = _up_to(tables, *_SIX)
    rows: list[list[object]] = [["our journeys, with all they stand on", ours, cores, 1.0]]
    for database, source in (
        ("parquet", "raw Parquet"),
        ("merge_tree", "sorting, then the sorted table"),
    ):
        for way in ("windows", "arrays"):
            timed = apart(_theirs, folder, words, database, way)
            for name, one, two in zip(_SUMS, mine, timed.result, strict=True):
                if one != two:
                    raise SystemExit(f"journeys differ in {name}: ours {one}, chDB's {two}")
            first = sort if database == "merge_tree" else None
            seconds = timed.seconds + (first.seconds if first else 0)
            cores = timed.core_seconds + (first.core_seconds if first else 0)
            rows.append([f"chDB's by {way}, {source}", seconds, cores, seconds / ours])
    rows.append(["our six tables, with all they stand on", six, six_cores, six / ours])
    label = f"our whole build, {len(tables)} steps"
    rows.append([label, whole.seconds, whole.core_seconds, whole.seconds / ours])
    title = f"The journey table from {snapshot.events:,} events"
    show(title, ["", "seconds", "core seconds", "times ours"], rows)
    say("the journey tables are equal")
    say_load()


def _up_to(tables: dict[str, tuple[float, float]], *wanted: str) -> tuple[float, float]:
    """Seconds and core seconds of the tables wanted and of all that they stand on: every step up
    to the journeys. Comments are read for the responses alone."""
    names = list(tables)
    needed = {*names[: names.index("journeys") + 1], *wanted}
    if "responses" not in wanted:
        needed -= {"Reading comments"}
    return sum(tables[name][0] for name in needed), sum(tables[name][1] for name in needed)


def _ours(
    folder: DataFolder, config: Config
) -> tuple[Timed[Snapshot], dict[str, tuple[float, float]], list[float]]:
    """Our build with the seconds and core seconds of each table, and the sums over its journeys."""
    steps: list[tuple[str, float, float]] = []

    def note(step: str, connection: duckdb.DuckDBPyConnection | None) -> None:
        steps.append((step.removeprefix("Building "), time.perf_counter(), time.process_time()))

    whole = best_of(1, partial(build, folder, config, note))
    note("", None)
    tables = {
        step: (steps[place][1] - clock, steps[place][2] - core)
        for place, (step, clock, core) in enumerate(steps[:-1], start=1)
    }
    with duckdb.connect(str(whole.result.path), read_only=True) as connection:
        row: tuple[Any, ...] = connection.sql(_query(0, "journeys")).fetchall()[0]
    return whole, tables, [float(value) for value in row]


def _sorted(folder: DataFolder, words: dict[str, str]) -> Timed[None]:
    """chDB's sorting of the Parquet into its table."""
    from bench.peers.chdb_peer import Chdb

    chdb = Chdb(folder, words)
    sort = best_of(1, chdb.sort)
    chdb.close()
    return sort


def _theirs(
    folder: DataFolder, words: dict[str, str], database: str, way: str
) -> Timed[list[float]]:
    """chDB's journey table from a database in one way, and the sums over it."""
    from bench.peers.chdb_peer import Chdb

    chdb = Chdb(folder, words)
    chdb.use(database)
    made = best_of(1, partial(chdb.run, f"journey_table_{way}"))
    sums = [float(value) for value in chdb.rows(_query(1, "journey.journeys"))[0]]
    chdb.close()
    return Timed(sums, made.seconds, made.core_seconds)


def _query(dialect: int, table: str) -> str:
    """The sums over a journey table."""
    return f"select {', '.join(pair[dialect] for pair in _SUMS.values())} from {table}"
