"""The funnel page: a way and its rule from the address, every card with its n and its rule, what
it says to nobody and to nonsense, and a segment saved from it."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journey import ROOT
from journey.demo.world import generate
from journey.intake.ingest import ingest
from journey.intake.sources import queries_folder
from tests.test_pages import words
from tests.world import Business, people

PAGE = ROOT / "pages" / "funnel.py"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A small demo world."""
    business = Business(tmp_path_factory.mktemp("shop"))
    files = generate(business.folder.demo, people=1_500)
    ingest(business.folder, business.config, "events", [str(file) for file in files])
    business.build()
    yield business
    business.close()


def opened(
    business: Business, monkeypatch: pytest.MonkeyPatch, **query: str | list[str]
) -> AppTest:
    """The page on a business's data, at an address."""
    import streamlit

    streamlit.cache_resource.clear()
    streamlit.cache_data.clear()
    monkeypatch.setenv("JOURNEY_DATA", str(business.folder.root))
    app = AppTest.from_file(str(PAGE), default_timeout=60)
    for name, value in {"period": "All time", **query}.items():
        app.query_params[name] = value
    return app.run()


def test_the_page_tells_the_whole_way(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(shop, monkeypatch)
    assert not app.exception
    assert not app.warning
    said = words(app)
    for title in (
        *("Step by step", "Time between steps", "In time", "Broken down"),
        *("What goes with going on", "Money through the steps", "Who left"),
        "Coming in at any step",
    ):
        assert title in said, title
    # There is nothing before all time; before its last six months there is.
    assert "More than chance?" not in said
    assert "More than chance?" in words(opened(shop, monkeypatch, period="Last 6 months"))
    assert "People with Product viewed, then Product added, then Order completed" in said
    assert "within 30 days of the first" in said
    assert "only where the 30 days were over" in said
    assert "an association, not a cause" in said
    charts = app.get("plotly_chart")
    assert len(charts) == 4
    assert all(json.loads(chart.proto.spec)["data"] for chart in charts)


SETTINGS: list[tuple[dict[str, str | list[str]], str]] = [
    ({"way": ["Product viewed", "Order completed"]}, "Product viewed, then Order completed ("),
    ({"way": ["awareness", "Purchase"]}, "Awareness, then Purchase (anything"),
    (
        {"way": ["product_viewed,reviews_read:device=mobile", "cart_viewed?", "Order completed"]},
        "Product viewed or Reviews read with device mobile, then possibly Cart viewed, then Order",
    ),
    ({"way": ["Order completed", "order_completed:again"]}, "Order completed, then Order comp"),
    ({"way_mode": "In any order"}, "in any order, each with a touch of its own"),
    ({"way_mode": "First, then last"}, "and possibly Product added in between"),
    (
        {"way_mode": "One right after the other", "way_ignore": "cart_viewed"},
        "nothing but Cart viewed in between",
    ),
    ({"way_window": "The same session"}, "in the session of the first"),
    ({"way_window": "45m"}, "within 45 minutes of the first"),
    ({"way_window": "No limit"}, "without a time limit"),
    ({"way_count": "Sessions"}, "Sessions with Product viewed"),
    ({"way_count": "Entries"}, "every Product viewed counted on its own"),
    ({"way_immature": "Estimate"}, "Estimated by Kaplan and Meier"),
    ({"way_entry": "Best"}, "that gets furthest"),
    ({"way_hold": "Product"}, "all with the same product"),
    ({"way_exclude": "support_contacted"}, "leaving out the person with any Support contacted"),
    ({"way_grace": "2s"}, "within 2 seconds of each other"),
]


@pytest.mark.parametrize(("query", "said"), SETTINGS)
def test_every_setting_comes_from_the_address_and_is_said(
    query: dict[str, str | list[str]],
    said: str,
    shop: Business,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = opened(shop, monkeypatch, **query)
    assert not app.exception
    assert not app.warning
    assert said in words(app)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"way": ["Product viewed"]}, "2 to 10 steps"),
        ({"way": ["product_veiwed", "Purchase"]}, "Did you mean 'product_viewed'"),
        ({"way": ["Product viewed", "Purchase:colour=red"]}, "cannot ask for 'colour'"),
        ({"way_window": "soon"}, "not a span of time"),
        ({"way_mode": "In any order", "way_grace": "5s"}, "choose the mode ordered"),
    ],
)
def test_nonsense_says_what_to_do(
    query: dict[str, str | list[str]], said: str, shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(shop, monkeypatch, **query)
    assert not app.exception
    assert len(app.warning) == 1
    assert said in app.warning[0].value.replace("\\", "")
    assert app.multiselect(key="way") is not None, "and the way can be mended"


def test_open_entry_says_why_it_has_no_meaning(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "came in after the first step" in words(opened(shop, monkeypatch))
    said = words(opened(shop, monkeypatch, way_mode="In any order"))
    assert "nobody can come in at a later one" in said


def test_too_few_are_counted_but_not_rated(town: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(town, monkeypatch)
    assert not app.exception
    said = words(app)
    assert "people entered; we show a rate from 30" in said
    assert "too few" in said
    spec = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert not any("%" in note["text"] for note in spec["layout"]["annotations"])


def test_who_left_becomes_a_segment(
    shop: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = tmp_path / "queries"
    shutil.copytree(queries_folder(), queries)
    monkeypatch.setenv("JOURNEY_QUERIES", str(queries))
    app = opened(shop, monkeypatch)
    app.text_input(key="way_segment").set_value("left_the_cart")
    app.button(key="way_save").click().run()
    assert not app.exception
    assert "left\\_the\\_cart\\.sql" in app.success[0].value
    assert (queries / "segments" / "left_the_cart.sql").exists()
    app.button(key="way_save").click().run()
    assert "There is a segment" in app.warning[0].value


def test_a_step_can_be_changed_by_hand(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(shop, monkeypatch)
    app.selectbox(key="way_edited").select_index(1).run()
    form = {field.label: field for field in [*app.checkbox, *app.text_input, *app.selectbox]}
    form["Need not happen (a middle step)"].check()
    form["Only where"].set_value("device")
    form["is"].input("mobile")
    form["At most this long after it"].input("7d")
    next(button for button in app.button if button.label == "Change").click().run()
    assert not app.exception
    steps = app.multiselect(key="way").value
    assert steps == ["product_viewed", "product_added?:device=mobile:gap=..7d", "order_completed"]
    assert "step 2 at most 7 days after the step before it" in words(app)


def test_a_hostile_touchpoint_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = "<img src=x onerror=alert(1)> ![t](http://evil/x.png)"
    business = Business(tmp_path)
    lines = {f"p{n}": "product_viewed@0 order_completed@1,revenue=5" for n in range(40)}
    rows = people(**lines)
    for row in rows[::2]:
        row |= {"touchpoint": hostile, "device": hostile, "channel": hostile}
    business.deliver(rows)
    business.build()
    step = hostile.replace("!", "%21").replace("=", "%3D").replace(":", "%3A")
    app = opened(business, monkeypatch, way=[step, "order_completed"], way_by="Touchpoint")
    assert not app.exception
    assert not app.warning
    for part in [*app.caption, *app.markdown, *app.warning]:
        assert "![t](" not in part.value
    assert not any("<img" in html.value for html in app.get("html"))
    assert not any("<img" in chart.proto.spec for chart in app.get("plotly_chart"))
    business.close()
