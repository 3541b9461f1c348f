"""Files as tables: CSV, JSONL, Parquet or plain lines, each row with its file and line.

A view named after the input is made for each, with the file's columns as text (Parquet keeps
its types) and two more: `file_name` and `file_line`. Rows that cannot be split into columns
are not lost: DuckDB notes them, and `broken_rows` gives them back.
"""

import csv
import gzip
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from journey.errors import IntakeError, suggest
from journey.intake.contract import quoted
from journey.intake.sources import Input, Source

FILE, LINE = "file_name", "file_line"
_SAMPLE = 1 << 16


@dataclass(frozen=True)
class Delivery:
    """What the user gave: for each input its files."""

    source: Source
    files: dict[str, list[Path]]


def match_files(
    connection: duckdb.DuckDBPyConnection, source: Source, given: list[str]
) -> Delivery:
    """Sort `FILE` and `NAME=FILE` arguments to the format's inputs.

    A file without a name goes to the one input whose columns it has. Raises IntakeError for
    a missing file, an unknown name, or a file that fits none or several of the inputs.
    """
    files: dict[str, list[Path]] = {item.name: [] for item in source.inputs}
    for argument in given:
        name, equals, rest = argument.partition("=")
        named = equals == "=" and re.fullmatch(r"\w+", name) and not Path(argument).exists()
        path = Path(rest if named else argument)
        _check_file(path)
        if named and name not in files:
            raise IntakeError(
                f"The format {source.name} has no input {name!r}.{suggest(name, files)} "
                f"Its inputs: {', '.join(files)}."
            )
        target = name if named else _input_for(connection, source, path)
        files[target].append(path)
    for item in source.inputs:
        if not files[item.name] and not item.optional:
            raise IntakeError(
                f"The format {source.name} also needs the input {item.name!r}. "
                f"Add {item.name}=FILE, a file with the columns {', '.join(item.columns)}."
            )
    return Delivery(source, files)


def open_inputs(connection: duckdb.DuckDBPyConnection, delivery: Delivery) -> None:
    """Make one view per input, after checking that each file has the columns needed."""
    for item in delivery.source.inputs:
        relations = []
        for path in delivery.files[item.name]:
            if delivery.source.reads == "columns":
                _check_columns(item, path, _columns(connection, path))
            relations.append(_relation(connection, delivery.source.reads, path))
        if not relations:
            names = ", ".join(f"null::varchar as {quoted(name)}" for name in item.columns)
            relations.append(
                connection.sql(f"select {names}, null::varchar as {FILE}, 0 as {LINE} where false")
            )
        for number, relation in enumerate(relations):
            relation.create_view(f"{item.name}_{number}")
        union = " union all by name ".join(
            f"select * from {quoted(f'{item.name}_{number}')}" for number in range(len(relations))
        )
        connection.execute(f"create temp view {quoted(item.name)} as {union}")


def broken_rows(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int, str]]:
    """Rows that could not be split into columns, known once the files were read: file, line,
    and the text as it stands."""
    noted = connection.sql("select table_name from duckdb_tables() where table_name = 'reject_errors'")
    if not noted.fetchall():
        return []
    return connection.sql(
        """
        select scans.file_path, errors.line::bigint, min(errors.csv_line)
        from reject_errors as errors
        inner join reject_scans as scans using (scan_id, file_id)
        group by all
        order by all
        """
    ).fetchall()


def _check_file(path: Path) -> None:
    """Say so plainly where there is no file or nothing in it."""
    if not path.exists():
        beside = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
        raise IntakeError(
            f"{path}: no such file.{suggest(path.name, beside)} Check the path and try again."
        )
    if path.is_dir():
        raise IntakeError(f"{path}: a folder, not a file. Name the files in it, as in {path}/*.csv")
    if path.stat().st_size == 0:
        raise IntakeError(f"{path}: the file is empty. Export it again.")


def _kind(path: Path) -> str:
    """`parquet`, `jsonl` or `csv`, from the file's first bytes and its name."""
    with path.open("rb") as file:
        start = file.read(4)
    names = [suffix.lower() for suffix in path.suffixes]
    if start == b"PAR1" or names[-1:] in ([".parquet"], [".pq"]):
        return "parquet"
    if {".jsonl", ".ndjson", ".json"} & set(names):
        return "jsonl"
    return "csv"


def _input_for(connection: duckdb.DuckDBPyConnection, source: Source, path: Path) -> str:
    """The one input whose columns the file has."""
    if len(source.inputs) == 1:
        return source.inputs[0].name
    columns = set(_columns(connection, path))
    fits = [item.name for item in source.inputs if columns >= set(item.columns)]
    if len(fits) != 1:
        names = " ".join(f"{item.name}=FILE" for item in source.inputs)
        raise IntakeError(
            f"{path}: cannot tell which input of {source.name} this is. Say so: {names}"
        )
    return fits[0]


def _check_columns(item: Input, path: Path, columns: list[str]) -> None:
    """Name the first column that is missing, and the nearest one there is."""
    for needed in item.columns:
        choices = needed.split("|")
        if not set(choices) & set(columns):
            wanted = " or ".join(choices)
            raise IntakeError(
                f"{path}: there is no column {wanted}.{suggest(choices[0], columns)} "
                f"The columns are {', '.join(columns[:40])}. Rename the column or pick the "
                "format that fits with --as."
            )


