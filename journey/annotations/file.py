"""The file of annotations: read line by line, so that a bad line costs itself only.

The first line names the columns, in any order: `day` and `text`, and as many of `until`, `kind`,
`metric`, `stage` and the filters as are wanted.
"""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from journey.annotations.annotation import SCOPES, Annotation
from journey.config import STAGES
from journey.errors import IntakeError, suggest
from journey.metrics.filters import SEGMENTS

NEEDED = ("day", "text")
COLUMNS = ("day", "until", "kind", "text", *SCOPES)
LONGEST = 160
"""The most characters of a text: it must fit beneath a picture on a phone."""
LONGEST_KIND = 24
MOST = 2_000
"""The most lines that are read."""
LARGEST = 1_000_000
"""In bytes: a file beyond it was not written by hand."""
_TOLD = 20
"""The most bad lines that are told one by one."""


@dataclass(frozen=True)
class Kept:
    """All that a file says: the annotations by day, and a sentence for each line left out."""

    annotations: tuple[Annotation, ...] = ()
    problems: tuple[str, ...] = ()


def read(path: Path, metrics: Collection[str]) -> Kept:
    """The annotations of a file; none where there is no file. `metrics` are the names that its
    column `metric` may hold, with or without their page. Never raises: what cannot be used is told
    with file, line, cause and remedy."""
    if not path.exists():
        return Kept()
    found: list[Annotation] = []
    bad: list[str] = []
    try:
        if path.stat().st_size > LARGEST:
            raise IntakeError(
                f"{path}: larger than {LARGEST // 1_000_000} MB, so nothing of it is read. Keep "
                "to what a reader of the charts must know."
            )
        for where, row in _rows(path, bad):
            try:
                found.append(_annotation(where, row, metrics))
            except IntakeError as error:
                bad.append(str(error))
    except IntakeError as error:
        bad.append(str(error))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        bad.append(
            f"{path}: not a readable CSV file ({error}). What stood before that place is used. "
            "Save it again as CSV in UTF-8."
        )
    if len(bad) > _TOLD:
        bad[_TOLD:] = [f"{path}: {len(bad) - _TOLD} more lines cannot be used."]
    return Kept(tuple(sorted(found, key=lambda one: (one.day, one.last, one.text))), tuple(bad))


def checked(row: Mapping[str, str], metrics: Collection[str]) -> Annotation:
    """An annotation that is about to be written, from column to value. Raises IntakeError."""
    return _annotation("Not written", {name: row.get(name, "") for name in COLUMNS}, metrics)


def _rows(path: Path, bad: list[str]) -> Iterator[tuple[str, Mapping[str | None, object]]]:
    """Each line with its place; what is wrong with the first line goes to `bad`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.DictReader(file)
        given = [str(name).strip() for name in lines.fieldnames or []]
        lines.fieldnames = given
        first = f"{path}, line 1"
        wanted = f"The first line names the columns, like {','.join(COLUMNS[:4])}."
        for name in NEEDED:
            if name not in given:
                raise IntakeError(
                    f"{first}: there is no column {name!r}.{suggest(name, given)} {wanted} "
                    "Columns are parted by commas."
                )
        if len(set(given)) < len(given):
            raise IntakeError(f"{first}: a column stands there twice. Name each once.")
        bad += [
            f"{first}: the column {name!r} is not known and is not looked at."
            f"{suggest(name, COLUMNS)} There are {', '.join(COLUMNS)}."
            for name in given
            if name not in COLUMNS
        ]
        for number, row in enumerate(lines, 1):
            if number > MOST:
                raise IntakeError(
                    f"{path}, line {lines.line_num}: more than {MOST:,} annotations; what follows "
                    "is not read. Take the old ones out."
                )
            yield f"{path}, line {lines.line_num}", row


def _annotation(
    where: str, row: Mapping[str | None, object], metrics: Collection[str]
) -> Annotation:
    """One line, checked."""
    if None in row or None in row.values():
        raise IntakeError(
            f"{where}: not as many values as columns. Put quotes around a text that has a comma, "
            "and leave a value empty rather than out."
        )
    # Control characters cannot be seen, and break a line in two.
    text = {
        str(name): " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
        for name, value in row.items()
    }
    day = _day(where, "day", text["day"])
    until = _day(where, "until", text["until"]) if text.get("until") else None
    if until is not None and until < day:
        raise IntakeError(f"{where}: until {until} is before day {day}. Swap the two days.")
    if not text["text"]:
        raise IntakeError(f"{where}: there is no text. Say in a few words what happened.")
    for name, most in (("text", LONGEST), ("kind", LONGEST_KIND)):
        if len(text.get(name, "")) > most:
            raise IntakeError(
                f"{where}: the {name} has {len(text[name])} characters. Keep it to {most}; it "
                "stands beneath a chart."
            )
    _one_of(where, "metric", text.get("metric", ""), metrics)
    _one_of(where, "stage", text.get("stage", ""), STAGES)
    return Annotation(
        day,
        text["text"],
        until if until != day else None,
        text.get("kind", ""),
        text.get("metric", ""),
        text.get("stage", ""),
        tuple((name, text[name]) for name in SEGMENTS if text.get(name)),
    )


def _day(where: str, name: str, text: str) -> date:
    """A day as it is written."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise IntakeError(
            f"{where}: {name} is {text[:40]!r}, which is no day. Write it like 2026-01-31."
        ) from None


def _one_of(where: str, name: str, value: str, known: Collection[str]) -> None:
    """A name must be one that there is; it may be empty."""
    if value and value not in known:
        raise IntakeError(
            f"{where}: there is no {name} {value[:40]!r}.{suggest(value, known)} "
            "Leave it empty where it is about everything."
        )
