"""Checkouts left and carts won back, by example."""

from datetime import date, datetime

from tests.world import Ask


def counts(answer: Ask, metric: str, **journeys: str) -> tuple[int, int]:
    row = answer(metric, **journeys).row(0)
    return row[1], row[2]


def test_a_checkout_ends_well_with_an_order_within_a_day(answer: Ask) -> None:
    assert counts(
        answer,
        "checkout_abandonment",
        ana="checkout_started@0 order_completed@0.9",
        ben="checkout_started@0 order_completed@1.1",
        cleo="checkout_started@0",
        dan="order_completed@0 checkout_started@0.1",
    ) == (3, 4)


def test_starts_in_one_session_are_one_checkout(answer: Ask) -> None:
    line = "checkout_started@0 checkout_started@0.01 checkout_started@2 order_completed@2.1"
    assert counts(answer, "checkout_abandonment", ana=line) == (1, 2)


def test_a_checkout_belongs_to_the_journey_of_its_first_touch(answer: Ask) -> None:
    ana = """checkout_started@0,channel=Email order_completed@0.01,channel=Email
        checkout_started@0.02,channel=Direct"""
    ben = "checkout_started@0,channel=Email order_completed@0.5,channel=Direct"
    for channel, expected in (("Email", [(0, 2)]), ("Direct", [])):
        rows = answer("checkout_abandonment", asked={"channel": [channel]}, ana=ana, ben=ben)
        assert [row[1:] for row in rows.rows()] == expected


def test_a_checkout_has_its_day_before_it_counts(answer: Ask) -> None:
    seen = {"as_of": datetime(2026, 1, 5, 23, 59)}
    assert answer("checkout_abandonment", asked=seen, ana="checkout_started@0").is_empty()
    late = {"since": date(2026, 1, 6)}
    assert answer("checkout_abandonment", asked=late, ana="checkout_started@0").is_empty()


def test_a_cart_is_won_back_after_a_day_and_within_seven(answer: Ask) -> None:
    assert counts(
        answer,
        "cart_recovery",
        ana="product_added@0,cart_id=a order_completed@0.5,cart_id=a",
        ben="product_added@0,cart_id=b order_completed@3,cart_id=b",
        cleo="product_added@0,cart_id=c order_completed@7.5,cart_id=c",
        dan="product_added@0,cart_id=d",
    ) == (1, 3)


def test_a_cart_has_its_seven_days_before_it_counts(answer: Ask) -> None:
    seen = {"as_of": datetime(2026, 1, 11)}
    assert answer("cart_recovery", asked=seen, ana="product_added@0,cart_id=a").is_empty()
