"""What a reader does, in a real browser: open, filter, share a link, switch sides, export, and an
analyst who drops in a metric."""

import csv
import re
from urllib.parse import urlencode

import pytest

from journey.present.palette import palette
from tests.browser.conftest import journey, settle, start

pytestmark = pytest.mark.browser

METRIC = """-- title:    Sign-ups dropped in
-- question: Does a new file appear by itself?
-- chart:    line
-- unit:     touches
-- better:   higher
-- grain:    one row per week
--
-- Touches by week.
select date_trunc('week', occurred_on)::date as week, sum(touches)::bigint as touches,
from daily
where occurred_on >= $since and occurred_on < $until
group by all
order by week
"""


def sentence(page) -> str:
    """The line under the title."""
    return page.get_by_test_id("stCaptionContainer").first.inner_text()


def choose(page, label: str, option: str) -> None:
    """Choose an option of a filter and wait for the page."""
    page.locator(f".st-key-{label} input").click()
    page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    settle(page)


def test_a_link_to_a_page_of_a_fresh_server_has_menu_and_filters(
    browser, demo_data, server, tmp_path
) -> None:
    """Nobody has opened the front page of this server yet."""
    process, url = start(demo_data, server.queries, tmp_path / "log")
    try:
        # As soon as the start is over; the warm-up runs beside it.
        page = browser.new_page()
        for _ in range(100):
            if page.request.get(f"{url}/readyz").ok:
                break
        page.wait_for_timeout(3_000)
        page.goto(f"{url}/decision?period=Last+12+months&channel=Email")
        settle(page)
        assert page.get_by_role("link", name="Overview").is_visible()
        assert "channel Email" in sentence(page)
        assert page.locator("h1").inner_text() == "Who buys, and where carts stay behind"
        page.close()
    finally:
        process.terminate()
        process.wait(timeout=20)


def test_a_filter_changes_the_numbers_the_words_and_the_address(open_page) -> None:
    page = open_page("/")
    before = page.locator(".kpi .value").all_inner_texts()
    choose(page, "channel", "Email")
    assert "channel Email" in sentence(page)
    assert "channel=Email" in page.url
    assert page.locator(".kpi .value").all_inner_texts() != before


def test_a_link_to_the_overview_by_its_name_leads_to_the_front(open_page, server) -> None:
    page = open_page("/overview?channel=Email")
    assert page.url.startswith(f"{server.url}/?")
    assert "channel=Email" in page.url
    assert page.get_by_text("Page not found").count() == 0


def test_a_copied_address_shows_the_same_view(open_page) -> None:
    page = open_page("/")
    choose(page, "device", "Mobile")
    choose(page, "period", "Last 12 months")
    copied = page.url.removeprefix(re.match(r"https?://[^/]+", page.url)[0])
    again = open_page(copied)
    assert sentence(again) == sentence(page)
    assert (
        again.locator(".kpi .value").all_inner_texts()
        == page.locator(".kpi .value").all_inner_texts()
    )


@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_what_a_filter_chose_is_read_whole(open_page, width: int) -> None:
    channels = ["Organic Search", "Organic Social", "Call center", "Paid Search"]
    chosen = [*(("channel", name) for name in channels), ("persona", "Bargain hunter")]
    chosen += [("segment", "Online and in store")]
    query = urlencode([("period", "All time"), *chosen])
    page = open_page(f"/?{query}", width=width)
    chips = page.evaluate(
        """() => [...document.querySelectorAll(".st-key-filters .stMultiSelect")].flatMap(field =>
            [...field.querySelectorAll("[data-testid=stMultiSelectTagsContainer] > span > span")]
                .map(chip => {
                    const [one, all] = [chip, field].map(some => some.getBoundingClientRect());
                    const text = chip.querySelector("span");
                    return [chip.innerText.trim(), text.scrollWidth <= text.clientWidth + 1
                        && one.left >= all.left && one.right <= all.right
                        && one.top >= all.top && one.bottom <= all.bottom];
                }))"""
    )
    assert sorted(name for name, _ in chips) == sorted(name for _, name in chosen)
    assert [name for name, is_whole in chips if not is_whole] == []


