"""What went wrong in a file's SQL, with the line where it can be found."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import duckdb

from journey.metrics.filters import Filters


class Asked(Protocol):
    """A file whose SELECT is put to the snapshot."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def sql(self) -> str:
        """Its text."""

    @property
    def parameters(self) -> frozenset[str]:
        """The parameters it names."""


def parameters(asked: Asked, filters: Filters) -> Mapping[str, object]:
    """The parameters the SQL names; DuckDB refuses any other."""
    return {name: getattr(filters, name) for name in asked.parameters}


def explained(
    asked: Asked, error: duckdb.Error, cursor: duckdb.DuckDBPyConnection, filters: Filters
) -> str:
    """DuckDB's error with the file and, where it can be found, the line."""
    lines = str(error).splitlines()
    if lines[0].startswith("Catalog Error: Table with name events does not exist"):
        return (
            f"{asked.path}: it reads `events`, and a file of the event store cannot be read. "
            "`python -m journey check` names the file; numbers that do not need it stand."
        )
    number = _line(asked, error, cursor, filters)
    place = f", line {number}" if number else ""
    hint = next((line.strip() for line in lines if "Candidate bindings" in line), "")
    cause = " ".join(_ended(part) for part in (lines[0], hint) if part)
    return f"{asked.path}{place}: DuckDB refuses the SQL. {cause} Mend the SQL and reload."


def _ended(text: str) -> str:
    """A sentence with a mark at its end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _line(
    asked: Asked, error: duckdb.Error, cursor: duckdb.DuckDBPyConnection, filters: Filters
) -> int | None:
    """The line of the file. Some versions of DuckDB count without the comments above the SQL, and
    all count in two lines of their own when a relation runs; when they bind one they name no line
    at all."""
    lines = asked.sql.splitlines()
    above = next(n for n, line in enumerate(lines) if line.strip() and line[:2] != "--")
    if named := _named(error, lines, (-2, above - 2)):
        return named
    try:
        cursor.execute("explain " + "\n".join(lines[above:]), parameters(asked, filters)).fetchall()
    except duckdb.Error as again:
        return _named(again, lines, (above,))
    return None


def _named(error: duckdb.Error, lines: Sequence[str], shifts: Sequence[int]) -> int | None:
    """The line that DuckDB names, by the first shift under which it is the line DuckDB quotes;
    where it quotes none of them, by the last."""
    found = re.search(r"^LINE (\d+): ?(.*)$", str(error), re.MULTILINE)
    if found is None:
        return None
    number, quoted = int(found.group(1)), found.group(2).strip(" .")
    for shift in shifts:
        place = number + shift
        if 0 < place <= len(lines) and quoted and quoted in lines[place - 1]:
            return place
    return number + shifts[-1]
