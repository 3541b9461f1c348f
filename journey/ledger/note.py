"""What people keep about one pain, and how an edit changes it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from journey.errors import LedgerError

LONGEST_NAME, LONGEST_COMMENT = 80, 2_000
"""Characters that names and titles, and comments, may have."""

Field = Literal["owner", "due", "fixed_on"]
Value = str | date | None


@dataclass(frozen=True)
class Place:
    """What a row is about, kept beside the notes so that it can be told when the pain is gone."""

    title: str
    stage: str
    metric: str
    """The metric that a judgement looks at, as in `decision/conversion_rate`."""
    who: Mapping[str, str] = field(default_factory=dict)
    """Filter to value; empty is everyone."""
    touchpoint: str | None = None
    since: date | None = None
    sentence: str = ""
    money_a_month: float | None = None
    """What it cost a month when it was last written down."""
    by_hand: bool = False
    """Whether a person opened the row, for a pain that no detector sees."""


@dataclass(frozen=True)
class Entry:
    """One line of a row's history."""

    at: datetime
    """UTC, to the second."""
    by: str
    """The name the writer gave; nobody checked it."""
    did: str
    """What was changed, in words; empty for a comment alone."""
    comment: str = ""
    fixed_on: date | None = None
    """The day it was fixed, where the entry closed the row."""


@dataclass(frozen=True)
class Note:
    """A row of the ledger as people left it."""

    key: str
    place: Place
    owner: str | None = None
    due: date | None = None
    fixed_on: date | None = None
    """The day it was fixed; a row with one is closed."""
    history: tuple[Entry, ...] = ()
    version: str = ""
    """A fingerprint of the file it was read from; empty where there is none yet."""

    @property
    def is_closed(self) -> bool:
        """Whether somebody said that it is fixed."""
        return self.fixed_on is not None

    @property
    def closed_by(self) -> str:
        """Who said last that it is fixed; empty where nobody did."""
        return next((entry.by for entry in reversed(self.history) if entry.fixed_on), "")


@dataclass(frozen=True)
class Edit:
    """What one writer wants changed. Fields that are not named stay; one given None is cleared."""

    fields: Mapping[Field, Value] = field(default_factory=dict)
    comment: str = ""

    def told(self) -> str:
        """The fields in words.

        >>> Edit({"owner": "Ana", "due": date(2026, 12, 1)}).told()
        'owner Ana, due 1 Dec 2026'
        >>> Edit({"owner": None, "fixed_on": date(2026, 7, 14)}).told()
        'owner nobody, fixed on 14 Jul 2026'
        >>> Edit({"fixed_on": None}).told()
        'open again'
        """
        return ", ".join(_told(name, value) for name, value in self.fields.items())


def applied(note: Note, edit: Edit, by: str, at: datetime, today: date | None = None) -> Note:
    """The note after an edit, with the edit in its history. `today` is the last day that may be
    spoken of as past; none means the day of `at`. Raises LedgerError where a day makes no sense, a
    text is too long, nobody is named, or nothing would change."""
    by = line(by, "The name of who writes")
    if not by:
        raise LedgerError(
            "Nobody is named as the writer. Give your name, so that others know whom to ask."
        )
    named = {
        name: line(value, "The owner's name") or None if isinstance(value, str) else value
        for name, value in edit.fields.items()
    }
    changed = {name: value for name, value in named.items() if getattr(note, name) != value}
    comment = text(edit.comment, "The comment")
    if not changed and not comment:
        raise LedgerError(f"{note.place.title}: nothing is new, so nothing was written.")
    _check_days(note, changed, today or at.date())
    did = Edit(changed).told()
    fixed_on = changed.get("fixed_on")
    closing = fixed_on if isinstance(fixed_on, date) else None
    entry = Entry(at.replace(microsecond=0), by, did, comment, closing)
    # Each field has a kind of its own, which the types of a mapping cannot say.
    return replace(note, **changed, history=(*note.history, entry))  # type: ignore[arg-type]


def line(said: str, what: str) -> str:
    """A name or a title on one line, without what cannot be seen. Raises LedgerError where it is
    too long."""
    return _within(" ".join(_visible(said).split()), what, LONGEST_NAME)


def text(said: str, what: str) -> str:
    """A comment, its lines kept, without what cannot be seen. Raises LedgerError where it is too
    long."""
    lines = [" ".join(part.split()) for part in _visible(said).splitlines()]
    return _within("\n".join(lines).strip(), what, LONGEST_COMMENT)


def _visible(said: str) -> str:
    """The text without control signs, marks that turn its direction, and broken characters."""
    return "".join(
        " " if sign == "\t" else sign
        for sign in said
        if sign in "\n\r\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs")
    )


def _within(said: str, what: str, longest: int) -> str:
    """The text, where it is not too long."""
    if len(said) > longest:
        raise LedgerError(
            f"{what} has {len(said):,} characters, and {longest:,} fit. Shorten it, or write the "
            "rest elsewhere and say where."
        )
    return said


def _check_days(note: Note, changed: Mapping[Field, Value], today: date) -> None:
    """Raise LedgerError for a day of fixing that cannot be one."""
    fixed_on = changed.get("fixed_on")
    if not isinstance(fixed_on, date):
        return
    if fixed_on > today:
        raise LedgerError(
            f"{note.place.title} cannot have been fixed on {fixed_on}, a day that is still to "
            "come. Give the day it was fixed, or set it as the due day."
        )
    if note.place.since is not None and fixed_on < note.place.since:
        raise LedgerError(
            f"{note.place.title} began on {note.place.since}, so it cannot have been fixed on "
            f"{fixed_on}. Give a later day."
        )


def _told(name: Field, value: Value) -> str:
    """One field in words."""
    if isinstance(value, date):
        return f"{'due' if name == 'due' else 'fixed on'} {value.day} {value:%b} {value.year}"
    if name == "owner":
        return f"owner {value or 'nobody'}"
    return "no due day" if name == "due" else "open again"
