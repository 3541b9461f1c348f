"""A delivery: which file is which input of the format, and its inputs as views.

A view named after the input is made for each, over all of its files. Rows that cannot be split
into columns are not lost: `quarantine` gives them back.
"""

import os
import re
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import duckdb

from journey.errors import IntakeError, suggest
from journey.intake.contract import FILE, LINE, quoted
from journey.intake.sources import Input, Source
from journey.intake.tables import (
    csv_table,
    json_table,
    line_table,
    parquet_table,
    parquet_tables,
)
from journey.intake.text import TextFile, dialect, plain


@dataclass(frozen=True)
class Delivery:
    """What the user gave: for each input its files."""

    source: Source
    files: dict[str, list[Path]]
    texts: dict[Path, TextFile] = field(default_factory=dict)
    """The files that are read as text, once they are open."""

    @property
    def paths(self) -> list[Path]:
        """All files."""
        return [path for paths in self.files.values() for path in paths]


def match_files(
    connection: duckdb.DuckDBPyConnection, source: Source, given: list[str], aside: Path
) -> Delivery:
    """Sort `FILE` and `NAME=FILE` arguments to the format's inputs.

    A file without a name goes to the one input whose columns it has; a file that is given twice
    is taken once. Raises IntakeError for a missing file, an unknown name, or a file that fits
    none or several of the inputs.
    """
    files: dict[str, list[Path]] = {item.name: [] for item in source.inputs}
    for argument in given:
        name, equals, rest = argument.partition("=")
        named = equals == "=" and re.fullmatch(r"\w+", name) and not Path(argument).exists()
        if named and name not in files:
            raise IntakeError(
                f"{argument}: no such file, and the format {source.name} has no input {name!r}."
                f"{suggest(name, files)} Its inputs: {', '.join(files)}."
            )
        path = Path(rest if named else argument)
        _check_file(path)
        target = name if named else _input_for(connection, source, path, aside)
        if not any(path.samefile(other) for other in files[target]):
            files[target].append(path)
    for item in source.inputs:
        if not files[item.name] and not item.optional:
            raise IntakeError(
                f"The format {source.name} also needs the input {item.name!r}. "
                f"Add {item.name}=FILE, a file with the columns {', '.join(item.columns)}."
            )
    return Delivery(source, files)


def open_inputs(connection: duckdb.DuckDBPyConnection, delivery: Delivery, aside: Path) -> None:
    """Make one view per input, after checking that each file has the columns needed, and the
    table `unusable` of the lines in JSONL files that are no objects."""
    connection.execute(
        "create table unusable (reason varchar, file varchar, line bigint, row varchar)"
    )
    for item in delivery.source.inputs:
        tables: list[tuple[Path, duckdb.DuckDBPyRelation]] = []
        for path in delivery.files[item.name]:
            relation, others = _table(connection, delivery, path, aside)
            if others:
                others.insert_into("unusable")
            if delivery.source.reads == "columns":
                _check_columns(item, path, relation.columns[:-2])
            tables.append((path, relation))
        relations = _joined(connection, delivery, tables)
        if not relations:
            names = ", ".join(f"null::varchar as {quoted(name)}" for name in item.columns)
            relations.append(
                connection.sql(f"select {names}, null::varchar as {FILE}, 0 as {LINE} where false")
            )
        json = {
            name.lower()
            for relation in relations
            for name, kind in zip(relation.columns, relation.types, strict=True)
            if str(kind) == "JSON"
        }
        for number, relation in enumerate(relations):
            # A column that is JSON in one file cannot be text in another.
            relation.project(
                ", ".join(
                    f"to_json({quoted(name)}) as {quoted(name)}"
                    if name.lower() in json and str(kind) != "JSON"
                    else quoted(name)
                    for name, kind in zip(relation.columns, relation.types, strict=True)
                )
            ).create_view(f"{item.name}_{number}")
        union = " union all by name ".join(
            f"select * from {quoted(f'{item.name}_{number}')}" for number in range(len(relations))
        )
        connection.execute(f"create temp view {quoted(item.name)} as {union}")


