"""The feedback page: what it says, what may be chosen, and that customers' words stay words."""

import json
from collections.abc import Iterator
from random import Random

import polars as pl
import pytest

from journey import ROOT
from journey.demo.phrases import HOSTILE, PERSONAL
from journey.present.palette import LIGHT
from journey.present.pulls import Pull, in_words, ordered, pulls
from journey.present.quotes import quotes
from tests.test_feedback import answers
from tests.test_pages import run, words
from tests.world import Business, people

PAGE = ROOT / "pages" / "feedback.py"


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A business with some hundred answers."""
    business = Business(tmp_path_factory.mktemp("said"))
    business.deliver(answers(Random(4), 400))
    business.build()
    yield business
    business.close()


def test_it_shows_themes_comments_and_how_sure_it_is(
    said: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, said, monkeypatch, period="All time")
    assert not app.exception
    text = words(app)
    for title in ("What themes go with", "In their own words", "How sure the moods are"):
        assert title in text
    assert "an association" in text
    assert "The parcel arrived late" in text
    assert "have the mood of the score" in text


def test_a_copied_address_shows_the_same_choice(
    said: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, said, monkeypatch, period="All time", theme="price", mood="Happy", survey="NPS")
    assert not app.exception
    shown = [html.value for html in app.get("html") if 'class="quote ' in html.value]
    assert len(shown) == 1
    assert "Great price" in shown[0]
    assert "parcel" not in shown[0]
    assert "pulls NPS down" in " ".join(chart.proto.spec for chart in app.get("plotly_chart"))


def test_a_search_without_a_hit_says_so(said: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, said, monkeypatch, period="All time", search="zzzz")
    assert not app.exception
    assert "No comments here. Take a choice away" in words(app)


def test_pages_turn(said: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(PAGE, said, monkeypatch, period="All time")
    second = run(PAGE, said, monkeypatch, period="All time", comments_page="2")
    assert not second.exception

    def of(app: object) -> list[str]:
        return [html.value for html in app.get("html") if 'class="quotes"' in html.value]  # type: ignore[attr-defined]

    assert of(first)
    assert of(second)
    assert of(first) != of(second)


def test_comments_are_masked_and_hostile_ones_are_text(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = []
    said = [personal.format(n=number) for number, personal in enumerate(PERSONAL)]
    for number, comment in enumerate([*said, *HOSTILE]):
        made = people(**{f"p{number}": "order_completed@0 review_written@1"})
        made[1] |= {"comment": comment, "survey": "csat", "score": 1}
        rows += made
    business.deliver(rows)
    business.build()
    shown = ""
    for number in ("1", "2"):
        app = run(PAGE, business, monkeypatch, period="All time", comments_page=number)
        assert not app.exception
        shown += " ".join(html.value for html in app.get("html"))
    for secret in ("555", "@example", "4111", "0000002", "http://"):
        assert secret not in shown, secret
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "<img src=x" not in shown


def test_a_quote_is_escaped_whatever_it_holds() -> None:
    evil = '<b onclick="x">"&'
    row = {
        "answered_on": None, "comment": evil * 200, "sentiment": evil, "confidence": 0.7,
        "themes": evil, "survey": evil, "score": 1.0, "scale_max": None, "about": evil,
        "stage": evil, "channel": evil, "language": evil,
    }  # fmt: skip
    html = quotes(pl.DataFrame([row]))
    assert "<b" not in html
    assert 'onclick="' not in html
    assert "<details>" in html


THEMES = [
    Pull("price", 40, 0.5, -0.2, 1.2),
    Pull("delivery", 60, -2.0, -3.0, -1.0),
    Pull("staff", 50, 1.5, 0.5, 2.5),
    Pull("<b>new", 4, None, None, None),
]


def test_the_picture_of_pulls() -> None:
    figure = pulls(THEMES, LIGHT, "CSAT", "points").figure()
    names = list(figure.layout.yaxis.ticktext)
    assert names == ["Delivery", "Price", "Staff", "&lt;b&gt;new"]
    assert list(figure.data[1].x) == [-2.0, 0.5, 1.5]
    low, high = figure.layout.xaxis.range
    assert low <= -3.0
    assert high >= 2.5
    notes = json.dumps([note.text for note in figure.layout.annotations])
    assert "too few" in notes
    assert "<b>new" not in notes


def test_the_picture_in_words() -> None:
    assert ordered(THEMES)[0].theme == "delivery"
    assert in_words(THEMES, "CSAT").replace("\u2212", "-") == (
        "Delivery -2.0 pulls CSAT down; Staff +1.5 pulls CSAT up: more than chance would explain, "
        "and an association."
    )
    assert "differs by more than chance" in in_words(THEMES[:1], "CSAT")


def test_no_themes_are_a_picture_too() -> None:
    assert pulls([], LIGHT, "CSAT", "points").figure().layout.annotations
