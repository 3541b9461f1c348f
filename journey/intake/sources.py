"""The formats: one SQL file each in queries/sources/, read and checked."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from journey import ROOT
from journey.errors import IntakeError, suggest

HEADER_KEYS = ("title", "reads", "input")


@dataclass(frozen=True)
class Input:
    """One file, or several of the same kind, that a format reads."""

    name: str
    columns: tuple[str, ...]
    """The columns that must be there."""
    optional: bool


@dataclass(frozen=True)
class Source:
    """A format: which inputs it reads and the SQL that maps them onto the contract."""

    name: str
    path: Path
    title: str
    reads: str
    """`columns` (a table with a header) or `lines` (plain text, one column `line`)."""
    inputs: tuple[Input, ...]
    sql: str


def queries_folder() -> Path:
    """The folder of all SQL: JOURNEY_QUERIES, else queries/ beside the package."""
    return Path(os.environ.get("JOURNEY_QUERIES") or ROOT / "queries")


def known_sources() -> list[str]:
    """The names of the formats there are."""
    return sorted(path.stem for path in (queries_folder() / "sources").glob("*.sql"))


def source(name: str) -> Source:
    """Read the format's file. Raises IntakeError for an unknown name or a broken header."""
    path = queries_folder() / "sources" / f"{name}.sql"
    if name not in known_sources():
        raise IntakeError(
            f"There is no format {name!r}.{suggest(name, known_sources())} "
            f"Known formats: {', '.join(known_sources())}. "
            "A new format is a new file in queries/sources/."
        )
    sql = path.read_text(encoding="utf-8")
    titles: list[str] = []
    reads = "columns"
    inputs: list[Input] = []
    for number, line in _header(sql):
        match = re.fullmatch(r"-- (\w+):\s*(.*)", line)
        key = match.group(1) if match else line.strip("- ")
        if match is None or key not in HEADER_KEYS:
            raise IntakeError(
                f"{path}, line {number}: unknown header {key!r}.{suggest(key, HEADER_KEYS)} "
                f"A format's header holds {', '.join(HEADER_KEYS)}."
            )
        value = match.group(2).strip()
        if key == "title":
            titles.append(value)
        elif key == "reads":
            reads = value
        else:
            inputs.append(_input(value))
    if len(titles) != 1 or not inputs or reads not in ("columns", "lines"):
        raise IntakeError(
            f"{path}: the header needs one '-- title: ...', at least one "
            "'-- input: NAME COLUMN, COLUMN' and, where it reads plain text, '-- reads: lines'."
        )
    return Source(name, path, titles[0], reads, tuple(inputs), sql)


def _header(sql: str) -> list[tuple[int, str]]:
    """The header's entries with their line numbers; one that ends in a comma goes on."""
    entries: list[tuple[int, str]] = []
    for number, line in enumerate(sql.splitlines(), 1):
        if not line.startswith("--") or not line.strip("- "):
            break
        if entries and entries[-1][1].endswith(","):
            first, begun = entries.pop()
            entries.append((first, f"{begun} {line.strip('- ')}"))
        else:
            entries.append((number, line.rstrip()))
    return entries


def _input(value: str) -> Input:
    """`leads mql_id, origin` or, where the file may be absent, `items? order_id, price`."""
    name, _, columns = value.partition(" ")
    names = tuple(column.strip() for column in columns.split(",") if column.strip())
    return Input(name.rstrip("?"), names, name.endswith("?"))
