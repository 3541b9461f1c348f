"""One row of the ledger as a TOML file: read and checked, and written without touching the rest.

A file stands open to be edited by hand. What a person wrote into it beside our keys, comments and
empty lines, stays where it is when we write. The latest entry of the history comes last, so that
a difference between two versions shows what was added.
"""

import hashlib
import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from journey.errors import LedgerError, suggest
from journey.ledger.note import Entry, Note, Place

_HEAD = "A row of the ledger of what hurts. Edit it by hand if you like; it is checked when read."

_ROW: dict[str, Any] = {
    "key": str,
    "owner": str,
    "due": date,
    "fixed_on": date,
    "pain": dict,
    "history": list,
}
_PAIN: dict[str, Any] = {
    "title": str,
    "stage": str,
    "metric": str,
    "touchpoint": str,
    "since": date,
    "sentence": str,
    "money_a_month": (int, float),
    "by_hand": bool,
    "who": dict,
}
_ENTRY: dict[str, Any] = {
    "at": datetime,
    "by": str,
    "did": str,
    "comment": str,
    "fixed_on": date,
}


def file_name(key: str) -> str:
    """The name of a key's file: the key where that is a plain word, else its plain part and a
    fingerprint, so that no key can name a file elsewhere and no two share one.

    >>> file_name("drop_off-checkout-2026-07-03")
    'drop_off-checkout-2026-07-03.toml'
    >>> file_name("../Mobile checkout")
    'mobile-checkout-fd5ce6c2.toml'
    """
    if re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,79}", key):
        return f"{key}.toml"
    plain = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[:60].strip("-") or "row"
    return f"{plain}-{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()[:8]}.toml"


def read(path: Path) -> Note:
    """The row that a file holds. Raises LedgerError, naming the file and what is wrong with it."""
    try:
        raw = path.read_bytes()
        row = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LedgerError(f"{path}: not valid TOML: {error}. Mend that line.") from None
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read ({error.strerror}). Allow it.") from None
    where = str(path)
    _check(row, _ROW, where, needed=("key", "pain"))
    _check(row["pain"], _PAIN, f"{where}, [pain]", needed=("title", "stage", "metric"))
    who = row["pain"].get("who", {})
    _check(who, dict.fromkeys(who, str), f"{where}, [pain.who]")
    history = row.get("history", [])
    for entry in history:
        _check(entry, _ENTRY, f"{where}, [[history]]", needed=("at", "by"))
    if path.name != file_name(row["key"]):
        raise LedgerError(
            f"{path}: the row {row['key']!r} belongs in {file_name(row['key'])}. Rename the file, "
            "or take it away where that one is there too."
        )
    return Note(
        key=row["key"],
        place=Place(**row["pain"]),
        owner=row.get("owner"),
        due=row.get("due"),
        fixed_on=row.get("fixed_on"),
        history=tuple(
            Entry(
                at=_utc(entry["at"]),
                by=entry["by"],
                did=entry.get("did", ""),
                comment=entry.get("comment", ""),
                fixed_on=entry.get("fixed_on"),
            )
            for entry in history
        ),
        version=hashlib.sha256(raw).hexdigest()[:16],
    )


def write(path: Path, note: Note) -> None:
    """Put the note into its file, whole or not at all: written aside, flushed, renamed. Raises
    LedgerError where the folder cannot be written."""
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        old = path.read_text(encoding="utf-8") if path.exists() else None
        with aside.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_text(note, old))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        raise LedgerError(
            f"{path}: the ledger cannot be written here ({error.strerror}). Make the folder "
            "writable for whoever runs this."
        ) from None
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def _text(note: Note, old: str | None) -> str:
    """The file's text: the old one with what is new in it."""
    try:
        row = tomlkit.parse(old) if old else tomlkit.document()
    except TOMLKitError as error:
        raise LedgerError(f"{note.key}: its file is not valid TOML: {error}. Mend it.") from None
    if not old:
        row.add(tomlkit.comment(_HEAD))
        row.add("key", tomlkit.item(note.key))
        row.add("pain", tomlkit.table())
    for name in ("owner", "due", "fixed_on"):
        _put(row, name, getattr(note, name))
    pain: Any = row["pain"]
    for own in fields(Place):
        value = getattr(note.place, own.name)
        if own.name == "who":
            value = dict(value) or None
        if own.name in ("by_hand", "sentence"):
            value = value or None
        _put(pain, own.name, value)
    if not old:
        pain.add(tomlkit.nl())
    known = len(row.unwrap().get("history", []))
    if len(note.history) > known and "history" not in row:
        row.add("history", tomlkit.aot())
    for entry in note.history[known:]:
        line = tomlkit.table()
        line["at"], line["by"] = entry.at.replace(tzinfo=UTC), entry.by
        for name in ("did", "comment"):
            if said := getattr(entry, name):
                line[name] = tomlkit.string(said, multiline="\n" in said)
        if entry.fixed_on is not None:
            line["fixed_on"] = entry.fixed_on
        line.add(tomlkit.nl())
        row["history"].append(line)
    return tomlkit.dumps(row)


def _put(table: Any, name: str, value: object) -> None:
    """Set a key, or take it away where there is no value; leave it as it stands where it is so."""
    if value is None:
        if name in table:
            del table[name]
    elif name not in table or table[name] != value:
        table[name] = value


def _check(
    table: Mapping[str, Any], known: Mapping[str, Any], where: str, needed: tuple[str, ...] = ()
) -> None:
    """Raise LedgerError for a key that is missing, unknown or of the wrong kind."""
    for name in needed:
        if name not in table:
            raise LedgerError(f"{where}: the key {name!r} is missing. Write it in.")
    for name, value in table.items():
        if name not in known:
            raise LedgerError(f"{where}: unknown key {name!r}.{suggest(name, known)} Take it out.")
        kinds = known[name]
        is_wrong = not isinstance(value, kinds)
        # To Python a moment is a day and a truth is a number; here they are not.
        is_wrong |= kinds is date and isinstance(value, datetime)
        is_wrong |= isinstance(value, bool) and kinds is not bool
        if is_wrong:
            raise LedgerError(
                f"{where}: {name} is {str(value)[:40]!r}, and should be {_KINDS[kinds]}. Mend it."
            )


_KINDS: dict[Any, str] = {
    str: "a text in quotes",
    date: "a day like 2026-12-01",
    datetime: "a moment like 2026-12-01T10:00:00Z",
    bool: "true or false",
    dict: "a table",
    list: "a list of tables",
    (int, float): "a number",
}


def _utc(at: datetime) -> datetime:
    """The moment in UTC, without its zone; one without a zone is in UTC already."""
    return at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at
