"""A delivery into the event store: map, check, fold duplicates, file by month.

All work is done aside, under staging/, and then moved in by `commit`. Memory stays bounded:
DuckDB streams the rows and spills what it must, and duplicates are sought one part of the
identities at a time.
"""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import IntakeError, suggest
from journey.intake import duplicates, quarantine
from journey.intake.checks import checked
from journey.intake.commit import commit, recover
from journey.intake.contract import COLUMNS, CORRECTION, LINES, quoted
from journey.intake.reading import Delivery, match_files, open_inputs
from journey.intake.report import Report
from journey.intake.sources import Source, source
from journey.intake.tables import damaged
from journey.warehouse.connection import work_connection

MONTH_BYTES = 384 << 20
"""Memory set aside for each month that is written to at the same time."""

Progress = Callable[[str, duckdb.DuckDBPyConnection | None], None]
"""Told what happens now and, where DuckDB does it, on which connection."""


def ingest(
    folder: DataFolder,
    config: Config,
    format_name: str,
    given: list[str],
    progress: Progress = lambda step, connection: None,
) -> Report:
    """Take the files in and give back what became of their rows.

    The same files again change nothing: their rows are all duplicates. Raises IntakeError
    where a file cannot be used at all; then the store is as it was.
    """
    form = source(format_name)
    progress("Waiting for another ingest or build to end", None)
    with folder.writing():
        recover(folder)
        try:
            report = _prepare(folder, config, form, given, progress)
            # A delivery that was taken in before and brings nothing new leaves no second trace.
            if (folder.staging / report.delivery).is_dir():
                progress("Filing the events", None)
                commit(folder, report.delivery)
            shutil.rmtree(folder.staging, ignore_errors=True)
        except BaseException:
            recover(folder)  # in whole or not at all, as after a kill
            raise
    return report


def _prepare(
    folder: DataFolder, config: Config, form: Source, given: list[str], progress: Progress
) -> Report:
    """Have the delivery ready under staging/ and count it."""
    with work_connection(folder.staging / "spill") as connection:
        progress("Reading the files", None)
        delivery = match_files(connection, form, given, folder.staging / "spill")
        try:
            return _stage(folder, config, delivery, connection, progress)
        except duckdb.OutOfMemoryException:
            raise IntakeError(
                f"{_names(delivery)}: this needs more memory than there is. Set JOURNEY_MEMORY "
                "higher (as in JOURNEY_MEMORY=4GiB), or deliver it in parts."
            ) from None
        except duckdb.Error as error:
            raise _explained(error, folder, delivery, connection) from None


def _stage(
    folder: DataFolder,
    config: Config,
    delivery: Delivery,
    connection: duckdb.DuckDBPyConnection,
    progress: Progress,
) -> Report:
    """Do all the work aside and count it."""
    identity = _identity(delivery)
    known = [path.stem for path in folder.deliveries.glob(f"{identity}*.json")]
    name = f"{identity}-{len(known) + 1}" if known else identity
    staging = folder.staging / name
    staging.mkdir(parents=True)
    open_inputs(connection, delivery, folder.staging / "spill")
    progress("Checking the rows", connection)
    _check(connection, delivery, staging / "rows.parquet")
    rows = connection.read_parquet(str(staging / "rows.parquet"), file_row_number=True)
    rows.create_view("checked")
    given, good, lines = _row(
        connection,
        "select count(*), count(*) filter (where reason is null), "
        f"coalesce(sum({LINES}), 0)::bigint from checked",
    )
    rejected = Counter(
        dict(
            connection.sql(
                "select reason, count(*) from checked where reason is not null "
                "group by all order by count(*) desc, reason"
            ).fetchall()
        )
    )
    broken = quarantine.note_broken(connection, delivery)
    rejected.update(broken)
    if not given and not broken:
        raise IntakeError(f"{_names(delivery)}: there is not one row. Export it again.")
    progress("Folding duplicates", connection)
    duplicates.fold(connection, folder, good)
    accepted, first_at, last_at, in_future = _row(
        connection,
        "select count(*), min(occurred_at)::varchar, max(occurred_at)::varchar, "
        f"count(*) filter (where occurred_at > '{datetime.now(UTC):%Y-%m-%d %H:%M:%S}'::timestamp) "
        "from fresh",
    )
    report = Report(
        delivery=name if accepted or not known else identity,
        format=delivery.source.name,
        files=[str(path) for path in delivery.paths],
        lines=lines + sum(broken.values()),
        read=given + sum(broken.values()),
        accepted=accepted,
        duplicate=good - accepted,
        rejected=dict(rejected),
        unmapped=_counts(connection, "touchpoint", list(config.touchpoints)),
        corrected=_counts(connection, CORRECTION, []),
        first_at=first_at,
        last_at=last_at,
        in_future=in_future,
        samples=quarantine.samples(connection),
    )
    if report.delivery == name:
        progress("Writing the events", connection)
        _write(connection, delivery, staging, report)
    return report


