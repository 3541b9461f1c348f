"""Themes, their impact and the comments selected, against the same worked out by hand."""

import json
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.__main__ import main
from journey.analysis.feedback.comments import comments
from journey.analysis.feedback.impact import impact
from journey.analysis.feedback.selection import SENTIMENTS, Selection
from journey.analysis.feedback.themes import SURVEYS, themes
from journey.errors import MetricError
from journey.metrics.filters import Filters
from tests.world import MONDAY, Ask, Business, Rows, people

WORDS = {
    "The parcel arrived late": ("en", {"delivery"}, "negative"),
    "Great price": ("en", {"price"}, "positive"),
    "Excellent quality, but too expensive": ("en", {"price", "product"}, "negative"),
    "Entrega rápida": ("pt", {"delivery"}, "positive"),
    "Schlechte Qualität": ("de", {"product"}, "negative"),
    "Hm": ("en", set(), "unjudged"),
    "Café déjà vu?": ("fr", set(), "unjudged"),
}
"""Comment to its language, themes and sentiment."""

ABOUT = ["order_delivered", "support_contacted", "relationship"]
SCALES = {"csat": [(1, 5), (1, 7)], "nps": [(0, 10)], "ces": [(1, 7), (1, 5)]}
EVERYTHING = Filters(MONDAY.date(), MONDAY.date() + timedelta(days=400), MONDAY.replace(year=2030))


def answers(random: Random, number: int) -> Rows:
    """Answers with and without a score, with and without words; some people give many."""
    rows: Rows = []
    for place in range(number):
        person = f"p{random.randint(1, max(2, number // 3))}"
        day = random.uniform(1, 300)
        row: dict[str, Any] = people(**{person: f"survey_answered@{day}"})[0]
        row |= {"event_id": f"e{place:04}", "channel": random.choice(["Email", "Direct"])}
        row["properties"] = json.dumps({"about": random.choice(ABOUT)})
        if random.random() < 0.9:
            survey = random.choice(list(SCALES))
            low, high = random.choice(SCALES[survey])
            row |= {"survey": survey, "scale_min": low, "scale_max": high}
            row["score"] = random.randint(low, high)
        if random.random() < 0.7 or "score" not in row:
            row["comment"] = random.choice(list(WORDS))
            row["language"] = WORDS[row["comment"]][0]
        rows.append(row)
    return rows


def value(row: dict[str, Any], survey: str) -> float | None:
    """What an answer adds to the mean that is its survey's score."""
    about = json.loads(row["properties"])["about"]
    score, low, high = (row.get(name) for name in ("score", "scale_min", "scale_max"))
    if score is None or row["survey"] != survey.removeprefix("transactional_"):
        return None
    if survey == "csat":
        return 100.0 if score >= high - 1 else 0.0
    if survey == "ces":
        return float(score) if (low, high) == (1, 7) else None
    if (about == "relationship") != (survey == "nps"):
        return None
    return 100.0 if score >= 9 else 0.0 if score >= 7 else -100.0


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Business, Rows]]:
    """A business with a thousand answers."""
    business = Business(tmp_path_factory.mktemp("said"))
    rows = answers(Random(3), 1_000)
    business.deliver(rows)
    business.build()
    yield business, rows
    business.close()


@pytest.mark.parametrize("survey", SURVEYS)
@pytest.mark.parametrize("about", [None, "order_delivered", "relationship"])
def test_themes_are_those_counted_by_hand(
    said: tuple[Business, Rows], survey: str, about: str | None
) -> None:
    business, rows = said
    asked = [row for row in rows if about in (None, json.loads(row["properties"])["about"])]
    found = themes(business.engine, EVERYTHING, survey, Selection(touchpoint=about))
    scored = [(row, value(row, survey)) for row in asked]
    valued = [(row, given) for row, given in scored if given is not None]
    assert found.answers == len(valued)
    written = [row for row in asked if row.get("comment")]
    assert found.comments == len(written)
    assert found.covered == sum(bool(WORDS[row["comment"]][1]) for row in written)
    for line in found.rows.to_dicts():
        theme = line["theme"]
        speaks = [row for row in written if theme in WORDS[row["comment"]][1]]
        assert line["comments"] == len(speaks)
        assert sum(line[mood] for mood in SENTIMENTS) == len(speaks)
        with_theme = [given for row, given in valued if row in speaks]
        without = [given for row, given in valued if row not in speaks]
        assert line["answers"] == len(with_theme)
        if min(len(with_theme), len(without)) < 30:
            assert line["impact"] is None
            continue
        whole = np.mean(with_theme + without)
        assert line["score_with"] == pytest.approx(np.mean(with_theme))
        assert line["score_without"] == pytest.approx(np.mean(without))
        assert line["impact"] == pytest.approx(whole - np.mean(without), abs=1e-9)
        assert line["low"] < line["impact"] < line["high"]