def _joined(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    tables: list[tuple[Path, duckdb.DuckDBPyRelation]],
) -> list[duckdb.DuckDBPyRelation]:
    """The tables, with Parquet files that follow each other and have the same columns as one."""
    relations = []
    for shape, run in groupby(tables, lambda table: _shape(delivery, *table)):
        same = list(run)
        if shape and len(same) > 1:
            relations.append(parquet_tables(connection, [path for path, _ in same]))
        else:
            relations += [relation for _, relation in same]
    return relations


def _shape(
    delivery: Delivery, path: Path, relation: duckdb.DuckDBPyRelation
) -> tuple[tuple[str, str], ...]:
    """A Parquet file's columns and types; nothing for a file that is read on its own: as text, or
    because it has a column under the name that a scan of several files adds."""
    if path in delivery.texts or "filename" in map(str.lower, relation.columns):
        return ()
    return tuple(zip(relation.columns, map(str, relation.types), strict=True))


def _table(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, path: Path, aside: Path
) -> tuple[duckdb.DuckDBPyRelation, duckdb.DuckDBPyRelation | None]:
    """The file's rows, with file_name and file_line, and lines that hold none."""
    reads_lines = delivery.source.reads == "lines"
    kind = "lines" if reads_lines else _kind(path)
    if kind == "parquet":
        return parquet_table(connection, path), None
    form = dialect(path) if kind == "csv" else None
    file = delivery.texts[path] = TextFile(path, plain(path, aside), form)
    if kind == "csv":
        return csv_table(connection, file), None
    if kind == "lines":
        return line_table(connection, file), None
    return json_table(connection, file)


def _check_file(path: Path) -> None:
    """Say so plainly where there is no file or nothing in it."""
    if not path.exists():
        beside = [other.name for other in path.parent.glob("*")] if path.parent.is_dir() else []
        raise IntakeError(
            f"{path}: no such file.{suggest(path.name, beside)} Check the path and try again."
        )
    if path.is_dir():
        raise IntakeError(f"{path}: a folder, not a file. Name the files in it, as in {path}/*.csv")
    if not os.access(path, os.R_OK):
        raise IntakeError(f"{path}: this file may not be read. Change its permissions.")
    if path.stat().st_size == 0:
        raise IntakeError(f"{path}: the file is empty. Export it again.")


def _kind(path: Path) -> str:
    """`parquet`, `jsonl` or `csv`, from the file's first bytes and its name."""
    with path.open("rb") as file:
        start = file.read(4)
    names = [suffix.lower() for suffix in path.suffixes[-2:]]
    if start == b"PAR1" or names[-1:] in ([".parquet"], [".pq"]):
        return "parquet"
    if {".jsonl", ".ndjson", ".json"} & set(names):
        return "jsonl"
    return "csv"


def _input_for(
    connection: duckdb.DuckDBPyConnection, source: Source, path: Path, aside: Path
) -> str:
    """The one input whose columns the file has."""
    if len(source.inputs) == 1:
        return source.inputs[0].name
    if _kind(path) == "csv":
        columns = dialect(path).columns
    else:
        columns = _table(connection, Delivery(source, {}), path, aside)[0].columns[:-2]
    lower = {name.lower() for name in columns}
    fits = [item.name for item in source.inputs if lower >= {name.lower() for name in item.columns}]
    if len(fits) != 1:
        names = " ".join(f"{item.name}=FILE" for item in source.inputs)
        raise IntakeError(
            f"{path}: cannot tell which input of {source.name} this is. Say so: {names}"
        )
    return fits[0]


def _check_columns(item: Input, path: Path, columns: list[str]) -> None:
    """Name the first column that is missing, and the nearest one there is."""
    lower = {name.lower() for name in columns}
    for needed in item.columns:
        choices = needed.split("|")
        if not {choice.lower() for choice in choices} & lower:
            wanted = " or ".join(choices)
            raise IntakeError(
                f"{path}: there is no column {wanted}.{suggest(choices[0], columns)} "
                f"The columns are {', '.join(columns[:40])}. Rename the column or pick the "
                "format that fits with --as."
            )