def _check(connection: duckdb.DuckDBPyConnection, delivery: Delivery, target: Path) -> None:
    """Write every mapped row in contract types, with why it is rejected, or null."""
    path = delivery.source.path
    try:
        mapped = connection.sql(delivery.source.sql)
    except duckdb.Error as error:
        raise IntakeError(f"{path}: {str(error).splitlines()[0]} Mend the format's SQL.") from None
    types = dict(zip(mapped.columns, (str(kind) for kind in mapped.types), strict=True))
    for needed in ("touchpoint", "occurred_at"):
        if needed not in {name.lower() for name in types}:
            raise IntakeError(
                f"{path}: the SELECT gives no column {needed}.{suggest(needed, types)} "
                "Every row of the contract needs one."
            )
    mapped.create_view("mapped")
    connection.sql(checked(types)).write_parquet(
        str(target), compression="zstd", row_group_size=_group(connection)
    )


def _write(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, staging: Path, report: Report
) -> None:
    """Write the new events by month, what was rejected, and the report, under staging."""
    if report.accepted:
        _write_events(connection, staging)
    if report.rejected:
        (staging / "quarantine").mkdir()
        target = staging / "quarantine" / f"{staging.name}.parquet"
        quarantine.write(connection, delivery, target)
    (staging / "deliveries").mkdir()
    (staging / "deliveries" / f"{staging.name}.json").write_text(
        json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


def _write_events(connection: duckdb.DuckDBPyConnection, staging: Path) -> None:
    """Write the new events by month, as many months at a time as memory has room for."""
    names = ", ".join(quoted(name) for name in COLUMNS)
    room = max(1, _memory(connection) // MONTH_BYTES)
    starts = "select distinct date_trunc('month', occurred_at)::timestamp as month from fresh"
    months = [row[0] for row in connection.sql(f"{starts} order by month").fetchall()]
    (staging / "events").mkdir()
    # Rows that a thread gathers before it hands them to their months; half a million is usual.
    connection.execute("set partitioned_write_flush_threshold = 30000")
    for first in range(0, len(months), room):
        part = months[first : first + room]
        connection.sql(
            f"select {names}, strftime(occurred_at, '%Y-%m') as month from fresh "
            "where occurred_at >= $first and occurred_at < $last + interval 1 month",
            params={"first": part[0], "last": part[-1]},
        ).write_parquet(
            str(staging / "part"),
            partition_by=["month"],
            compression="zstd",
            filename_pattern=f"{staging.name}-{{i}}",
            row_group_size=_group(connection),
        )
        for folder in (staging / "part").iterdir():
            folder.rename(staging / "events" / folder.name)
        (staging / "part").rmdir()


def _identity(delivery: Delivery) -> str:
    """A name for the delivery from its format and what is in its files."""
    digest = hashlib.blake2b(delivery.source.sql.encode(), digest_size=8)
    for name, paths in delivery.files.items():
        digest.update(name.encode())
        for path in paths:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "blake2b").digest())
    return f"{delivery.source.name}-{digest.hexdigest()}"


def _names(delivery: Delivery) -> str:
    """The delivery's files, for a message."""
    return ", ".join(str(path) for path in delivery.paths)


def _memory(connection: duckdb.DuckDBPyConnection) -> int:
    """What DuckDB may use, in bytes."""
    limit = "select parse_formatted_bytes(current_setting('memory_limit'))"
    return int(_row(connection, limit)[0])


def _group(connection: duckdb.DuckDBPyConnection) -> int:
    """Rows that are gathered for each part of a Parquet file; fewer where memory is short."""
    return 122_880 if _memory(connection) >= 1 << 30 else 10_240


def _row(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    """The one row of a query."""
    return tuple(connection.sql(sql).fetchall()[0])


def _counts(
    connection: duckdb.DuckDBPyConnection, column: str, leave_out: list[str]
) -> dict[str, int]:
    """Accepted rows by the column's value, most first, without nulls and the values left out."""
    rows = connection.execute(
        f"select {column}, count(*) from fresh where {column} is not null "
        f"and not list_contains($leave_out, {column}) group by all order by 2 desc, 1",
        {"leave_out": leave_out},
    )
    return dict(rows.fetchall())


def _explained(
    error: duckdb.Error,
    folder: DataFolder,
    delivery: Delivery,
    connection: duckdb.DuckDBPyConnection,
) -> IntakeError:
    """What went wrong while the rows were read or written, with the file at fault if one is."""
    for path in [*delivery.paths, *folder.event_files()]:
        if path in delivery.texts:
            continue
        try:
            connection.read_parquet(str(path)).aggregate("bit_xor(hash(columns(*)))").fetchall()
        except duckdb.Error as cause:
            return damaged(path, cause)
    return IntakeError(
        f"{_names(delivery)}: {str(error).splitlines()[0]} The format is "
        f"{delivery.source.path}; if it does not fit the file, choose another with --as."
    )