VALUES = st.lists(
    st.tuples(st.floats(-100, 100), st.integers(0, 5), st.booleans()), min_size=2, max_size=30
).filter(lambda rows: {speaks for _, _, speaks in rows} == {True, False})


@given(VALUES)
def test_the_impact_is_the_mean_less_the_mean_without(
    rows: list[tuple[float, int, bool]],
) -> None:
    number, person, speaks = (np.array(column) for column in zip(*rows, strict=True))
    found = impact(number, person, speaks)
    rest = [given for given, _, theme in rows if not theme]
    whole = sum(given for given, _, _ in rows) / len(rows)
    assert found.without == pytest.approx(sum(rest) / len(rest), abs=1e-9)
    assert found.impact == pytest.approx(whole - sum(rest) / len(rest), abs=1e-9)
    assert found.low <= found.impact <= found.high
    share = found.answers / len(rows)
    assert found.impact == pytest.approx(share * (found.with_theme - found.without), abs=1e-6)


@pytest.mark.parametrize("answers_each", [1, 4])
def test_the_interval_is_that_of_a_bootstrap_over_people(answers_each: int) -> None:
    random = np.random.default_rng(11)
    people_count = 400
    person = np.repeat(np.arange(people_count), answers_each)
    mood = np.repeat(random.normal(0, 15, people_count), answers_each)
    speaks = np.repeat(random.random(people_count) < 0.3, answers_each)
    number = 50 + mood - 20 * speaks + random.normal(0, 20, len(person))
    found = impact(number, person, speaks)
    draws = []
    for _ in range(2_000):
        chosen = random.integers(0, people_count, people_count)
        rows = (chosen[:, None] * answers_each + np.arange(answers_each)).ravel()
        drawn, theme = number[rows], speaks[rows]
        draws.append(drawn.mean() - drawn[~theme].mean())
    half = (found.high - found.low) / 2
    assert half == pytest.approx(1.96 * np.std(draws), rel=0.08)


SELECTIONS = [
    Selection(),
    Selection(theme="price"),
    Selection(theme="delivery", language="pt"),
    Selection(sentiment="negative", touchpoint="support_contacted"),
    Selection(sentiment="unjudged"),
    Selection(score="low"),
    Selection(score="middle", theme="product"),
    Selection(score="high", sentiment="positive"),
    Selection(search="RAPIDA entrega"),
    Selection(search="deja vu"),
    Selection(search="100% '; drop table responses; --"),
    Selection(search="%"),
]


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_comments_are_those_selected_by_hand(
    said: tuple[Business, Rows], selection: Selection
) -> None:
    business, rows = said
    mine = sorted(
        (row for row in rows if row.get("comment") and chosen(row, selection)),
        key=lambda row: (-row["occurred_at"].timestamp(), row["event_id"]),
    )
    found = comments(business.engine, EVERYTHING, selection, limit=7, offset=2)
    assert found.total == len(mine) == sum(found.moods.values())
    assert found.rows["comment"].to_list() == [row["comment"] for row in mine[2:9]]


def chosen(row: dict[str, Any], selection: Selection) -> bool:
    """Whether a comment is selected."""
    language, about, mood = WORDS[row["comment"]]
    place = None
    if "score" in row:
        span = row["scale_max"] - row["scale_min"]
        place = (row["score"] - row["scale_min"]) / span
    step = None
    if place is not None:
        step = "low" if place <= 0.25 else "high" if place >= 0.75 else "middle"
    folded = plain(row["comment"])
    return (
        selection.theme in (None, *about)
        and selection.touchpoint in (None, json.loads(row["properties"])["about"])
        and selection.sentiment in (None, mood)
        and selection.language in (None, language)
        and selection.score in (None, step)
        and all(plain(word) in folded for word in (selection.search or "").split())
    )