def _columns(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """The file's column names."""
    kind = _kind(path)
    if kind == "parquet":
        return _parquet(connection, path).columns[:-2]
    if kind == "jsonl":
        return _json_keys(connection, path)
    return _Dialect.of(path).columns


def _relation(
    connection: duckdb.DuckDBPyConnection, reads: str, path: Path
) -> duckdb.DuckDBPyRelation:
    """The file's rows, with file_name and file_line."""
    if reads == "lines":
        return _lines(connection, path).project(f"line, {_place(path)}, {LINE}")
    kind = _kind(path)
    if kind == "parquet":
        return _parquet(connection, path)
    if kind == "jsonl":
        return _jsonl(connection, path)
    return _csv(connection, path)


def _place(path: Path) -> str:
    """SQL: the file's name as a column."""
    return "'" + str(path).replace("'", "''") + f"' as {FILE}"


def _parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    """A Parquet file; a damaged one is named, which DuckDB itself does not always do."""
    try:
        relation = connection.read_parquet(str(path), file_row_number=True)
        relation.limit(1).fetchall()
    except duckdb.Error as error:
        first = str(error).splitlines()[0]
        raise IntakeError(
            f"{path}: not a readable Parquet file ({first}). Export or copy it again."
        ) from None
    names = ", ".join(quoted(name) for name in relation.columns if name != "file_row_number")
    return relation.project(f"{names}, {_place(path)}, file_row_number + 1 as {LINE}")


@dataclass(frozen=True)
class _Dialect:
    """How a CSV file is written, read off its first line."""

    delimiter: str
    encoding: str
    columns: list[str]

    @classmethod
    def of(cls, path: Path) -> "_Dialect":
        """The dialect; raises IntakeError where the file is not text."""
        opened = _open_text(path)
        start = opened[: opened.rfind(b"\n") + 1] or opened
        encoding = "utf-8"
        try:
            text = start.decode("utf-8-sig")
        except UnicodeDecodeError:
            text, encoding = start.decode("latin-1"), "latin-1"
        if re.search(r"[\x00-\x08\x0e-\x1f]", text):
            raise IntakeError(
                f"{path}: not a CSV file (it holds binary data). "
                "Give a CSV, JSONL (.jsonl) or Parquet file."
            )
        header = next(line for line in text.splitlines() if line.strip()) if text.strip() else ""
        delimiter = max(",;\t|", key=header.count)
        columns = [name.strip() for name in next(csv.reader([header], delimiter=delimiter), [])]
        doubled = {name for name in columns if columns.count(name) > 1}
        if not header or doubled or not all(columns):
            cause = f"the column {min(doubled)} twice" if doubled else "a column without a name"
            raise IntakeError(
                f"{path}: not a CSV file with a header line (it has {cause}). "
                "Give the first line one different name per column."
            )
        return cls(delimiter, encoding, columns)


def _open_text(path: Path) -> bytes:
    """The first bytes, unpacked where the file is gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        return bytes(file.read(_SAMPLE))


def _csv(connection: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    """A CSV file with every value as text. The line is the record's place after the header."""
    dialect = _Dialect.of(path)
    rows = connection.read_csv(
        str(path),
        auto_detect=False,
        header=True,
        columns={name: "VARCHAR" for name in dialect.columns},
        delimiter=dialect.delimiter,
        quotechar='"',
        escapechar='"',
        encoding=dialect.encoding,
        store_rejects=True,
        rejects_limit=0,
        max_line_size=16 << 20,
    )
    # A quoted value may hold line breaks, which push the rows after it further down the file.
    # (Running totals without an order are streamed by DuckDB, in file order.)
    whole = f"concat({', '.join(quoted(name) for name in dialect.columns)})"
    breaks = f"(length({whole}) - length(replace({whole}, chr(10), '')))"
    before = f"sum({breaks}) over (rows between unbounded preceding and current row) - {breaks}"
    return rows.project(
        f"*, {_place(path)}, (row_number() over () + 1 + {before})::bigint as {LINE}"
    )


def _lines(connection: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    """Each line of a text file as it stands."""
    rows = connection.read_csv(
        str(path),
        auto_detect=False,
        header=False,
        columns={"line": "VARCHAR"},
        delimiter="\x01",
        quotechar="",
        escapechar="",
        max_line_size=16 << 20,
    )
    return rows.project(f"line, row_number() over () as {LINE}")


def _json_keys(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """Every top-level key of the file's objects, in order of name."""
    keys = _lines(connection, path).query(
        "lines",
        "select distinct unnest(json_keys(line)) as key from lines "
        "where json_valid(line) and json_type(line) = 'OBJECT' order by key",
    )
    names = [row[0] for row in keys.fetchall()]
    if not names:
        raise IntakeError(
            f"{path}: no line is a JSON object. Write one object a line, as in "
            '{"touchpoint": "product_viewed", ...}.'
        )
    return names


def _jsonl(connection: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyRelation:
    """One JSON object a line, its top-level keys as columns of text; nested values stay JSON.

    A line that is no JSON object has null in every column, so it is rejected for what it lacks,
    and kept whole.
    """
    keys = _json_keys(connection, path)
    columns = ", ".join(
        f"case when is_object then json_extract_string(line, {_pointer(key)}) end as {quoted(key)}"
        for key in keys
    )
    return _lines(connection, path).query(
        "lines",
        f"select {columns}, {_place(path)}, {LINE} from (select *, json_valid(line) and "
        "coalesce(json_type(case when json_valid(line) then line end), '') = 'OBJECT' "
        "as is_object from lines)",
    )


def _pointer(key: str) -> str:
    """SQL: a JSON pointer to a top-level key."""
    escaped = key.replace("~", "~0").replace("/", "~1").replace("'", "''")
    return f"'/{escaped}'"