def test_filters_stay_when_the_page_changes(open_page) -> None:
    page = open_page("/")
    choose(page, "channel", "Email")
    page.get_by_test_id("stTopNavSection").get_by_text("Stages").click()
    page.get_by_role("menuitem", name="Loyalty").click()
    page.get_by_role("heading", name="Who comes back").wait_for()
    settle(page)
    assert "channel Email" in sentence(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_side_follows_the_browser(open_page, scheme: str) -> None:
    page = open_page("/", scheme=scheme)
    colour = page.locator(".st-key-card_map").evaluate(
        "card => getComputedStyle(card).backgroundColor"
    )
    bright = sum(int(part) for part in re.findall(r"\d+", colour)[:3]) / 3
    assert (bright > 200) == (scheme == "light")


def test_the_reader_can_switch_sides(open_page) -> None:
    page = open_page("/")
    page.get_by_test_id("stMainMenu").click()
    page.get_by_test_id("stMainMenuItem-theme-Dark").click()
    page.keyboard.press("Escape")
    page.wait_for_timeout(800)
    settle(page)
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('[class*=\"st-key-card_\"]'))"
        ".backgroundColor === 'rgb(22, 29, 39)'",
        timeout=15_000,
    )


def test_the_export_is_exactly_what_is_shown(open_page, server, tmp_path) -> None:
    page = open_page("/channels?period=Last+12+months")
    page.locator(".st-key-card_channel_sources [data-testid=stPopoverButton]:visible").click()
    button = page.get_by_role("button", name="Export rows as CSV")
    button.wait_for()
    with page.expect_download() as waiting:
        button.click()
    target = tmp_path / "rows.csv"
    waiting.value.save_as(target)
    rows = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    whole = sum(int(row["mature_journeys"]) for row in rows)
    shown = page.locator(".st-key-card_channel_sources .under").inner_text()
    assert f"{whole:,} mature journeys" in shown


def test_what_stands_behind_a_card_is_one_click_away(open_page) -> None:
    page = open_page("/decision")
    page.locator(".st-key-card_time_to_purchase [data-testid=stPopoverButton]:visible").click()
    page.get_by_text("percentiles are interpolated").wait_for()
    page.get_by_role("tab", name="SQL").click()
    page.get_by_text("quantile_cont").first.wait_for()


def test_a_file_dropped_in_is_a_card_at_the_next_reload(open_page, server) -> None:
    page = open_page("/awareness")
    assert page.get_by_text("Sign-ups dropped in").count() == 0
    path = server.queries / "awareness" / "dropped_in.sql"
    path.write_text(METRIC)
    try:
        page.reload()
        settle(page)
        page.get_by_text("Sign-ups dropped in").wait_for()
        path.write_text(METRIC.replace("daily", "dialy"))
        page.reload()
        settle(page)
        told = page.get_by_test_id("stAlert").inner_text()
        assert "dropped_in.sql, line 10" in told
        assert page.get_by_test_id("stPlotlyChart").count() > 0, "the rest of the page stands"
    finally:
        path.unlink()


def test_a_running_server_picks_up_a_new_build(open_page, server, tmp_path) -> None:
    page = open_page("/health?period=All+time")
    shown = page.locator(".st-key-card_freshness .under").first.inner_text()
    more = tmp_path / "more.csv"
    more.write_text(
        "occurred_at,customer_id,touchpoint\n2026-10-30T10:00:00Z,someone-new,page_viewed\n"
    )
    journey(server.data, "ingest", str(more), "--as", "events")
    journey(server.data, "build")
    page.reload()
    settle(page)
    now = page.locator(".st-key-card_freshness .under").first.inner_text()
    count = [int(re.sub(r"\D", "", text)) for text in (shown, now)]
    assert count[1] == count[0] + 1


