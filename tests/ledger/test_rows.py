"""Rows add up, rank by money, and stay when their pain is gone."""

from dataclasses import replace
from datetime import date, datetime
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.pains.pain import Estimate, Pain, months
from journey.ledger import rows as ledger
from journey.ledger.keeping import Kept
from journey.ledger.note import Entry, Note, Place
from journey.metrics.filters import Filters
from journey.present.ledger import lines
from journey.present.palette import LIGHT

TODAY = date(2026, 11, 28)
AT = datetime(2026, 11, 1)


def pain(
    key: str, money: float, low: float, high: float, until: date | None = None, months: float = 1.0
) -> Pain:
    """A pain of that money over the period."""
    return Pain(
        key=key, kind="incident", stage="decision", touchpoint=None, who={"device": "mobile"},
        since=date(2026, 7, 3), until=until, affected=67, observed=0.1, comparable=0.7,
        lost=Estimate(4, 3, 5), money=Estimate(money, low, high), metric="decision/conversion_rate",
        title=key.title(), sentence=f"{key} loses.", months=months,
    )  # fmt: skip


def note(key: str, **more: object) -> Note:
    """A row that somebody wrote."""
    place = Place("Old " + key, "decision", "decision/conversion_rate", sentence="It lost.")
    return Note(key, place, history=(Entry(AT, "Ana", "", "Hi"),), **more)


amounts = st.tuples(st.floats(0, 1e6), st.floats(0, 1e5), st.floats(0, 1e5))


@given(st.lists(amounts, max_size=12), st.floats(0.5, 20))
def test_the_rows_add_up_to_the_total(
    drawn: list[tuple[float, float, float]], months: float
) -> None:
    pains = [
        pain(f"p{n}", v, v - down, v + up, months=months) for n, (v, down, up) in enumerate(drawn)
    ]
    found = ledger.rows(pains, Kept({}, ()))
    whole = ledger.total(found)
    assert whole.value == pytest.approx(sum(one.money.value for one in pains) / months)
    assert whole.value == pytest.approx(sum(row.money.value for row in found if row.money))
    down = sqrt(sum((one.money.value - one.money.low) ** 2 for one in pains)) / months
    assert whole.value - whole.low == pytest.approx(down, abs=1e-6)
    exported = ledger.table(found, TODAY)
    assert exported["money_a_month"].sum() == pytest.approx(whole.value)
    ranked = [row.money.value for row in found if row.money]
    assert ranked == sorted(ranked, reverse=True)
    assert exported["rank"].to_list() == list(range(1, len(pains) + 1))


def test_a_month_is_thirty_days_of_the_period_as_far_as_it_has_passed() -> None:
    asked = Filters(date(2026, 5, 1), date(2026, 11, 1), datetime(2026, 10, 31, 23))
    assert months(asked) == 184 / 30
    half = Filters(date(2026, 5, 1), date(2026, 11, 1), datetime(2026, 5, 30, 12))
    assert months(half) == 1
    early = Filters(date(2026, 5, 1), date(2026, 11, 1), datetime(2026, 1, 1))
    assert months(early) > 0


def test_what_was_written_stays_when_its_pain_is_gone() -> None:
    kept = Kept({"gone": note("gone", owner="Ben"), "here": note("here")}, ())
    here, gone = ledger.rows([pain("here", 9, 8, 10)], kept)
    assert (here.key, here.presence) == ("here", "found")
    assert here.place.title == "Here", "what is found now is told as it is now"
    assert (gone.key, gone.presence, gone.money) == ("gone", "not found", None)
    shown = lines.line(gone, [here, gone], LIGHT, "EUR", TODAY)
    assert "not found in this period" in shown
    assert "When it was last found: It lost." in shown
    assert "Ben" in shown


def test_a_pain_that_ended_says_so() -> None:
    (row,) = ledger.rows([pain("x", 9, 8, 10, until=date(2026, 7, 14))], Kept({}, ()))
    assert row.presence == "over"
    shown = lines.line(row, [row], LIGHT, "EUR", TODAY)
    assert "3 Jul to 13 Jul 2026" in shown
    assert ">over<" in shown


@pytest.mark.parametrize(
    ("kept", "status"),
    [
        (None, "open"),
        (note("x"), "open"),
        (note("x", owner="Ben"), "owned"),
        (note("x", owner="Ben", due=date(2026, 11, 27)), "overdue"),
        (note("x", due=date(2026, 11, 28)), "open"),
        (note("x", due=date(2026, 11, 1), fixed_on=date(2026, 11, 2)), "closed"),
    ],
)
def test_the_status_follows_from_what_was_kept(kept: Note | None, status: str) -> None:
    notes = {"x": kept} if kept else {}
    (row,) = ledger.rows([pain("x", 9, 8, 10)], Kept(notes, ()))
    assert row.status(TODAY) == status
    assert ledger.chosen([row], TODAY, statuses=[status]) == [row]
    assert ledger.chosen([row], TODAY, statuses=["none"]) == []
    assert ledger.chosen([row], TODAY, stages=["loyalty"]) == []
    assert ledger.chosen([row], TODAY, owners=["Ben"]) == ([row] if row.owner else [])


def test_the_headline_says_how_many_how_much_and_who_sees_to_it() -> None:
    kept = Kept({"a": note("a", owner="Ben")}, ())
    found = ledger.rows([pain("a", 900, 800, 1000), pain("b", 90, 80, 100)], kept)
    said = lines.headline(found, "EUR")
    assert said.replace("\u2009", " ") == (
        "2 pains cost about EUR 990 a month together (95 %: 890 to 1,090). 1 of them has no owner."
    )
    assert "990" in lines.foot(found, "EUR")
    assert lines.headline([], "EUR") == lines.NOTHING_HURTS
    unknown = replace(pain("c", 0, 0, 0), money=None, lost=None)
    more = ledger.rows([*(row.pain for row in found if row.pain), unknown], kept)
    assert lines.headline(more, "EUR") == f"{said} 1 more row has no price."
    assert "1 more row has no price." in lines.foot(more, "EUR")
    alone = ledger.rows([unknown], Kept({}, ()))
    assert lines.headline(alone, "EUR") == "No loss stands out; 1 sign of trouble, without a price."


def test_hostile_texts_are_text(hostile: str) -> None:
    place = Place(hostile, "decision", hostile, {"device": hostile}, sentence=hostile, by_hand=True)
    kept = Note("x", place, owner=hostile, history=(Entry(AT, hostile, hostile, hostile),))
    (row,) = ledger.rows([], Kept({"x": kept}, ()))
    for html in (lines.line(row, [row], LIGHT, "EUR", TODAY), lines.history(kept)):
        assert "<img" not in html
        assert "&lt;img" in html
