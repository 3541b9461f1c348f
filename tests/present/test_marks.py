"""Annotations on pictures: every chart in time has them, in place, numbered alike, escaped."""

from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.annotations.annotation import Annotation
from journey.present import charts, marks, timeaxis
from journey.present.palette import palette
from journey.present.readings import is_dated
from tests.present.examples import CASES, EVIL, WEEKS, metric

SALE = Annotation(date(2026, 7, 8), EVIL, date(2026, 7, 14), "campaign", where=(("channel", EVIL),))
BEFORE = Annotation(date(2020, 1, 1), "Long ago")


@pytest.mark.parametrize("kind", ["light", "dark"])
@pytest.mark.parametrize(("chart", "unit", "rows"), CASES)
def test_pictures_in_time_have_marks_and_others_none(
    kind: str, chart: str, unit: str, rows: pl.DataFrame
) -> None:
    plain, marked = (
        charts.figure(metric(chart, unit), rows, palette(kind), notes=notes)
        for notes in ((), (SALE, BEFORE))
    )
    assert plain is not None
    assert marked is not None
    fresh = [note for note in marked.layout.annotations if note.hovertext]
    if not is_dated(rows):
        assert marked == plain
        return
    assert [note.text for note in fresh] == ["1"]
    assert fresh[0].x == date(2026, 7, 8)
    assert len(marked.layout.shapes) == len(plain.layout.shapes) + 2
    assert "&lt;a<br>href" in fresh[0].hovertext
    assert "<a" not in fresh[0].hovertext
    assert "%{" not in fresh[0].hovertext


def test_the_list_has_the_numbers_of_the_marks_and_is_escaped() -> None:
    days = timeaxis.covered(pl.DataFrame({"week": WEEKS}))
    assert days == (WEEKS[0], WEEKS[-1] + timedelta(days=7))
    html = marks.listing([SALE, BEFORE], *days)
    assert html.count("<li>") == 1
    assert "<b>1</b>" in html
    assert "8 Jul to 14 Jul 2026" in html
    assert "&lt;a href=&quot;https" in html
    assert marks.listing([BEFORE], *days) == ""
    assert "Annotation 1, 8 Jul to 14 Jul 2026: Campaign: " in marks.in_words([SALE], *days)


def test_a_long_list_is_folded() -> None:
    days = (date(2026, 1, 1), date(2026, 12, 31))
    notes = [Annotation(date(2026, month, 1), f"Month {month}") for month in range(2, 8)]
    assert marks.listing(notes, *days).startswith('<details class="marks"><summary>6 annotations')


notes = st.lists(
    st.builds(
        lambda first, length: Annotation(
            date(2026, 1, 1) + timedelta(days=first),
            "x",
            date(2026, 1, 1) + timedelta(days=first + length) if length else None,
        ),
        st.integers(-60, 260),
        st.integers(0, 60),
    ),
    max_size=30,
)


@given(notes, st.integers(7, 400))
def test_marks_keep_apart_and_count_through(notes: list[Annotation], length: int) -> None:
    since = date(2026, 1, 1)
    until = since + timedelta(days=length)
    found = marks.marks(notes, since, until)
    shown = [note for mark in found for note in mark.notes]
    assert shown == marks.within(notes, since, until)
    assert len(shown) <= marks.MOST
    assert [mark.first for mark in found] == [
        1 + sum(len(one.notes) for one in found[:place]) for place in range(len(found))
    ]
    at = [max(mark.at, since) for mark in found]
    assert all((b - a) / (until - since) >= 0.075 for a, b in pairwise(at))
    assert all(note.day < until and note.last >= since for note in shown)


def test_no_date_covers_no_day() -> None:
    assert timeaxis.covered(pl.DataFrame({"channel": ["Email"]})) == (date.min, date.min)
    assert timeaxis.covered(pl.DataFrame({"week": []}, schema={"week": pl.Date})) == (
        date.min,
        date.min,
    )
