"""A line more in the file of annotations: checked as when it is read, and nobody's lines lost.

The file belongs to the business, which may edit it in any editor. Who adds a line gives the
fingerprint of the file as they saw it; where it has changed since, nothing is written and they are
told. What stands there stays as it is: a line is put after the last, and only where the file lacks
a column that the line needs are its lines written anew, value by value.
"""

import csv
import hashlib
import io
import os
import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from journey.annotations import file
from journey.annotations.annotation import Annotation
from journey.datafolder import DataFolder
from journey.errors import IntakeError

_BOM = "\ufeff"
_FORMULA = "=+-@"


class AnnotationsMovedError(IntakeError):
    """The file is another than the one that its writer saw."""


def version(path: Path) -> str:
    """The fingerprint of the file as it is; empty where there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def add(
    folder: DataFolder, given: Mapping[str, str | date | None], metrics: Collection[str], seen: str
) -> Annotation:
    """Add one annotation, from column to value, and give it back as it is read.

    `seen` is the version of the file that the writer looked at. Raises AnnotationsMovedError where
    it is another by now, and IntakeError where the annotation makes no sense or the file cannot be
    added to.
    """
    path = folder.annotations
    one = file.checked({name: str(value) for name, value in given.items() if value}, metrics)
    try:
        with folder.noting():
            if version(path) != seen:
                raise AnnotationsMovedError(
                    f"{path.name} was changed while you were writing, so nothing is written yet. "
                    "Look at what stands there now, and add yours again."
                )
            before = path.read_bytes().decode("utf-8") if seen else ""
            _put(path, _with(path, before, _row(one)))
    except UnicodeDecodeError:
        raise IntakeError(
            f"{path}: not UTF-8, so no line can be added. Save it as CSV in UTF-8."
        ) from None
    except OSError as error:
        raise IntakeError(
            f"{path}: cannot be written here ({error.strerror}). Make the data folder writable for "
            "whoever runs this."
        ) from None
    return one


def _row(one: Annotation) -> dict[str, str]:
    """The annotation as it is read, from column to value, without what is empty."""
    row = {
        "day": one.day.isoformat(),
        "until": one.until.isoformat() if one.until else "",
        "kind": one.kind,
        "text": one.text,
        "metric": one.metric,
        "stage": one.stage,
        **dict(one.where),
    }
    return {name: value for name, value in row.items() if value}


def _with(path: Path, before: str, row: Mapping[str, str]) -> str:
    """The file's text with a line more."""
    bom = _BOM if before.startswith(_BOM) else ""
    text = before.removeprefix(_BOM)
    end = "\r\n" if "\r\n" in text else "\n"
    if not text.strip():
        columns = [name for name in file.COLUMNS if name in (*file.COLUMNS[:4], *row)]
        return f"{bom}{_line(columns, end)}{_line(_values(columns, row), end)}"
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise IntakeError(f"{path}: not a readable CSV file ({error}). Mend it first.") from None
    columns = [name.strip() for name in lines[0]]
    if missing := [name for name in file.NEEDED if name not in columns]:
        raise IntakeError(
            f"{path}, line 1: there is no column {missing[0]!r}, so no line can be added. The "
            f"first line names the columns, like {','.join(file.COLUMNS[:4])}."
        )
    if new := [name for name in row if name not in columns]:
        columns += new
        kept = [[*one, *[""] * len(new)] if one else one for one in lines[1:]]
        text = "".join(_line(one, end) for one in (columns, *kept))
    elif not text.endswith(("\n", "\r")):
        text += end
    return f"{bom}{text}{_line(_values(columns, row), end)}"


def _values(columns: Collection[str], row: Mapping[str, str]) -> list[str]:
    """The row's values in the order of the columns. What a spreadsheet would take for a formula
    gets a space before it, which is not read."""
    found = (row.get(name, "") for name in columns)
    return [f" {value}" if value.startswith(tuple(_FORMULA)) else value for value in found]


def _line(values: Collection[str], end: str) -> str:
    """One line of the file."""
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerow(values)
    return out.getvalue()


def _put(path: Path, text: str) -> None:
    """The file, whole or not at all: written aside, flushed, renamed."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        with aside.open("x", encoding="utf-8", newline="") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(path)
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
