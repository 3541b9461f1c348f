"""What cards of an analysis say in a sentence: the finding, and never more than chance allows."""

import re
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from journey import ROOT
from journey.analysis.experience.money import Slope, Worth
from journey.analysis.experience.scores import Score, Scores, measure
from journey.analysis.retention.cohorts import CELLS, MEANS, Retention
from journey.analysis.retention.settings import BEFORE, RECURRING, Settings
from journey.present import lifetimewords, returns
from journey.present.captions.apart import Sized
from journey.present.captions.compared import compared
from journey.present.experience import scoring, told
from tests.present.test_experience_pictures import sample, scores
from tests.test_pages import run
from tests.world import Business

PAGES = ("satisfaction", "feedback", "retention", "lifetime", "personas", "person")


@pytest.mark.parametrize("page", PAGES)
def test_every_card_says_what_it_shows_or_why_it_shows_nothing(
    page: str, town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(ROOT / "pages" / f"{page}.py", town, monkeypatch, period="All time")
    assert not app.exception
    drawn = [str(html.value) for html in app.get("html")]
    for head, after in zip(drawn, [*drawn[1:], ""], strict=True):
        if 'class="head"' in head and 'class="says"' not in head:
            assert re.match(r'<div class="(under|kpi)', after), head


def sized(name: str, value: float, half: float) -> Sized:
    return Sized(name, value, value - half, value + half, 100)


def test_values_side_by_side() -> None:
    told_of = {"A": "9 of 100", "B": "5 of 100", "C": "4 of 100"}
    assert compared([], {}, "Too few.") == "Too few."
    assert compared([sized("A", 9, 1)], told_of, "") == ("A: 9 of 100; too few to compare it with.")
    three = [sized("A", 9, 1), sized("B", 5, 1), sized("C", 4, 1)]
    assert compared(three, told_of, "") == (
        "Highest for A, 9 of 100, and lowest for C, 4 of 100, further apart than chance would "
        "explain."
    )
    wide = [sized("A", 9, 6), sized("B", 5, 6), sized("C", 4, 6)]
    assert compared(wide, told_of, "") == (
        "No two differ by more than chance would explain: from 4 of 100 for C to 9 of 100 for A."
    )


def test_a_course_of_scores_is_judged_by_its_ends() -> None:
    def course(*shares: float) -> Scores:
        rows = []
        for place, share in enumerate(shares):
            own = sample(share, 200)
            rows.append(Score(date(2026, 7 + place, 1), own, measure(own, "csat", "top_boxes")))
        return Scores(scores(a=0.5).chosen, "top_boxes", tuple(rows), rows[0], 0)

    assert scoring.course_answer(course(0.5, 0.1, 0.9), 30) == (
        "Rose from 50\u2009% in July 2026 (200 answers) to 90\u2009% in September 2026 "
        "(200 answers), more than chance would explain."
    )
    assert scoring.course_answer(course(0.5, 0.9, 0.55), 30).startswith("No change beyond chance")
    assert scoring.course_answer(course(0.5), 30).endswith("a course takes two months.")
    nothing = replace(course(0.5), rows=())
    assert scoring.course_answer(nothing, 30) == "200 answers, in no month 30 of them."
    nobody = replace(nothing, total=replace(nothing.total, sample=sample(0.5, 0)))
    assert scoring.course_answer(nobody, 30) == ""


def test_groups_of_scores() -> None:
    assert scoring.scores_answer(scores(low=0.3, high=0.9), 30).startswith(
        "Highest for High, 90\u2009% from 200"
    )
    assert scoring.scores_answer(scores(), 30) == "No group has 30 answers yet."


def test_a_point_more_is_told_only_where_it_is_sure() -> None:
    sure, unsure = Slope(0.1, 0.05, 0.2), Slope(1.0, -2.0, 4.0)
    one = Worth("a_shop", "csat", (1, 5), True, 90, 80, 70, 9, sure, unsure)
    assert told.worth_answer([one], "EUR") == (
        "One point more goes with +10.0 points of repeat purchase (on A shop, CSAT, 80 orders): "
        "more than chance would explain."
    )
    assert told.worth_answer([replace(one, repeat=None)], "EUR").startswith("No point more or less")
    assert told.worth_answer([replace(one, repeat=None, value=None)], "EUR").startswith("Too few")


def cohorts(settings: Settings, *rows: tuple[int, int, int, int]) -> Retention:
    """Rows of month, bucket, came back and size; all complete."""
    cells = pl.DataFrame(
        [
            (date(2026, month, 1), of, f"month {at}", at, at + 1, came, of, came / of, True)
            for month, at, came, of in rows
        ],
        schema=CELLS,
        orient="row",
    )
    means = pl.DataFrame(
        [
            (f"month {at}", at, at + 1, own.height, own["came_back"].sum(), own["of"].sum(),
             own["came_back"].sum() / own["of"].sum(), None, None)
            for at in sorted(set(cells["from_unit"]))
            for own in [cells.filter(from_unit=at)]
        ],
        schema=MEANS,
        orient="row",
    )  # fmt: skip
    return Retention(settings, cells, means, None)


ROWS = ((5, 0, 90, 300), (6, 0, 20, 200), (5, 1, 150, 300), (6, 1, 20, 200), (5, 2, 3, 300))


def test_cohorts_are_compared_where_most_come_back_and_two_are_complete() -> None:
    said = returns.cohorts_answer(cohorts(Settings(), *ROWS), 30)
    assert said.startswith("Month 1: highest for May 2026, 50\u2009% of 300 (44 to 56\u2009%), and")
    assert "lowest for June 2026, 10.0\u2009% of 200" in said
    before = returns.cohorts_answer(cohorts(Settings(mode=BEFORE), *ROWS, (6, 2, 9, 200)), 30)
    assert before.startswith("Month 2: ")


def test_cohorts_without_an_interval_are_not_compared() -> None:
    found = cohorts(Settings(cohorts=RECURRING), *ROWS)
    assert returns.cohorts_answer(found, 30) == returns.answer(found, 30)
    assert returns.cohorts_answer(cohorts(Settings()), 30) == (
        "No cell is complete with enough people yet."
    )


def test_what_is_to_come_by_channel() -> None:
    rows = pl.DataFrame(
        {
            "channel": ["in_store", "Email", "Display"], "people": [90, 40, 5],
            "value": [20.0, 12.0, 99.0], "value_low": [18.0, 11.0, 9.0],
            "value_high": [22.0, 13.0, 199.0],
        }
    )  # fmt: skip
    assert lifetimewords.channels_words(rows, "EUR", 30) == (
        "Most to come: In store, EUR 20 a buyer (18 to 22) of 90; least: Email, EUR 12 a buyer "
        "(11 to 13) of 40."
    )
    assert lifetimewords.channels_words(rows, "EUR", 100) == "No channel has 100 buyers."
