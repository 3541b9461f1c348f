"""The page of what-ifs: chosen in the address, told and drawn; and the command says the same."""

import json
from collections.abc import Iterator

import pytest

from journey import ROOT
from journey.__main__ import main
from tests.test_pages import run, words
from tests.world import Business, people

PAGE = ROOT / "pages" / "what_if.py"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """Two hundred visitors: some look again, a third check out, most of those order, some again."""
    lines = {}
    for number in range(200):
        line = f"page_viewed@{number % 50} product_viewed@{number % 50 + 1}"
        if number % 2:
            line += f" page_viewed@{number % 50 + 2} product_viewed@{number % 50 + 2.1}"
        if number % 3 == 0:
            line += f" checkout_started@{number % 50 + 3}"
            if number % 4:
                line += f" order_completed@{number % 50 + 3.1},revenue=40,order_id=o{number}"
                if number % 8 == 1:
                    line += f" checkout_started@{number % 50 + 9}"
                    line += f" order_completed@{number % 50 + 9.1},revenue=40"
        lines[f"p{number}"] = f"{line} channel={('Email', 'Direct')[number % 5 == 0]}"
    business = Business(tmp_path_factory.mktemp("shop"), currency="EUR")
    business.deliver([*people(**lines), *people(late="page_viewed@200")])
    business.build()
    yield business
    business.close()


def test_a_step_in_the_address_is_told_and_drawn(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"period": "All time", "from": "Consideration", "to": "Checkout", "points": "3"}
    app = run(PAGE, shop, monkeypatch, **asked)
    assert not app.exception
    told = words(app).replace("\\", "")
    assert "3 points more from consideration to checkout: " in told
    assert "Rate times rate says" in told
    assert "Orders a month" in told
    assert "Money a month" in told
    assert len(app.get("plotly_chart")) == 1


def test_a_channel_gone_is_told(shop: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(PAGE, shop, monkeypatch, period="All time", what="A channel is gone")
    assert not app.exception
    assert "Without Email: " in words(app).replace("\\", "")
    assert app.selectbox(key="without").options[0] == "Email"


def test_where_nothing_can_be_told_the_page_says_so(
    shop: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, shop, monkeypatch, period="All time", what="Deliveries are faster")
    assert not app.exception
    assert not app.warning
    assert "nothing to win that could be told" in words(app)


def test_the_command_says_the_same_as_the_page(
    shop: Business, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ("--data", str(shop.folder.root))
    step = ("--step", "consideration", "checkout", "3")
    assert main([*data, "what-if", *step, "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    whole = answer["naive"] + sum(part["orders"] for part in answer["parts"])
    assert whole == pytest.approx(answer["orders"]["value"])
    app = run(PAGE, shop, monkeypatch, period="All time", to="Checkout", points="3", **_from())
    shown = " ".join(words(app).replace("\\", "").split())
    assert " ".join(answer["told"][0].split()) in shown, "but for the width of its spaces"
    assert main([*data, "what-if", *step]) == 0
    assert answer["told"][0] in capsys.readouterr().out
    assert main([*data, "what-if", *step, "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("what,orders_a_month,low,high")


def _from() -> dict[str, str]:
    """The choice whose name Python keeps for itself."""
    return {"from": "Consideration"}
