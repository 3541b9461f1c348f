"""The paths page: choices bound to the address, every rule in words, what is refused."""

from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journey import ROOT
from tests.test_pages import run, words
from tests.world import Business, people

PAGE = ROOT / "pages" / "paths.py"


def told(app: AppTest) -> str:
    """All text on the page, escapes taken off and all spaces alike."""
    return " ".join(unescape(words(app)).replace("\\", "").split())


def test_the_address_says_what_is_asked(town: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(
        *(PAGE, town, monkeypatch),
        period="All time",
        path_from="Product viewed",
        path_to="Order completed",
        path_count="People",
        path_steps="4",
        path_around="Survey answered",
        path_repeats="Folded into one",
    )
    assert not app.exception
    said = told(app)
    assert "People from their first Product viewed to the next Order completed" in said
    assert "4 steps over touchpoints, each with its 8 commonest" in said
    assert "The same several times in a row counts as one" in said
    assert "that pass the start get to the end." in said
    assert "Every Survey answered in the journeys of the period counts" in said


def test_rules_of_the_address_name_touchpoints(
    town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(
        PAGE, town, monkeypatch, period="All time", path_rules="*_nothing -> x; product_* -> P"
    )
    said = told(app)
    assert "Names by the first rule that matches: *_nothing -> x; product_* -> P." in said
    assert "*_nothing -> x: 0 of" in said, "a rule that catches nothing is seen"


def test_a_rule_that_is_none_is_refused_once(
    town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, town, monkeypatch, period="All time", path_rules="regex:( -> x")
    assert not app.exception
    assert len(app.warning) == 1
    assert "is not a regular expression" in app.warning[0].value.replace("\\", "")


def test_ends_are_only_those_not_hidden(town: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, town, monkeypatch, period="All time", path_hide="Ad clicked")
    options = app.selectbox(key="path_from").options
    assert "Ad clicked" not in options
    assert "Hidden: Ad clicked." in told(app)


def test_the_page_is_set_against_what_it_is_compared_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    business = Business(tmp_path, currency="EUR")
    mobile = {f"m{n}": f"ad_clicked@{n} page_viewed@{n + 0.1} device=mobile" for n in range(40)}
    desktop = {
        f"d{n}": f"ad_clicked@{n} order_completed@{n + 0.1} device=desktop" for n in range(40)
    }
    business.deliver(people(**mobile, **desktop))
    business.build()
    app = run(
        *(PAGE, business, monkeypatch),
        period="All time",
        device="Mobile",
        compare="Another group",
        path_versus="Now against Everyone else",
    )
    assert not app.exception
    said = told(app)
    assert "Now (40) against Everyone else (40)" in said
    assert "Step 2: Page viewed 100 % against 0 %" in said
    alone = run(PAGE, business, monkeypatch, period="All time", compare="No comparison")
    assert alone.selectbox(key="path_versus").options == ["Buyers against leavers"]
    business.close()


def test_whole_journeys_that_bought(town: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, town, monkeypatch, period="All time", path_outcome="Those that bought")
    said = told(app)
    assert "Only those that hold an order." in said
    assert "All 5 ways; they cover 100 % of 5 journeys." in said


def test_whole_journeys_that_bought_stand_beside_those_that_left(
    town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, town, monkeypatch, period="All time")
    said = told(app)
    assert "by their stages" in said
    assert "5 journeys that bought" in said
    assert "that left" in said
    chosen = told(run(PAGE, town, monkeypatch, period="All time", path_over="Channel"))
    assert "by their channels of touches; two that differ" in chosen, "what is chosen counts"


def test_paths_over_channels_and_stages(town: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    for over, said in (("Channel", "channels of touches"), ("Stage", "over stages")):
        app = run(PAGE, town, monkeypatch, period="All time", path_over=over)
        assert not app.exception
        assert said in told(app)
