"""The event store into a new snapshot of the serving tables, checked and swapped in."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import WarehouseError
from journey.intake.commit import recover
from journey.intake.contract import EARLIEST, literal
from journey.intake.sources import queries_folder
from journey.warehouse.comments import add_comments
from journey.warehouse.configuration import write_configuration
from journey.warehouse.connection import work_connection
from journey.warehouse.health import write_health
from journey.warehouse.personas import add_personas
from journey.warehouse.promises import hold
from journey.warehouse.snapshot import KEPT, Snapshot, snapshots, swap_in
from journey.warehouse.spelling import spelled_out
from journey.warehouse.traffic import write_traffic

Progress = Callable[[str, duckdb.DuckDBPyConnection | None], None]
"""Told what happens now and on which connection."""

_VIEWS = ("labelled_events", "touches")
"""Marts that are not worth a table of their own."""

_WORKING = (
    *("unlabelled_events", "inherited_channels", "ruled_personas", "personas", "identities"),
    *("products", "given_sessions", "outlines", "labelled_events"),
)
"""Marts that only other marts need; a finished snapshot does not hold them."""

_WORKING_COLUMNS = ("is_repeat", "place", "starts_session")
"""Columns of `sequence` that only other marts need."""


def build(
    folder: DataFolder, config: Config, progress: Progress = lambda step, connection: None
) -> Snapshot:
    """Make the serving tables from the event store, check them and make them the current ones.

    Raises WarehouseError where there is no event, a mart's SQL fails, or a check does not hold;
    then the current snapshot stays.
    """
    with folder.writing():
        recover(folder)
        files = folder.event_files()
        if not files:
            raise WarehouseError(
                f"{folder.events}: there are no events yet. Run `python -m journey demo` for "
                "the demo world, or `python -m journey ingest FILE --as FORMAT` for your own."
            )
        folder.marts.mkdir(parents=True, exist_ok=True)
        for leftover in folder.marts.glob("*.building*"):
            leftover.unlink()
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        target = folder.marts / f"{name}.duckdb.building"
        spill = folder.marts / "spill"
        try:
            with work_connection(spill, str(target)) as connection:
                _fill(connection, folder, config, files, name, progress)
            swap_in(folder, name)
        finally:
            target.unlink(missing_ok=True)
            shutil.rmtree(spill, ignore_errors=True)
        for old in snapshots(folder)[:-KEPT]:
            old.unlink()
    return Snapshot.current(folder)


def _fill(
    connection: duckdb.DuckDBPyConnection,
    folder: DataFolder,
    config: Config,
    files: list[Path],
    name: str,
    progress: Progress,
) -> None:
    """All tables of a snapshot."""
    connection.execute("set preserve_insertion_order = false")
    _open_events(connection, files)
    write_configuration(connection, config)
    progress("Telling channels", connection)
    write_traffic(connection, config.channels)
    progress("Reading comments", None)
    add_comments(connection, folder, config)
    currency = _currency(connection, config)
    parameters: dict[str, object] = {
        "gap_days": config.gap_days,
        "session_timeout_minutes": config.session_timeout_minutes,
        "conversion_window_days": config.conversion_window_days,
        "repeat_window_days": config.repeat_window_days,
        "cart_window_hours": config.cart_window_hours,
        "direct_lookback_days": config.channels.direct_lookback_days,
        "time_zone": config.time_zone,
        "currency": currency,
    }
    for path in sorted((queries_folder() / "marts").glob("*.sql")):
        table = path.stem.partition("_")[2]
        if table == "personas":
            progress("Finding personas", connection)
            add_personas(connection, config, currency)
        progress(f"Building {table}", connection)
        _make(connection, path, table, parameters)
    progress("Checking the tables", connection)
    hold(connection)
    write_health(connection, folder)
    _write_facts(connection, config, currency, name)
    for mart in _WORKING:
        connection.execute(f"drop {'view' if mart in _VIEWS else 'table'} {mart}")
    connection.execute("drop view events")
    for column in _WORKING_COLUMNS:
        connection.execute(f"alter table sequence drop column {column}")
    _spell_out(connection)
    connection.execute("checkpoint")


def _make(
    connection: duckdb.DuckDBPyConnection, path: Path, table: str, parameters: dict[str, object]
) -> None:
    """One mart from its file. Raises WarehouseError with the file where its SQL fails."""
    sql = path.read_text(encoding="utf-8")
    kind = "view" if table in _VIEWS else "temp table" if table in _WORKING else "table"
    try:
        statement = connection.extract_statements(f"create {kind} {table} as {sql}")[0]
        needed = statement.named_parameters
        connection.execute(statement, {key: parameters[key] for key in needed})
    except duckdb.Error as error:
        raise WarehouseError(
            f"{path}: {str(error).splitlines()[0]} The snapshot in use stays. Mend the file "
            "and build again."
        ) from None


def _spell_out(connection: duckdb.DuckDBPyConnection) -> None:
    """Give tables with a segment's number alone the columns of the segment, as views: written out
    in each, they would be a third of the snapshot, and of the time that many a table takes."""
    numbered = connection.sql(
        "select table_name from duckdb_columns() where column_name = 'segment_number' "
        "and table_name not like 'numbered%' and table_name in (select table_name "
        "from duckdb_tables()) except select table_name from duckdb_columns() "
        "where column_name = 'entry_channel'"
    )
    for (table,) in sorted(numbered.fetchall()):
        connection.execute(f"alter table {table} rename to numbered_{table}")
        connection.execute(f"create view {table} as {spelled_out(f'numbered_{table}')}")


def _open_events(connection: duckdb.DuckDBPyConnection, files: list[Path]) -> None:
    """The view `events` over the store, with a number for each event to join by; a damaged file
    is named."""
    listed = ", ".join(literal(str(path)) for path in files)
    try:
        connection.execute(
            "create view events as "
            f"select *, file_index::bigint << 32 | file_row_number as event_number "
            f"from read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
        )
    except duckdb.Error:
        for path in files:
            try:
                connection.read_parquet(str(path)).limit(1).fetchall()
            except duckdb.Error as error:
                raise WarehouseError(
                    f"{path}: not a readable Parquet file ({str(error).splitlines()[0]}). Move "
                    "it out of the event store, ingest its source again, and build."
                ) from None
        raise


def _currency(connection: duckdb.DuckDBPyConnection, config: Config) -> str | None:
    """The reporting currency: the configured one, else the one most amounts come in."""
    if config.currency:
        return config.currency
    found = connection.sql(
        "select currency from events where revenue is not null and currency is not null "
        "group by currency order by count(*) desc, currency limit 1"
    ).fetchall()
    return str(found[0][0]) if found else None


def _write_facts(
    connection: duckdb.DuckDBPyConnection, config: Config, currency: str | None, name: str
) -> None:
    """What a reader of the snapshot must know, as one row.

    The data is complete up to the watermark: the last event that is not in the future, or
    `observed_until` where the configuration says that more time than that was observed. It begins
    with the first event that no unset clock dated; intake did not always refuse those.
    """
    observed = None
    if config.observed_until:
        zone = ZoneInfo(config.time_zone)
        local = datetime.combine(config.observed_until, time(), zone)
        observed = local.astimezone(UTC).replace(tzinfo=None)
    connection.execute(
        """
        create table snapshot as
        select
            $name::varchar as name,
            $built_at::timestamp as built_at,
            greatest(
                coalesce(max(occurred_at) filter (where occurred_at <= $built_at), $built_at),
                least(coalesce($observed::timestamp, min(occurred_at)), $built_at)
            ) as watermark,
            coalesce(
                min(occurred_at) filter (where occurred_at >= $earliest), min(occurred_at)
            ) as first_at,
            count(*) as events,
            $currency::varchar as currency,
            $time_zone::varchar as time_zone,
            $business::varchar as business,
            $minimum_n::bigint as minimum_n,
            $gap_days::bigint as gap_days,
            $conversion_window_days::bigint as conversion_window_days,
            $repeat_window_days::bigint as repeat_window_days,
            $cart_window_hours::bigint as cart_window_hours,
            $channels::varchar as channels,
            coalesce(
                (select max(kind) from responses where is_headline_nps), 'relational'
            ) as nps_kind,
            (select count(*) from payments where not is_reporting_currency) as amounts_left_out
        from sequence
        """,
        {
            "name": name,
            "built_at": datetime.now(UTC).replace(tzinfo=None),
            "observed": observed,
            "earliest": datetime.combine(EARLIEST, time()),
            "currency": currency,
            "time_zone": config.time_zone,
            "business": config.name,
            "minimum_n": config.minimum_n,
            "gap_days": config.gap_days,
            "conversion_window_days": config.conversion_window_days,
            "repeat_window_days": config.repeat_window_days,
            "cart_window_hours": config.cart_window_hours,
            "channels": config.channels.words,
        },
    )
