"""The page "What to do next, and for whom" as readers meet it."""

import json
from collections.abc import Iterator

import pytest

from journey import ROOT
from tests.analysis.nextsteps.test_next_steps import wandering
from tests.test_pages import run, words
from tests.world import Business, people

PAGE = ROOT / "pages" / "next_steps.py"
ALL = {"period": "All time"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """People whom reviews bring on, most of all those at a desk."""
    business = Business(tmp_path_factory.mktemp("wanderers"))
    rows = wandering(4, extra=0.6, crowd=1500)
    for row in rows:
        row["persona"] = "Reader" if row["device"] == "desktop" else "Skimmer"
    business.deliver([*rows, *people(late="page_viewed@90")], "parquet")
    business.build()
    yield business
    business.close()


def test_the_best_step_for_each_persona(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, shop, monkeypatch, **ALL)
    assert not app.exception
    said = words(app)
    table = said.partition('aria-label="The best next step"')[2].partition("</table>")[0]
    assert table.count("<b>Reviews read</b>") >= 2, "everyone and readers"
    assert "Reader" in table
    assert "Consideration: after Reviews read, more went on" in said
    assert "not an effect" in said
    assert "Consideration: Reviews read" in said.partition("would settle it")[2]


def test_one_place_is_looked_at_closely(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, shop, monkeypatch, **ALL, who="Reader", stands_at="Consideration")
    assert not app.exception
    spec = json.loads(app.get("plotly_chart")[0].proto.spec)
    names = spec["layout"]["yaxis"]["ticktext"]
    assert names == ["Reviews read", "Products compared"]
    assert "had nobody comparable" in words(app)


def test_a_place_without_steps_says_so(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, shop, monkeypatch, **ALL, stands_at="Purchase")
    assert not app.exception
    assert "No step here was taken by 30 journeys" in words(app)


def test_channels_of_return(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, shop, monkeypatch, **ALL, over="Channel of return")
    assert not app.exception
    assert "none to settle yet" in words(app), "everybody comes directly"


def test_few_show_no_step(town: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, town, monkeypatch, **ALL)
    assert not app.exception
    assert "none to settle yet" in words(app)
    assert "too few" in words(app)
