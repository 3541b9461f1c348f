"""Orders that came a row per line, refunds without a minus, amounts of other currencies: told."""

from collections.abc import Iterator

import pytest

from journey import ROOT
from tests.test_pages import run, words
from tests.world import Business, people

LEFT_OUT = "in other currencies, left out"

# Ann's order came as three lines, and one line of it a day later; Bob's id is his own, though
# it is spelled alike; Cleo's orders have no id. One refund has its minus, one has not.
UNTIDY = people(
    ann="""order_completed@1,order_id=L1,revenue=20,currency=EUR
        order_completed@1,order_id=L1,revenue=30,currency=EUR
        order_completed@1,order_id=L1,revenue=10,currency=EUR
        order_completed@2,order_id=L1,revenue=5,currency=EUR
        order_refunded@5,order_id=L1,revenue=60,currency=EUR""",
    bob="""order_completed@3,order_id=L1,revenue=9,currency=USD
        order_refunded@4,order_id=L1,revenue=-9,currency=EUR""",
    cleo="order_completed@6,revenue=7,currency=EUR order_completed@7,revenue=7,currency=EUR",
)


@pytest.fixture(scope="module")
def untidy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    business = Business(tmp_path_factory.mktemp("untidy"), currency="EUR")
    business.deliver(UNTIDY)
    yield business
    business.close()


def test_lines_of_an_order_and_refunds_without_a_minus_are_counted(untidy: Business) -> None:
    assert untidy.ask("untidy_amounts").rows() == [
        ("Order id that came before", 3),
        ("Refund above zero", 1),
    ]


def test_a_card_of_money_says_what_is_in_no_sum(
    untidy: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ROOT / "pages" / "decision.py"
    assert f"1 amount of all data, {LEFT_OUT}" in words(run(page, untidy, monkeypatch))


def test_with_one_currency_nothing_is_said(town: Business, monkeypatch: pytest.MonkeyPatch) -> None:
    page = ROOT / "pages" / "decision.py"
    assert LEFT_OUT not in words(run(page, town, monkeypatch))
