"""Every page for everyone: WCAG 2.2 A and AA by axe, keyboard, motion, narrow screens, guides."""

import re
from pathlib import Path

import pytest

from journey import ROOT
from journey.present.palette import contrast, palette
from tests.browser.conftest import settle

pytestmark = pytest.mark.browser

PAGES = [
    "",
    *sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem != "overview"),
]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

INKS = """() => [...document.querySelectorAll(".stPlotlyChart svg text")].map(text => [
    text.textContent, getComputedStyle(text).fill, getComputedStyle(text).opacity,
])"""
"""The texts of all charts with their colours, which axe does not look at."""

ON_FILLS = {"#FFFFFF", "#0B1220"}
"""The inks of texts that stand on a bar; tests/present/test_palette.py holds their contrast."""


def broken_rules(page, *, only: str | None = None) -> list[str]:
    """What axe finds by the guidelines' rules, or by one rule, a line a place."""
    folder = pytest.importorskip("axe_playwright_python", reason="axe is not installed").__file__
    page.evaluate((Path(folder).parent / "axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})",
        {"type": "rule", "values": [only]} if only else RULES,
    )
    return [
        f"{rule['id']} at {node['target']}: {node['html'][:160]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def as_hex(colour: str) -> str:
    """`rgb(1, 2, 3)` as `#010203`."""
    return "#" + "".join(f"{int(part):02X}" for part in re.findall(r"\d+", colour)[:3])


def too_faint(page, scheme: str) -> list[tuple[str, str]]:
    """Texts in charts that have less than 4.5:1 on the card."""
    ground = palette(scheme).surface
    return [
        (text, ink)
        for text, ink, opacity in page.evaluate(INKS)
        if text.strip()
        and as_hex(ink) not in ON_FILLS
        and (float(opacity) < 1 or contrast(as_hex(ink), ground) < 4.5)
    ]


def holds(page, scheme: str) -> None:
    """What holds for a page however wide it is."""
    assert page.evaluate("document.querySelector('.stMain').scrollWidth - innerWidth") <= 0
    assert broken_rules(page) == []
    assert too_faint(page, scheme) == []


def is_fit_for_paper(page) -> None:
    """Printed, nothing is left to press and nothing is cut off."""
    page.emulate_media(media="print")
    assert page.locator("button:visible, header:visible").count() == 0
    cut = page.evaluate(
        """() => [document.querySelector(".stMain"), document.querySelector(".stApp")].filter(
            one => getComputedStyle(one).overflowY !== "visible"
                || one.scrollHeight > one.clientHeight + 1
        ).length"""
    )
    assert cut == 0
    page.emulate_media(media="screen")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_an_error_and_can_be_used_by_everyone(open_page, name: str) -> None:
    page = open_page(f"/{name}")
    charts = page.get_by_test_id("stPlotlyChart")
    assert charts.count() + page.locator(".headline.quiet").count() > 0
    assert page.get_by_test_id("stAlert").count() == 0
    for told in charts.evaluate_all("all => all.map(one => one.ariaLabel)"):
        assert len(told or "") > 20, "a chart says in words what it shows"
    holds(page, "light")
    is_fit_for_paper(page)


@pytest.mark.parametrize("name", PAGES)
def test_so_it_can_on_the_dark_side_and_on_a_phone(open_page, name: str) -> None:
    page = open_page(f"/{name}", scheme="dark", width=390, height=844)
    holds(page, "dark")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.wait_for_timeout(400)
    # Wide, the rest is what it is on the light side.
    assert broken_rules(page, only="color-contrast") == []
    assert too_faint(page, "dark") == []


def test_a_long_page_is_printed_to_its_end(open_page) -> None:
    page = open_page("/channels")
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) >= 4
    assert set(re.findall(rb"/MediaBox\s*\[0 0 (84[12])[\d.]* 59[45]", paper)) == {b"841"}, "A4"


def test_what_opens_can_be_used_by_everyone(open_page) -> None:
    page = open_page("/decision?channel=Email&period=Chosen+days", scheme="dark")
    assert broken_rules(page) == []
    page.locator(".st-key-device input").click()
    page.get_by_role("option").first.wait_for()
    assert broken_rules(page) == []
    page.keyboard.press("Escape")
    page.locator(".st-key-card_conversion_rate [data-testid=stPopoverButton]:visible").click()
    page.get_by_role("tab", name="SQL").click()
    page.get_by_text("quantile_cont").or_(page.get_by_text("select")).first.wait_for()
    assert broken_rules(page) == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(open_page) -> None:
    page = open_page("/decision")
    named, rings = [], []
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const one = document.activeElement;
                if (one === document.body) return null;
                const ring = at => at && getComputedStyle(at).outlineStyle === "solid"
                    && parseFloat(getComputedStyle(at).outlineWidth) >= 2;
                return [
                    (one.ariaLabel ?? one.innerText).trim(),
                    ring(one) || ring(one.parentElement) || ring(one.closest("label")),
                ];
            }"""
        )
        if found is None:
            break
        named.append(found[0])
        rings.append(found[1])
    assert all(rings), [name for name, ring in zip(named, rings, strict=True) if not ring]
    assert all(named), "everything that can be reached has a name"
    there = " ".join(named)
    for wanted in ("Overview", "Got it", "Period", "Segment", "Estimate those", "Download plot"):
        assert wanted in there
    assert "Behind the card: What share of journeys ends in an order?" in there
    page.locator(".st-key-card_conversion_rate [data-testid=stPopoverButton]:visible").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Export rows as CSV").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Export rows as CSV").wait_for(state="detached")


def test_who_wants_no_motion_gets_none(open_page) -> None:
    page = open_page("/health")
    page.emulate_media(reduced_motion="reduce")
    longest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll("*")].flatMap(one => {
            const style = getComputedStyle(one);
            return [style.transitionDuration, style.animationDuration]
                .flatMap(text => text.split(",").map(parseFloat));
        }))"""
    )
    assert longest < 0.001


def test_a_guide_is_read_once(open_page) -> None:
    page = open_page("/health")
    guide = page.locator(".guide")
    assert "This page answers whether the data" in guide.inner_text()
    page.locator(".guide summary").focus()
    page.keyboard.press("Enter")
    assert guide.evaluate("fold => fold.open") is False
    page.reload()
    settle(page)
    assert guide.evaluate("fold => fold.open") is False
    again = page.context.new_page()
    again.goto(page.url)
    settle(again)
    assert again.locator(".guide").evaluate("fold => fold.open") is False, "in a new session too"
    page.get_by_text("How to read this page").click()
    assert guide.evaluate("fold => fold.open") is True, "it can be called back"
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("heading", name="Where journeys go").wait_for()
    settle(page)
    assert guide.evaluate("fold => fold.open") is True, "another page has its own"
    page.go_back()
    page.get_by_role("heading", name="Whether these numbers").wait_for()
    settle(page)
    assert guide.evaluate("fold => fold.open") is False
