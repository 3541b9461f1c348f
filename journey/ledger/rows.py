"""The ledger as a reader sees it: the pains found now and the notes kept, row by row, in money.

Every pain that is found has a row; so has every note, whether its pain is still found or not, for
what people wrote must not vanish with it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from journey.analysis.pains.pain import Estimate, Pain
from journey.analysis.pains.worth import together
from journey.ledger.keeping import Kept
from journey.ledger.note import Note, Place

MOVES = timedelta(days=14)
"""By how much the first day of a pain may move from build to build."""

Presence = Literal["found", "over", "not found", "by hand"]
Status = Literal["open", "owned", "overdue", "closed"]
STATUSES: tuple[Status, ...] = ("open", "owned", "overdue", "closed")


@dataclass(frozen=True)
class Row:
    """One line of the ledger."""

    key: str
    place: Place
    pain: Pain | None
    note: Note | None
    money: Estimate | None
    """What it costs a month, on average over the period; None where that is not known now."""

    @property
    def presence(self) -> Presence:
        """Whether it hurts now."""
        if self.pain is not None:
            return "found" if self.pain.until is None else "over"
        return "by hand" if self.place.by_hand else "not found"

    def status(self, today: date) -> Status:
        """How far it is dealt with."""
        if self.note is None:
            return "open"
        if self.note.is_closed:
            return "closed"
        if self.note.due is not None and self.note.due < today:
            return "overdue"
        return "owned" if self.note.owner else "open"

    @property
    def owner(self) -> str | None:
        """Who took it on."""
        return self.note.owner if self.note else None


def place_of(pain: Pain) -> Place:
    """What to keep of a pain beside the notes on it."""
    return Place(
        title=pain.title,
        stage=pain.stage,
        metric=pain.metric,
        who=dict(pain.who),
        touchpoint=pain.touchpoint,
        since=pain.since,
        sentence=pain.sentence,
        money_a_month=round(pain.a_month.value, 2) if pain.a_month else None,
    )


def rows(pains: Iterable[Pain], kept: Kept) -> list[Row]:
    """All rows: what is found by money, the dearest first; then what is found and has no price, by
    people; then what is kept alone, by title."""
    pains = list(pains)
    found, keys = [], {pain.key for pain in pains}
    for pain in pains:
        note = kept.notes.get(pain.key) or _moved(pain, kept, keys)
        key = note.key if note else pain.key
        keys.add(key)
        found.append(Row(key, place_of(pain), pain, note, pain.a_month))
    found.sort(key=_rank)
    alone = [
        Row(key, note.place, None, note, None)
        for key, note in kept.notes.items()
        if key not in keys
    ]
    return found + sorted(alone, key=lambda row: (row.place.title, row.key))


def _rank(row: Row) -> tuple[float, float, int, str]:
    """The place of a row that is found."""
    assert row.pain is not None
    return (*row.pain.rank, -row.pain.affected, row.key)


def _moved(pain: Pain, kept: Kept, taken: Collection[str]) -> Note | None:
    """What people kept about a pain under another key: more days of data may move its start by
    some, and its key with it. It is the note on a pain of the same kind whose days it meets."""
    if pain.since is None:
        return None
    stem = pain.key.rpartition("/")[0]
    near = [
        (abs(note.place.since - pain.since), key)
        for key, note in kept.notes.items()
        if key not in taken
        and key.rpartition("/")[0] == stem
        and note.place.since is not None
        and pain.since - MOVES <= note.place.since < (pain.until or pain.since + MOVES)
    ]
    return kept.notes[min(near)[1]] if near else None


def total(rows: Sequence[Row]) -> Estimate:
    """What the rows cost a month together; no loss is in two of them."""
    return together(row.money for row in rows) or Estimate(0.0, 0.0, 0.0)


def chosen(
    rows: Iterable[Row],
    today: date,
    stages: Sequence[str] = (),
    statuses: Sequence[str] = (),
    owners: Sequence[str] = (),
) -> list[Row]:
    """The rows of these stages, statuses and owners; an empty choice leaves all."""
    return [
        row
        for row in rows
        if (not stages or row.place.stage in stages)
        and (not statuses or row.status(today) in statuses)
        and (not owners or row.owner in owners)
    ]


def table(rows: Sequence[Row], today: date) -> pl.DataFrame:
    """The rows for an export, exact: money a month, and what people kept."""
    return pl.DataFrame(
        [_line(number, row, today) for number, row in enumerate(rows, 1)], schema=_COLUMNS
    )


_COLUMNS = {
    "rank": pl.Int64,
    **dict.fromkeys(("key", "title", "stage", "touchpoint", "who"), pl.String),
    **dict.fromkeys(("since", "until"), pl.Date),
    "affected": pl.Int64,
    **dict.fromkeys(("lost", "money_a_month", "money_low", "money_high"), pl.Float64),
    **dict.fromkeys(("presence", "status", "owner"), pl.String),
    **dict.fromkeys(("due", "fixed_on"), pl.Date),
    **dict.fromkeys(("metric", "version", "sentence"), pl.String),
}


def _line(number: int, row: Row, today: date) -> dict[str, object]:
    """One row as plain values."""
    pain, note, money = row.pain, row.note, row.money
    return {
        "rank": number,
        "key": row.key,
        "title": row.place.title,
        "stage": row.place.stage,
        "touchpoint": row.place.touchpoint,
        "who": ", ".join(f"{name}={value}" for name, value in row.place.who.items()),
        "since": row.place.since,
        "until": pain.until if pain else None,
        "affected": pain.affected if pain else None,
        "lost": pain.lost.value if pain and pain.lost else None,
        "money_a_month": money.value if money else None,
        "money_low": money.low if money else None,
        "money_high": money.high if money else None,
        "presence": row.presence,
        "status": row.status(today),
        "owner": row.owner,
        "due": note.due if note else None,
        "fixed_on": note.fixed_on if note else None,
        "metric": row.place.metric,
        "version": note.version if note else "",
        "sentence": row.place.sentence,
    }
