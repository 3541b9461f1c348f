"""One file as a table: CSV and plain lines as text, JSONL by its keys, Parquet as it is typed.

Every table has two more columns: `file_name`, and `file_line`, the row's place in the file.
`quarantine` turns places into lines where the two differ.
"""

from pathlib import Path

import duckdb

from journey.errors import IntakeError
from journey.intake.contract import BLANKS, FILE, HELPERS, LINE, literal, quoted
from journey.intake.text import Dialect, TextFile

_LONGEST = 8 << 20
"""A longer row is a broken row. DuckDB sets aside twice as much for each thread."""

_NO_DELIMITER = "\x1e\x1f\x1e"
"""Three control characters that no text holds, for lines that are not to be split."""

NO_OBJECT = "not a JSON object"
"""The reason of a line in a JSONL file that cannot be used."""


def parquet_table(connection: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    """A Parquet file; a damaged one is named, which DuckDB itself does not always do."""
    try:
        relation = connection.read_parquet(str(path), file_row_number=True, hive_partitioning=False)
        relation.aggregate("count(*)").fetchall()
    except duckdb.Error as error:
        raise damaged(path, error) from None
    columns = _sent([name for name in relation.columns if name != "file_row_number"])
    return relation.project(f"{columns}, {_named(path)}, file_row_number + 1 as {LINE}")


def parquet_tables(
    connection: duckdb.DuckDBPyConnection, paths: list[Path]
) -> duckdb.DuckDBPyRelation:
    """Parquet files with the same columns as one table, in the order given.

    One scan keeps their order at no cost. A union of scans, one a file, keeps it too, but reads
    ahead and sets aside what comes early: for many large files, most of the delivery.
    """
    relation = connection.read_parquet(
        [str(path) for path in paths],
        file_row_number=True,
        hive_partitioning=False,
        filename=True,
    )
    added = ("file_row_number", "filename")
    columns = _sent([name for name in relation.columns if name not in added])
    return relation.project(f"{columns}, filename as {FILE}, file_row_number + 1 as {LINE}")


def damaged(path: Path, error: duckdb.Error) -> IntakeError:
    """The error that names a Parquet file that cannot be read."""
    cause = str(error).splitlines()[0].rstrip(".")
    return IntakeError(f"{path}: not a readable Parquet file ({cause}). Export or copy it again.")


def csv_table(connection: duckdb.DuckDBPyConnection, file: TextFile) -> duckdb.DuckDBPyRelation:
    """A CSV file with every value as text. A row's place counts the header."""
    assert file.dialect is not None
    rows = _read(connection, file.plain, file.dialect)
    columns = _sent(file.dialect.columns)
    return rows.project(f"{columns}, {_named(file.path)}, row_number() over () + 1 as {LINE}")


def line_table(connection: duckdb.DuckDBPyConnection, file: TextFile) -> duckdb.DuckDBPyRelation:
    """Each line of a text file as it stands, in the column `line`."""
    rows = _read(connection, file.plain, None)
    return rows.project(f"line, {_named(file.path)}, row_number() over () as {LINE}")


def json_table(
    connection: duckdb.DuckDBPyConnection, file: TextFile
) -> tuple[duckdb.DuckDBPyRelation, duckdb.DuckDBPyRelation]:
    """A JSONL file's objects, their top-level keys as columns; and the lines that are none.

    A key that only ever holds text is a column of text; any other keeps its JSON.
    """
    lines = _over(
        line_table(connection, file),
        f"select *, coalesce(json_type(case when json_valid(line) then line end), '') = 'OBJECT' "
        f"as is_object from lines where trim(line, {BLANKS}) <> ''",
    )
    keys = json_keys(lines)
    if not keys:
        raise IntakeError(
            f"{file.path}: no line is a JSON object. Write one object a line, as in "
            '{"touchpoint": "product_viewed", ...}.'
        )
    pointers = ", ".join(literal(_pointer(key)) for key in keys)
    # Column names know no case: of keys that differ only in it, the first one that is there.
    alike: dict[str, list[str]] = {}
    for key in keys:
        alike.setdefault(key.lower(), []).append(key)
    place = {key: number for number, key in enumerate(keys, 1)}
    columns = ", ".join(
        f"coalesce({', '.join(_value(place[key], all(keys[k] for k in same)) for key in same)}) "
        f"as {quoted(_free(same[0] or '_'))}"
        for same in alike.values()
    )
    objects = _over(
        lines,
        f"select {columns}, {FILE}, {LINE} from (select json_extract(line, [{pointers}]) "
        f"as found, {FILE}, {LINE} from lines where is_object)",
    )
    others = _over(
        lines,
        f"select '{NO_OBJECT}' as reason, {FILE} as file, {LINE} as line, line as row "
        "from lines where not is_object",
    )
    return objects, others


def json_keys(lines: duckdb.DuckDBPyRelation) -> dict[str, bool]:
    """Every top-level key of the lines that are objects, and whether it only holds text."""
    kind = "json_extract_string(shape, '/' || replace(replace(key, '~', '~0'), '/', '~1'))"
    found = _over(
        lines,
        f"""
        select key, bool_and({kind} in ('VARCHAR', 'NULL'))
        from (
            select shape, unnest(json_keys(shape)) as key
            from (select distinct json_structure(line) as shape from lines where is_object)
        )
        group by key
        order by key
        """,
    )
    return dict(found.fetchall())


def _read(
    connection: duckdb.DuckDBPyConnection, path: Path, dialect: Dialect | None
) -> duckdb.DuckDBPyRelation:
    """The rows as text; what cannot be split is noted by DuckDB and does not stop it."""
    columns = dialect.columns if dialect else ["line"]
    return connection.read_csv(
        str(path),
        auto_detect=False,
        header=dialect is not None,
        skiprows=dialect.blank_lines if dialect else 0,
        columns=dict.fromkeys(columns, "VARCHAR"),
        delimiter=dialect.delimiter if dialect else _NO_DELIMITER,
        quotechar='"' if dialect else "",
        escapechar='"' if dialect else "",
        store_rejects=True,
        rejects_limit=0,
        max_line_size=_LONGEST,
        buffer_size=2 * _LONGEST,
    )


def _over(lines: duckdb.DuckDBPyRelation, sql: str) -> duckdb.DuckDBPyRelation:
    """A query over the relation, which it calls `lines`."""
    found = lines.query("lines", sql)
    assert found is not None
    return found


def _value(place: int, is_text: bool) -> str:
    """SQL: what was found at a place, as text or as JSON."""
    return f"found[{place}] ->> '$'" if is_text else f"nullif(found[{place}], 'null')"


def _sent(columns: list[str]) -> str:
    """SQL: the columns of a file, those with a name of ours under another."""
    return ", ".join(f"{quoted(name)} as {quoted(_free(name))}" for name in columns)


def _free(name: str) -> str:
    """The name, or another where it is one that only a format may give."""
    return f"{name}_sent" if name.lower() in HELPERS else name


def _named(path: Path) -> str:
    """SQL: the file's name as a column."""
    return f"{literal(str(path))} as {FILE}"


def _pointer(key: str) -> str:
    """A JSON pointer to a top-level key."""
    return "/" + key.replace("~", "~0").replace("/", "~1")
