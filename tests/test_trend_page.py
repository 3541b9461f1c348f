"""Levels, ranges and forecasts as readers meet them, on the decision page."""

from datetime import timedelta

import numpy as np
import pytest

from journey import ROOT
from tests.test_pages import run, words
from tests.world import MONDAY, Business, Rows

PAGE = ROOT / "pages" / "decision.py"
ALL = {"period": "All time"}


def weeks(shares: list[float], each: int = 40) -> Rows:
    """Carts of so many people a week, and this share of them bought."""
    draw = np.random.default_rng(1)
    rows: Rows = []
    for week, share in enumerate(shares):
        bought = set(draw.permutation(each)[: round(each * share)].tolist())
        for one in range(each):
            at = MONDAY + timedelta(weeks=week, days=one % 7, hours=one % 5)
            person = f"w{week}-{one}"
            touches = ["product_added", *(["order_completed"] if one in bought else [])]
            for place, touchpoint in enumerate(touches):
                rows.append(
                    {
                        "event_id": f"{person}-{place}",
                        "occurred_at": at + timedelta(minutes=place),
                        "customer_id": person,
                        "touchpoint": touchpoint,
                        "channel": "Email",
                        "cart_id": person,
                        "order_id": person if place else None,
                        "revenue": 20.0 if place else None,
                        "currency": "EUR" if place else None,
                    }
                )
    return rows


@pytest.fixture(scope="module")
def carts(tmp_path_factory: pytest.TempPathFactory) -> Business:
    """Thirty weeks in which two went wrong."""
    draw = np.random.default_rng(2)
    shares = [0.6 + 0.05 * float(draw.standard_normal()) for _ in range(30)]
    shares[20:22] = [0.1, 0.1]
    business = Business(tmp_path_factory.mktemp("carts"), currency="EUR")
    business.deliver(weeks(shares))
    business.build()
    return business


def test_a_card_says_since_when_and_what_is_out_of_range(
    carts: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, carts, monkeypatch, **ALL)
    assert not app.exception
    said = words(app).replace("\u202f", " ").replace("\u2009", " ")
    assert "From 25 May 2026 to 7 Jun 2026 it ran at 90 %" in said
    assert "is above what its past leads one to expect" in said
    assert "At this course" not in said


def test_a_switch_carries_the_course_on_to_its_target(
    carts: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, carts, monkeypatch, forecast_cart_abandonment="true", **ALL)
    assert not app.exception
    assert "At this course" in words(app)
    assert "likely to be reached" in words(app)


def test_too_few_weeks_are_told_in_place_of_a_forecast(
    town: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(PAGE, town, monkeypatch, forecast_cart_abandonment="true", **ALL)
    assert not app.exception
    assert "to go on from" in words(app) or not app.toggle
