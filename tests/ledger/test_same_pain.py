"""A pain is the same one whichever period is shown, and keeps what was written on it."""

from datetime import date, datetime, timedelta

import pytest

from journey.analysis.pains.finding import find
from journey.analysis.pains.pain import Pain
from journey.ledger import rows as ledger
from journey.ledger.keeping import Kept
from journey.ledger.note import Note, Place
from tests.ledger.shop import BROKEN
from tests.ledger.test_rows import pain
from tests.world import MONDAY, Business

BEGAN = MONDAY.date() + timedelta(days=BROKEN[0])


def found(business: Business, first: int, after: int) -> list[Pain]:
    """The pains of these days."""
    start = MONDAY.date()
    filters = business.engine.filters(start + timedelta(days=first), start + timedelta(days=after))
    return find(business.engine, business.config, filters)


@pytest.mark.parametrize(
    ("first", "after"), [(0, 130), (0, 90), (20, 120), (50, 110), (64, 130), (0, 70)]
)
def test_an_incident_has_one_key_in_every_period_that_meets_it(
    shop: Business, first: int, after: int
) -> None:
    (one,) = found(shop, first, after)
    assert one.key == f"checkout/incident/device=mobile/{BEGAN}"
    assert one.since == BEGAN, "also where the period begins within it"
    assert one.until == (None if after == 70 else BEGAN + timedelta(days=14))


def test_money_a_month_is_of_the_shown_period(shop: Business) -> None:
    (long,), (short,) = found(shop, 0, 120), found(shop, 30, 90)
    assert (long.months, short.months) == (4, 2)
    assert long.a_month is not None
    assert long.money is not None
    assert long.a_month.value == pytest.approx(long.money.value / 4)


def noted(since: date, key: str) -> Note:
    """What was written on a pain that began on that day."""
    return Note(key, Place("Mobile checkout", "decision", "decision/conversion_rate", since=since))


def test_a_start_that_moves_keeps_what_was_written() -> None:
    stem = "checkout/incident/device=mobile"
    july = Note("other", Place("x", "decision", "m", since=date(2026, 7, 3)))
    notes = {
        f"{stem}/2026-07-01": noted(date(2026, 7, 1), f"{stem}/2026-07-01"),
        f"{stem}/2026-01-01": noted(date(2026, 1, 1), f"{stem}/2026-01-01"),
        "other": july,
    }
    key = f"{stem}/2026-07-03"
    (row, *rest) = ledger.rows([pain(key, 9, 8, 10, until=date(2026, 7, 14))], Kept(notes, ()))
    assert row.key == f"{stem}/2026-07-01"
    assert row.note is notes[row.key]
    assert {one.key for one in rest} == {f"{stem}/2026-01-01", "other"}


def test_two_pains_do_not_share_a_note() -> None:
    stem = "checkout/incident/device=mobile"
    notes = {f"{stem}/2026-07-03": noted(date(2026, 7, 3), f"{stem}/2026-07-03")}
    pains = [pain(f"{stem}/2026-07-{day:02}", day, 1, 20, date(2026, 7, 30)) for day in (3, 9)]
    keys = {row.key: row.note for row in ledger.rows(pains, Kept(notes, ()))}
    assert keys == {f"{stem}/2026-07-03": notes[f"{stem}/2026-07-03"], f"{stem}/2026-07-09": None}


def test_who_closed_a_row_is_held_by_the_entry(shop: Business) -> None:
    from journey.ledger import keeping
    from journey.ledger.note import Edit

    (one,) = found(shop, 0, 130)
    place = ledger.place_of(one)
    at = datetime(2026, 12, 1)

    def write(change: Edit, by: str) -> Note:
        return keeping.edit(shop.folder, one.key, place, change, by, at=at)

    write(Edit({"fixed_on": BEGAN + timedelta(days=14)}), "Ana")
    note = write(Edit(comment="It was fixed on my machine, says Ben"), "Ben")
    assert note.closed_by == "Ana", "whatever words others use"
    write(Edit({"fixed_on": None}), "Cleo")
    note = write(Edit({"fixed_on": BEGAN + timedelta(days=15)}), "Dan")
    assert note.closed_by == "Dan"
    assert [entry.fixed_on is not None for entry in note.history] == [True, False, False, True]
