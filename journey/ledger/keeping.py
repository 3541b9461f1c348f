"""The ledger's folder: all rows read, one row edited, and nobody's words lost.

A row is read with a fingerprint of its file. Who writes gives back the fingerprint of what they
saw; where the file has changed since, nothing is written and they are told what the other wrote.
A lock is held from the look at the file to the rename, so that of two who write at once one is
second. A comment alone takes nothing away and is added whatever happened meanwhile.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from journey.datafolder import DataFolder
from journey.errors import LedgerError
from journey.ledger import file
from journey.ledger.note import Edit, Note, Place, applied, line


class LedgerMovedError(LedgerError):
    """Somebody else wrote first; `now` is the row as they left it."""

    def __init__(self, message: str, now: Note) -> None:
        super().__init__(message)
        self.now = now


@dataclass(frozen=True)
class Kept:
    """All that is in the ledger."""

    notes: dict[str, Note]
    """Key to row, in order of key."""
    damaged: tuple[str, ...]
    """A sentence for each file that cannot be used."""


def read(folder: DataFolder) -> Kept:
    """Every row; a damaged file costs its own row only."""
    notes, damaged = {}, []
    for path in sorted(folder.ledger.glob("*.toml")):
        try:
            note = file.read(path)
            notes[note.key] = note
        except LedgerError as error:
            damaged.append(str(error))
    return Kept(notes, tuple(damaged))


def edit(
    folder: DataFolder,
    key: str,
    place: Place | None,
    change: Edit,
    by: str,
    *,
    seen: str | None = None,
    at: datetime | None = None,
    today: date | None = None,
) -> Note:
    """Change a row and give it back as it is now.

    `place` says what the row is about, as it is known now; None leaves that as it was. `seen` is
    the version that the writer looked at, empty where there was no row; None writes whatever is
    there. `today` is the last day that may be called past, where the data runs ahead of the clock
    (as a demo's may). Raises LedgerMovedError where the row is another by now, and LedgerError
    where there is no such row, its file is damaged or the change makes no sense.
    """
    now = at or datetime.now(UTC).replace(tzinfo=None)
    path = folder.ledger / file.file_name(key)
    try:
        with folder.noting():
            there = file.read(path) if path.exists() else None
            about = place or (there.place if there else None)
            if about is None:
                raise LedgerError(
                    f"There is no row {key!r} in the ledger. `python -m journey ledger` lists them."
                )
            note = replace(there or Note(key, about), place=about)
            if change.fields and seen is not None and seen != note.version:
                raise LedgerMovedError(_what_moved(note, change, now), note)
            file.write(path, applied(note, change, by, now, today))
            return file.read(path)
    except OSError as error:
        raise LedgerError(
            f"{folder.ledger}: the ledger cannot be written here ({error.strerror}). Make the "
            "folder writable for whoever runs this."
        ) from None


def open_by_hand(
    folder: DataFolder, place: Place, by: str, comment: str = "", *, at: datetime | None = None
) -> Note:
    """A new row for a pain that no detector sees. Raises LedgerError where a row of that title is
    there already."""
    title = line(place.title, "The title")
    if not title:
        raise LedgerError("The row has no title. Say in a few words where it hurts.")
    key = file.file_name(f"By hand: {title}").removesuffix(".toml")
    change = Edit(comment=comment or "Opened by hand.")
    if (folder.ledger / file.file_name(key)).exists():
        raise LedgerError(f"There is a row {title!r} already. Use that one, or another title.")
    return edit(folder, key, replace(place, title=title, by_hand=True), change, by, at=at)


def _what_moved(note: Note, change: Edit, now: datetime) -> str:
    """What the first writer wrote, and what the second wanted."""
    if not note.history:
        wrote = "The row was taken away while you were writing."
    else:
        last = note.history[-1]
        minutes = int((now - last.at).total_seconds() // 60)
        when = "just now" if minutes < 1 else f"at {last.at:%H:%M} UTC"
        said = "; ".join(part for part in (last.did, f'"{last.comment}"') if part.strip('"'))
        wrote = f"{last.by} changed this row {when}, while you were writing: {said}."
    return (
        f"{wrote} Yours is not written yet: {change.told()}. Look at the row as it is now; save "
        "again to write yours over it."
    )
