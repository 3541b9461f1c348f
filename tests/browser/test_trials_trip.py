"""Experiments and next steps in a real browser: a choice shows, and the address knows."""

import pytest

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser


def test_from_a_verdict_to_another_goal(open_page) -> None:
    page = open_page("/experiments?period=All+time")
    verdict = page.locator(".st-key-card_experiment .kpi .pill").first
    assert "chance" in verdict.inner_text() or "early" in verdict.inner_text()
    chosen = page.locator(".st-key-goal input").first
    chosen.click()
    page.get_by_role("option", name="Checkout started", exact=True).click()
    title = page.locator(".st-key-card_experiment .title", has_text="checkout started").first
    title.wait_for(timeout=30_000)
    assert "goal=Checkout+started" in page.url


def test_from_the_best_step_to_one_place(open_page) -> None:
    page = open_page("/next_steps?period=All+time&stands_at=Consideration")
    table = page.get_by_role("table", name="The best next step")
    assert table.get_by_role("rowheader").first.inner_text() == "Everyone"
    assert page.locator(".st-key-card_place .js-plotly-plot").is_visible()
    page.get_by_role("button", name="Channel of return").or_(
        page.get_by_role("radio", name="Channel of return")
    ).first.click()
    settle(page)
    assert "over=Channel+of+return" in page.url


@pytest.mark.parametrize("path", ["/experiments?period=All+time", "/next_steps?period=All+time"])
def test_nothing_hangs_over_on_a_phone(open_page, path: str) -> None:
    page = open_page(path, width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = page.evaluate(
        "[...document.querySelectorAll('.cells .said, .portrait, .kpi')]"
        ".filter(one => one.getBoundingClientRect().right > 390).map(one => one.innerText)"
    )
    assert wide == []