def test_on_a_phone_the_map_is_swiped_stage_by_stage(open_page) -> None:
    page = open_page("/", width=390, height=844)
    stages = page.locator(".jmap .stage")
    assert stages.count() == 6
    shown = page.locator(".jmap").bounding_box()
    first, second = (stages.nth(place).bounding_box() for place in (0, 1))
    assert first["width"] > 0.9 * shown["width"], "one stage a screen"
    assert second["x"] > shown["x"] + 0.9 * shown["width"]
    assert page.get_by_role("heading", name="Awareness").is_visible()
    tall = [stages.nth(place).bounding_box()["height"] for place in range(6)]
    assert tall[5] < 0.6 * max(tall), "a stage with little to tell is no higher than it needs"
    page.locator(".jmap").evaluate("map => map.scrollBy({left: 300, behavior: 'instant'})")
    page.wait_for_timeout(600)
    second = stages.nth(1).bounding_box()
    assert abs(second["x"] - shown["x"]) < 4, "a swipe comes to rest at a stage"


def test_a_stage_of_the_map_opens_on_a_click_and_by_keyboard(open_page) -> None:
    page = open_page("/")
    heads = page.locator(".st-key-map_stage button")
    columns = page.locator(".jmap .stage")
    for place in range(6):
        head, column = (found.nth(place).bounding_box() for found in (heads, columns))
        assert abs(head["x"] - column["x"]) < 6, "a name stands above its column"
    heads.nth(2).click()
    opened = page.locator(".st-key-map_opened")
    opened.wait_for()
    settle(page)
    assert "map_stage=Decision" in page.url
    assert page.locator("#map-decision.opened").count() == 1
    assert "Who leaves" in opened.inner_text()
    opened.locator("button").first.press("Enter")
    page.get_by_text("Mature journeys that started in the period").first.wait_for()


def test_a_pain_on_the_map_leads_to_the_ledger(open_page) -> None:
    page = open_page("/?period=Last+12+months")
    plates = page.locator(".jmap .plate")
    if not plates.count():
        pytest.skip("the small demo world has no pain that chance would not explain")
    plates.first.focus()
    assert "period=Last+12+months" in plates.first.get_attribute("href")
    with page.expect_navigation(url="**/pains?*pain=*"):
        plates.first.press("Enter")


@pytest.mark.parametrize("path", ["/", "/?map=To+be", "/?map=Personas", "/?map_stage=Decision"])
def test_the_map_prints_on_one_landscape_page(open_page, path: str) -> None:
    page = open_page(path)
    paper = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
    wide, high = map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)", paper).groups())
    assert (round(wide), round(high)) == (842, 595), "A4, landscape"


def test_paper_is_light_whatever_side_the_reader_sees(open_page) -> None:
    page = open_page("/paths", scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    light = palette("light")
    card = ".st-key-card_path_flow"
    inks = page.evaluate(
        """places => places
            .map(place => getComputedStyle(document.querySelector(place)))
            .map((style, place) => place < 3 ? style.backgroundColor : style.color)""",
        ["body", ".stApp", card, ".stMain h1", f"{card} .title"],
    )
    hexed = ["#" + "".join(f"{int(part):02X}" for part in re.findall(r"\d+", ink)) for ink in inks]
    assert hexed == [light.surface] * 3 + [light.text] * 2
    drawn = page.locator(".st-key-wide_flow .stPlotlyChart")
    assert drawn.is_visible(), "the wide picture, not the strip of a phone"
    written = drawn.evaluate("one => getComputedStyle(one.querySelector('svg text')).fill")
    ink = "#" + "".join(f"{int(part):02X}" for part in re.findall(r"\d+", written))
    assert ink in (light.text, light.muted), "what is written in a picture has the light side's ink"


def test_the_server_sends_its_policy_and_listens_on_loopback(browser, server) -> None:
    answer = browser.new_context().request.get(server.url)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "127.0.0.1" in server.url
