"""The attribution page as readers meet it: chosen by address, empty, with and without spend."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from journey import ROOT
from tests.test_pages import run, words
from tests.world import Business, people

PAGE = ROOT / "pages" / "attribution.py"
ALL = {"period": "All time"}


def crowd(people_of: int = 60) -> list[dict]:
    """People who open through Display, come back by Email and order; some only look."""
    lines = {}
    for number in range(people_of):
        at = number % 20
        lines[f"buyer{number}"] = (
            f"ad_clicked@{at},channel=Display email_opened@{at + 1},channel=Email "
            f"order_completed@{at + 1.01},channel=Email,order_id=o{number},revenue=20,currency=EUR"
        )
        lines[f"looker{number}"] = f"ad_clicked@{at},channel=Display page_viewed@{at + 2}"
    return people(**lines)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """A crowd, built."""
    business = Business(tmp_path_factory.mktemp("crowd"), currency="EUR")
    business.deliver(crowd())
    business.build()
    yield business
    business.close()


def pictures(app: AppTest) -> list[dict]:
    """The page's Plotly figures."""
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def dots(picture: dict, name: str) -> dict:
    """The trace of this name."""
    return next(trace for trace in picture["data"] if trace.get("name") == name)


def test_the_leading_picture_has_a_dot_for_each_model_and_channel(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, shop, monkeypatch, **ALL, model="Linear")
    assert not app.exception
    lead = pictures(app)[0]
    assert dots(lead, "Linear")["x"] == [30, 30]
    assert sorted(dots(lead, "Last non-direct")["x"]) == [0, 60]
    assert len(dots(lead, "each model")["x"]) == 2 * 9, "ten models, the baseline apart"
    assert "60 orders of" in words(app)
    assert "The models disagree most about" in words(app)
    assert "Linear: each order goes in equal parts to the visits of its path." in words(app)


def test_choices_are_kept_in_the_address(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    choices = {"model": "First touch", "lookback": "All visits", "repeats": "Each channel once",
               "credit_in": "Value", "baseline": "Linear"}  # fmt: skip
    app = run(PAGE, shop, monkeypatch, **ALL, **choices)
    assert not app.exception
    lead = pictures(app)[0]
    assert dots(lead, "First touch")["x"] == [1200, 0]
    said = words(app)
    assert "all visits of the person up to it" in said
    assert "each channel counted once" in said


def test_the_chain_and_its_paths_to_none(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, shop, monkeypatch, **ALL, chain="2 visits back")
    assert "Markov of order 2, with paths to no order" in words(app)
    assert "60 journeys that ended in the period without an order count as paths to none" in words(
        app
    )
    without = run(PAGE, shop, monkeypatch, **ALL, nulls="Left out")
    assert "without paths to no order" in words(without)
    assert any(dots(picture, "removal effect") for picture in pictures(app)[1:2])


def test_equal_models_are_told_of(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    said = words(run(PAGE, shop, monkeypatch, **ALL))
    assert "no second witness beside Linear" in said
    assert "U-shaped is Linear here" in said


def test_few_orders_show_no_credit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    business = Business(tmp_path, currency="EUR")
    business.deliver(crowd(7))
    business.build()
    app = run(PAGE, business, monkeypatch, **ALL)
    assert not app.exception
    assert "7 orders in this period; credit is shown from 30." in words(app)
    assert all(not any(t.get("name") == "each model" for t in p["data"]) for p in pictures(app))
    business.close()


def test_spend_shows_its_cost_per_order_and_its_faults(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "There is no spend yet" in words(run(PAGE, shop, monkeypatch, **ALL))
    shop.folder.spend.write_text("day,channel,cost,currency\n2026-01-06,Display,90,EUR\n")
    app = run(PAGE, shop, monkeypatch, **ALL, model="Linear")
    costs = next(
        p for p in pictures(app)[1:] if any(t.get("name") == "each model" for t in p["data"])
    )
    assert dots(costs, "Linear")["x"] == [3]
    assert "known for everybody only" in words(
        run(PAGE, shop, monkeypatch, **ALL, channel="Display")
    )
    shop.folder.spend.write_text("day,channel,cost\n")
    app = run(PAGE, shop, monkeypatch, **ALL)
    assert "there is no column 'currency'" in app.warning[0].value.replace("\\", "")
    assert pictures(app), "the rest of the page stands"
    shop.folder.spend.unlink()


def test_every_model_is_a_row_and_every_channel_a_column(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, shop, monkeypatch, **ALL, model="Linear")
    table = next(t for t in app.dataframe if "Linear" in t.value.iloc[:, 0].to_list())
    assert [*table.value.columns] == ["By", "Display", "Email", "Direct"]
    credit = table.value.set_index("By")
    assert credit.loc["Paths with it"].to_list() == ["60", "60", "0"]
    assert credit.loc["First touch"].to_list() == ["60.0", "0.0", "\u2013"]
    assert credit.loc["Last touch"].to_list() == ["0.0", "60.0", "\u2013"]
    assert credit.loc["Linear"].to_list() == ["30.0", "30.0", "\u2013"]
