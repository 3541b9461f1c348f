"""A delivery into the event store: map, check, fold duplicates, file by month.

All work is done aside, under staging/, and then moved in by `commit`. Memory stays bounded:
DuckDB streams the rows and spills what it must, and duplicates are sought one part of the
identities at a time.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import IntakeError, suggest
from journey.intake import duplicates
from journey.intake.checks import BROKEN, checked
from journey.intake.commit import commit, recover
from journey.intake.contract import COLUMNS, CORRECTION, quoted
from journey.intake.reading import Delivery, broken_rows, match_files, open_inputs
from journey.intake.report import Report
from journey.intake.sources import source
from journey.warehouse.connection import work_connection

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
    with folder.writing():
        recover(folder)
        with work_connection(folder.staging / "spill") as connection:
            progress("Reading the files", None)
            delivery = match_files(connection, form, given)
            identity = _identity(delivery)
            staging = folder.staging / identity
            staging.mkdir(parents=True)
            try:
                report = _stage(folder, config, delivery, staging, connection, progress)
            except BaseException:
                shutil.rmtree(folder.staging, ignore_errors=True)
                raise
        progress("Filing the events", None)
        commit(folder, identity)
        shutil.rmtree(folder.staging, ignore_errors=True)
    return report


def _identity(delivery: Delivery) -> str:
    """A name for the delivery from its format and what is in its files."""
    digest = hashlib.blake2b(delivery.source.sql.encode(), digest_size=8)
    for name, paths in delivery.files.items():
        digest.update(name.encode())
        for path in paths:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "blake2b").digest())
    return f"{delivery.source.name}-{digest.hexdigest()}"


def _stage(
    folder: DataFolder,
    config: Config,
    delivery: Delivery,
    staging: Path,
    connection: duckdb.DuckDBPyConnection,
    progress: Progress,
) -> Report:
    """Do all the work aside and count it."""
    open_inputs(connection, delivery)
    progress("Checking the rows", connection)
    _check(connection, delivery, staging / "rows.parquet")
    rows = connection.read_parquet(str(staging / "rows.parquet"), file_row_number=True)
    rows.create_view("checked")
    read, good = _row(
        connection, "select count(*), count(*) filter (where reason is null) from checked"
    )
    rejected = dict(
        connection.sql(
            "select reason, count(*) from checked where reason is not null "
            "group by all order by count(*) desc, reason"
        ).fetchall()
    )
    broken = broken_rows(connection)
    if broken:
        rejected[BROKEN] = len(broken)
        read += len(broken)
    files = [str(path) for paths in delivery.files.values() for path in paths]
    if not read:
        raise IntakeError(f"{', '.join(files)}: there is not one row. Export it again.")
    progress("Folding duplicates", connection)
    duplicates.fold(connection, folder, good)
    accepted, first_at, last_at = _row(
        connection,
        "select count(*), min(occurred_at)::varchar, max(occurred_at)::varchar from fresh",
    )
    report = Report(
        delivery=staging.name,
        format=delivery.source.name,
        files=files,
        read=read,
        accepted=accepted,
        duplicate=good - accepted,
        rejected=rejected,
        unmapped=_counts(connection, "touchpoint", list(config.touchpoints)),
        corrected=_counts(connection, CORRECTION, []),
        first_at=first_at,
        last_at=last_at,
    )
    # A delivery that was taken in before and brings nothing new leaves no second trace.
    if accepted or not (folder.deliveries / f"{staging.name}.json").exists():
        progress("Writing the events", connection)
        _write(connection, staging, report, broken)
    return report


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


def _check(connection: duckdb.DuckDBPyConnection, delivery: Delivery, target: Path) -> None:
    """Write every mapped row in contract types, with why it is rejected, or null."""
    path = delivery.source.path
    try:
        mapped = connection.sql(delivery.source.sql)
    except duckdb.Error as error:
        raise IntakeError(f"{path}: {str(error).splitlines()[0]} Mend the format's SQL.") from None
    types = dict(zip(mapped.columns, (str(kind) for kind in mapped.types), strict=True))
    for needed in ("touchpoint", "occurred_at"):
        if needed not in types:
            raise IntakeError(
                f"{path}: the SELECT gives no column {needed}.{suggest(needed, types)} "
                "Every row of the contract needs one."
            )
    mapped.create_view("mapped")
    connection.sql(checked(types)).write_parquet(str(target), compression="zstd")


def _write(
    connection: duckdb.DuckDBPyConnection,
    staging: Path,
    report: Report,
    broken: list[tuple[str, int, str]],
) -> None:
    """Write the new events by month, what was rejected, and the report, under staging."""
    names = ", ".join(quoted(name) for name in COLUMNS)
    if report.accepted:
        connection.sql(
            f"select {names}, strftime(occurred_at, '%Y-%m') as month from fresh"
        ).write_parquet(
            str(staging / "events"),
            partition_by=["month"],
            compression="zstd",
            filename_pattern=f"{staging.name}-{{i}}",
        )
    if report.rejected:
        (staging / "quarantine").mkdir()
        connection.execute(
            "create table quarantined as "
            "select reason, file_name as file, file_line as line, row from checked "
            "where reason is not null"
        )
        if broken:
            connection.executemany(
                "insert into quarantined values ($1, $2, $3, $4)",
                [(BROKEN, *place) for place in broken],
            )
        connection.sql("from quarantined order by file, line, reason").write_parquet(
            str(staging / "quarantine" / f"{staging.name}.parquet"), compression="zstd"
        )
    (staging / "deliveries").mkdir()
    (staging / "deliveries" / f"{staging.name}.json").write_text(
        json.dumps(report.as_json(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