def plain(text: str) -> str:
    """Small letters without accents."""
    split = unicodedata.normalize("NFD", text.lower())
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def test_won_back_is_what_it_is_by_hand(answer: Ask) -> None:
    unhappy = "survey_answered@{},survey=csat,score={},scale_min=1,scale_max=5"

    def line(*told: tuple[float, int]) -> str:
        return "order_completed@0 " + " ".join(unhappy.format(*one) for one in told)

    rows = answer(
        "won_back",
        back=line((1, 1), (20, 5)),
        still=line((1, 2), (20, 2)),  # the second is unhappy too, and no answer follows it
        late=line((1, 1), (92, 5)),
        silent=line((1, 1)),
        happy=line((1, 5), (20, 1)),
        between=line((1, 1), (5, 3), (20, 5)),  # the next answer is the one in between
        edge=line((1, 1), (91, 4)),
    )
    assert rows.rows() == [("order_completed", 2, 4)]


def test_pages_of_comments_follow_on_each_other(said: tuple[Business, Rows]) -> None:
    engine = said[0].engine
    whole = comments(engine, EVERYTHING, limit=100).rows
    parts = [comments(engine, EVERYTHING, limit=10, offset=10 * n).rows for n in range(10)]
    assert pl.concat(parts).equals(whole)


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        (Selection(theme="delivry"), "no theme 'delivry' in the comments. Did you mean 'delivery'"),
        (Selection(touchpoint="order_delivred"), "Did you mean 'order_delivered'"),
        (Selection(language="xx"), "There are: "),
    ],
)
def test_what_is_not_there_is_told(
    said: tuple[Business, Rows], selection: Selection, says: str
) -> None:
    with pytest.raises(MetricError, match=says):
        selection.checked(said[0].engine, EVERYTHING)


def asked(business: Business, *words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What the command prints; it must end well."""
    assert main(["--data", str(business.folder.root), "feedback", *words]) == 0
    return capsys.readouterr().out


def test_the_command_gives_everything_as_json(
    said: tuple[Business, Rows], capsys: pytest.CaptureFixture[str]
) -> None:
    business = said[0]
    words = ("--format", "json", "--theme", "price", "--limit", "3", "--survey", "nps")
    found = json.loads(asked(business, *words, capsys=capsys))
    assert found["survey"] == "nps"
    assert found["selected"] == {"theme": "price"}
    assert {line["theme"] for line in found["themes"]} == {"delivery", "price", "product"}
    assert len(found["comments"]["rows"]) == 3
    assert all("price" in row["themes"] for row in found["comments"]["rows"])
    assert found["accuracy"][0]["language"] == "all"


def test_the_command_gives_tables(
    said: tuple[Business, Rows], capsys: pytest.CaptureFixture[str]
) -> None:
    business = said[0]
    assert "an association" in asked(business, capsys=capsys)
    csv = asked(business, "--format", "csv", capsys=capsys)
    assert csv.startswith("theme,comments,negative,neutral,positive,unjudged,answers,")
    listed = asked(business, "--search", "rapida", "--format", "csv", capsys=capsys)
    assert "Entrega rápida" in listed
    assert "comments whose writers gave" in asked(business, "--show", "accuracy", capsys=capsys)
    assert asked(business, "--show", "template", capsys=capsys).startswith("#")
    narrow = asked(business, "--where", "channel=Email", "--format", "json", capsys=capsys)
    everything = asked(business, "--format", "json", capsys=capsys)
    assert json.loads(narrow)["comments_in_all"] < json.loads(everything)["comments_in_all"]


def test_the_command_tells_what_is_wrong(
    said: tuple[Business, Rows], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(said[0].folder.root), "feedback", "--theme", "pryce"]) == 1
    assert "Did you mean 'price'" in capsys.readouterr().err


def test_hostile_comments_are_exported_as_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    business = Business(tmp_path)
    rows = people(ana="order_completed@0 review_written@1")
    rows[1]["comment"] = '=HYPERLINK("http://evil.example","x")'
    business.deliver(rows)
    business.build()
    csv = asked(business, "--show", "comments", "--format", "csv", capsys=capsys)
    assert "evil" not in csv
    assert all(not line.split(",")[1].strip('"').startswith("=") for line in csv.splitlines()[1:])
    business.close()
