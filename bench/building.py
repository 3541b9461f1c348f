"""Our build against chDB making the same journey table from the same Parquet."""

import time
from functools import partial
from typing import Any

import duckdb

from bench.measuring import best_of, say, say_load, show
from bench.peers.chdb_peer import Chdb
from bench.peers.words import configured
from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import WarehouseError
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


def build_if_missing(folder: DataFolder, config: Config) -> Snapshot:
    """The snapshot, built where there is none."""
    try:
        return Snapshot.current(folder)
    except WarehouseError:
        return build(folder, config)


def compare(folder: DataFolder, config: Config) -> None:
    """Build ours and theirs, check that the journeys agree, print the times."""
    steps: list[tuple[str, float]] = []

    def note(step: str, connection: duckdb.DuckDBPyConnection | None) -> None:
        steps.append((step, time.perf_counter()))

    whole = best_of(1, lambda: build(folder, config, note))
    done = time.perf_counter()
    ends = [moment for _, moment in steps[1:]] + [done]
    lasted = {
        step.removeprefix("Building "): end - moment
        for (step, moment), end in zip(steps, ends, strict=True)
    }
    snapshot = whole.result
    mine = _sums_of_ours(snapshot)

    words = configured(config, snapshot.currency or "")
    chdb = Chdb(folder, words)
    theirs = {}
    sort = best_of(1, chdb.sort)
    for database in ("parquet", "merge_tree"):
        chdb.use(database)
        for way in ("windows", "arrays"):
            theirs[database, way] = best_of(1, partial(chdb.run, f"journey_table_{way}"))
            found = [float(value) for value in chdb.rows(_query(1, "journey.journeys"))[0]]
            for name, one, two in zip(_SUMS, mine, found, strict=True):
                if one != two:
                    raise SystemExit(f"journeys differ in {name}: ours {one}, chDB's {two}")
    chdb.close()

    show("Our tables", ["", "seconds"], list(lasted.items()))
    journeys = sum(lasted[table] for table in ("touches", "payments", "journeys"))
    rows: list[list[object]] = [
        ["our whole build", whole.seconds, whole.core_seconds, 1.0],
        ["  of it touches, payments and journeys", journeys, "", journeys / whole.seconds],
    ]
    for (database, way), timed in theirs.items():
        first = sort if database == "merge_tree" else None
        seconds = timed.seconds + (first.seconds if first else 0)
        cores = timed.core_seconds + (first.core_seconds if first else 0)
        source = "sorting, then the sorted table" if first else "raw Parquet"
        label = f"chDB's journeys by {way}, {source}"
        rows.append([label, seconds, cores, seconds / whole.seconds])
    title = f"Building from {snapshot.events:,} events"
    show(title, ["", "seconds", "core seconds", "times our build"], rows)
    say("the journey tables are equal")
    say_load()


def _query(dialect: int, table: str) -> str:
    """The sums over a journey table."""
    return f"select {', '.join(pair[dialect] for pair in _SUMS.values())} from {table}"


def _sums_of_ours(snapshot: Snapshot) -> list[float]:
    """The sums over our journeys."""
    with duckdb.connect(str(snapshot.path), read_only=True) as connection:
        row: tuple[Any, ...] = connection.sql(_query(0, "journeys")).fetchall()[0]
    return [float(value) for value in row]
