"""A pain in a real browser: opened, taken on, closed, judged; a second tab too late."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Server, settle, start
from tests.ledger.shop import FIXED, broken_checkout
from tests.world import Business

pytestmark = pytest.mark.browser

PAGE = "/pains?period=All+time"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The dashboard on a shop whose checkout broke on mobile, with nothing in its ledger."""
    root = tmp_path_factory.mktemp("broken")
    business = Business(root, currency="EUR")
    business.deliver(broken_checkout())
    business.build()
    business.close()
    queries = Path(__file__).parents[2] / "queries"
    process: subprocess.Popen[bytes]
    process, url = start(business.folder.root, queries, root / "log")
    yield Server(url, business.folder.root, queries, root / "log")
    process.terminate()
    process.wait(timeout=20)


def write(page, label: str, text: str) -> None:
    """Type into a field and leave it."""
    page.get_by_label(label, exact=True).first.fill(text)
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)


def press(page, name: str) -> None:
    """Press a button and wait for what comes of it."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_timeout(500)
    settle(page)


def said(page) -> str:
    """What the page says of the last edit."""
    alert = page.get_by_test_id("stAlert").first
    alert.wait_for()
    return " ".join(alert.inner_text().split())


def test_a_pain_is_taken_on_in_one_tab_refused_in_the_other_and_closed(open_page) -> None:
    one, two = open_page(PAGE), open_page(PAGE)
    assert "Mobile checkout" in one.locator(".pain .where").first.inner_text()
    for page, name in ((one, "Ana"), (two, "Ben")):
        write(page, "Your name", name)
    write(one, "Owned by", "Ana Lima")
    press(one, "Save")
    assert "owner Ana Lima" in said(one)
    assert "Ana Lima" in one.locator(".pain .kept").nth(1).inner_text()

    write(two, "Owned by", "Ben Ode")
    write(two, "Comment", "I know the cause")
    press(two, "Save")
    told = said(two)
    assert "Ana changed this row just now, while you were writing: owner Ana Lima." in told
    assert "Yours is not written yet: owner Ben Ode." in told
    assert two.get_by_label("Comment", exact=True).first.input_value() == "I know the cause"
    press(two, "Save")
    assert "owner Ben Ode" in said(two)

    press(two, "Close as fixed")
    closed = two.locator(".st-key-card_closed")
    closed.wait_for()
    assert "Worked" in closed.locator(".pill").inner_text()
    assert f"Fixed {FIXED.day} {FIXED:%b} {FIXED.year}, says Ben." in closed.inner_text()
    assert "more than chance would explain" in closed.locator(".judged").inner_text()
    history = closed.locator(".history").inner_text()
    assert "I know the cause" in history
    assert "Ana" in history
    assert closed.get_by_test_id("stPlotlyChart").count() == 1


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_nothing_hangs_over_at_any_width(open_page, width: int) -> None:
    page = open_page(PAGE, width=width)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    for box in page.locator(".pain").all():
        place = box.bounding_box()
        assert place is None or place["x"] + place["width"] <= width


def test_a_plate_of_the_map_leads_to_its_pain(open_page) -> None:
    page = open_page("/?period=All+time")
    page.locator(".jmap .plate:visible").first.click()
    page.get_by_role("heading", name="What hurts, and what it costs").wait_for()
    settle(page)
    assert re.search(r"pain=\w", page.url)
    assert page.locator(".judged:visible, .evidence:visible").count() > 0
