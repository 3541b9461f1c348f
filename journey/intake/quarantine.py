"""What was rejected, with its reason, its file, its line and its text.

A row's place in its file is not its line where a value holds line breaks, a line is empty or a
row before it could not be split into columns. Those files are gone through once more, and the
places at which the two drift apart are noted.
"""

from pathlib import Path

import duckdb
import polars as pl

from journey.intake.checks import column_of
from journey.intake.contract import BLANKS
from journey.intake.reading import Delivery
from journey.intake.text import TextFile, row_lines

BROKEN = "broken row"
"""The reason of a row that cannot be split into columns."""

_SAMPLE = 40
"""Characters of a value that are shown with the reason."""


def note_broken(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> dict[str, int]:
    """Make the table `broken` once the files were read; give its rows by reason.

    Rows that could not be split are noted there with the byte at which they begin, lines that
    are no JSON objects with their place.
    """
    connection.execute(
        "create table broken (reason varchar, file varchar, byte bigint, line bigint, row varchar)"
    )
    connection.execute("insert into broken select reason, file, null, line, row from unusable")
    noted = "select 1 from duckdb_tables() where table_name = 'reject_errors'"
    if connection.sql(noted).fetchall():
        connection.execute("create table texts (plain varchar, path varchar)")
        for file in delivery.texts.values():
            names = [str(file.plain), str(file.path)]
            connection.execute("insert into texts values ($1, $2)", names)
        connection.execute(
            """
            insert into broken
            select $reason, texts.path, errors.line_byte_position - 1, null,
                trim(min(errors.csv_line), chr(10) || chr(13))
            from reject_errors as errors
            inner join reject_scans as scans using (scan_id, file_id)
            inner join texts on scans.file_path = texts.plain
            group by all
            """,
            {"reason": BROKEN},
        )
    counted = "select reason, count(*) from broken group by all order by count(*) desc, reason"
    return dict(connection.sql(counted).fetchall())


def samples(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """For each reason of the rows in `checked` and `broken` the first value that made a row
    rejected, as it was sent: the whole row where it cannot be split. A reason that is not about one
    value, or for which nothing was sent but blanks, is left out."""
    found: dict[str, str] = {}
    reasons = connection.sql("select distinct reason from checked where reason is not null")
    for (reason,) in reasons.order("reason").fetchall():
        if column := column_of(reason):
            sent = connection.execute(
                "select json_extract_string(row, '$.' || $column) as sent from checked "
                f"where reason = $reason and trim(sent, {BLANKS}) <> '' "
                "order by file_row_number limit 1",
                {"column": column, "reason": reason},
            )
            found.update((reason, value) for (value,) in sent.fetchall())
    first = "select reason, arg_min(row, coalesce(byte, line)) from broken group by reason"
    found.update(connection.sql(first).fetchall())
    return {reason: _cut(value) for reason, value in found.items()}


def _cut(value: str) -> str:
    """The beginning of a value."""
    return value if len(value) <= _SAMPLE else value[:_SAMPLE] + "…"


def write(connection: duckdb.DuckDBPyConnection, delivery: Delivery, target: Path) -> None:
    """Write all rejected rows of `checked` and `broken`, each with its line, by file and line."""
    connection.execute(
        """
        create table quarantined as
        select reason, file_name as file, null::bigint as byte, file_line as line, row
        from checked
        where reason is not null
        union all
        select reason, file, byte, line, row from broken
        """
    )
    connection.execute("create table drifts (file varchar, place bigint, drift bigint)")
    connection.execute("create table places (file varchar, byte bigint, line bigint)")
    for file in delivery.texts.values():
        span = {"file": str(file.path)}
        if connection.execute("from quarantined where file = $file limit 1", span).fetchall():
            _locate(connection, file)
    connection.sql(
        """
        select
            quarantined.reason,
            quarantined.file,
            coalesce(places.line, quarantined.line + coalesce(drifts.drift, 0)) as line,
            quarantined.row,
        from quarantined
        asof left join drifts
            on quarantined.file = drifts.file and quarantined.line >= drifts.place
        left join places
            on quarantined.file = places.file and quarantined.byte = places.byte
        order by file, line, reason
        """
    ).write_parquet(str(target), compression="zstd")


def _locate(connection: duckdb.DuckDBPyConnection, file: TextFile) -> None:
    """Fill `places`, the lines of the file's broken rows, and `drifts`, how far line and place
    of its other rows are apart from a place on."""
    found = connection.execute(
        "select byte from quarantined where file = $file and byte is not null order by byte",
        {"file": str(file.path)},
    )
    bytes_of_broken = [row[0] for row in found.fetchall()]
    lines_of_broken: list[int] = []
    drifts: list[tuple[int, int]] = []
    place = 1 if file.dialect else 0
    drift = 0
    for line, is_broken in row_lines(file, iter(bytes_of_broken)):
        if is_broken:
            lines_of_broken.append(line)
            continue
        place += 1
        if line - place != drift:
            drift = line - place
            drifts.append((place, drift))
    known = len(lines_of_broken)
    _insert(connection, "places", file, bytes_of_broken[:known], lines_of_broken)
    _insert(connection, "drifts", file, [at for at, _ in drifts], [by for _, by in drifts])


def _insert(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    file: TextFile,
    first: list[int],
    second: list[int],
) -> None:
    """Add rows of two numbers to one of the two tables."""
    frame = pl.DataFrame(
        {"file": [str(file.path)] * len(first), "first": first, "second": second},
        schema={"file": pl.String, "first": pl.Int64, "second": pl.Int64},
    )
    connection.register("found", frame.to_arrow())
    connection.execute(f"insert into {table} select file, first, second from found")
    connection.unregister("found")
