"""Two numbers and what-ifs in a real browser: from a card's menu to the steps, and a change turned
up."""

import pytest

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser


def test_from_a_cards_menu_to_why_its_number_differs(open_page) -> None:
    page = open_page("/decision?period=All+time")
    card = page.locator("[class*='st-key-card_kpi_']").first
    card.locator("[class*='st-key-menu_'] button").first.click()
    page.get_by_role("link", name="Why does this differ from another number?").click()
    page.wait_for_url("**/differences?*")
    page.locator(".st-key-card_differences").wait_for()
    chosen = page.locator(".st-key-number input").first
    assert chosen.input_value() == "Conversion"
    assert "period=All+time" in page.url
    other = page.locator(".st-key-other input").first
    other.fill("Repeat purch")
    page.get_by_role("option", name="Repeat purchase", exact=True).click()
    settle(page)
    told = page.locator(".st-key-card_differences").inner_text()
    assert "Repeat purchase is" in told
    assert page.get_by_role("table", name="What each number counts").is_visible()


def test_a_change_turned_up_does_more(open_page) -> None:
    page = open_page("/what_if?period=All+time")
    plate = page.locator(".st-key-what_if_plates .value").first
    told = plate.inner_text()
    before = float(told.lstrip("+"))
    page.locator(".st-key-points [data-testid='stNumberInputStepUp']").click()
    page.wait_for_function(
        "was => document.querySelector('.st-key-what_if_plates .value')?.innerText !== was",
        arg=told,
    )
    settle(page)
    assert float(plate.inner_text().lstrip("+")) > before > 0
    assert "points=2.5" in page.url


@pytest.mark.parametrize("path", ["/differences?period=All+time", "/what_if?period=All+time"])
def test_nothing_hangs_over_on_a_phone(open_page, path: str) -> None:
    page = open_page(path, width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
