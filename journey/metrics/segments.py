"""Segment files: people, chosen by one SELECT each. The folder is the list, the file the name."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from journey.errors import MetricError, suggest
from journey.intake.sources import queries_folder
from journey.metrics.metric import gated, header_of

KEYS = ("title", "question")
"""What a segment's header must say, each once."""

_NAME = r"[a-z][a-z0-9_]{0,63}"


@dataclass(frozen=True)
class Segment:
    """People chosen by what they are or did: a SELECT that gives one column, `person_id`."""

    name: str
    path: Path
    title: str
    question: str
    notes: str
    """The definition and its traps, as paragraphs."""
    sql: str
    parameters: frozenset[str]


def files() -> list[Path]:
    """The segment files, in order of name."""
    return sorted((queries_folder() / "segments").glob("*.sql"))


def names() -> list[str]:
    """The names of all segments, the broken ones too, in order."""
    return [path.stem for path in files()]


def read(path: Path) -> Segment:
    """Read one file. Raises MetricError with the file, the line, the cause and the remedy."""
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as error:
        cause = error.strerror or str(error)
        raise MetricError(
            f"{path}: this file cannot be read ({cause}). Mend it or take it out of the folder."
        ) from None


def find(name: str) -> Segment:
    """The segment of that name. Raises MetricError where there is none, or it is broken."""
    path = queries_folder() / "segments" / f"{name}.sql"
    # Looked up in the list, never opened by name: a name is not a way to a file.
    if name not in names():
        there = f"There are: {', '.join(names())}." if names() else "There is none yet."
        raise MetricError(
            f"There is no segment {name!r}.{suggest(name, names())} {there} "
            "A new segment is a new file in queries/segments/."
        )
    return read(path)


def title_of(name: str) -> str:
    """The segment's title, where its header can be read; else its name. A file whose SQL is broken
    keeps its title, so that an address that names it does not silently lose it."""
    path = queries_folder() / "segments" / f"{name}.sql"
    if name not in names():
        return name
    try:
        return _title(path, path.stat().st_mtime_ns)
    except OSError:
        return name


@lru_cache(maxsize=1_000)
def _title(path: Path, changed_at: int) -> str:
    """The title as the file's header gives it."""
    try:
        header, _ = header_of(path, path.read_text(encoding="utf-8-sig"), KEYS)
    except (MetricError, UnicodeDecodeError):
        return path.stem
    return header["title"]


@lru_cache(maxsize=1_000)
def _read(path: Path, changed_at: int) -> Segment:
    """The file as it was at its last change."""
    if not re.fullmatch(_NAME, path.stem):
        raise MetricError(
            f"{path}: {path.stem!r} is no name for a segment. Rename the file: small letters, "
            "digits and _, a letter first, 64 at most."
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise MetricError(
            f"{path}: not UTF-8 text (byte {error.start}). Save the file as UTF-8."
        ) from None
    header, notes = header_of(path, text, KEYS)
    return Segment(
        name=path.stem, path=path, notes=notes, sql=text, parameters=gated(path, text), **header
    )
