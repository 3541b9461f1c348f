"""Paths in a real browser: a click on a block looks closer at it, and the address knows."""

import pytest

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser

SPOTS = """
() => {
  const chart = document.querySelector('.st-key-wide_flow .js-plotly-plot')
  const spots = chart.data.find((trace) => trace.mode === 'markers')
  const {xaxis, yaxis} = chart._fullLayout
  const box = chart.getBoundingClientRect()
  return spots.x.map((x, place) => [
    box.x + xaxis._offset + xaxis.l2p(x),
    box.y + yaxis._offset + yaxis.l2p(spots.y[place]),
  ])
}
"""


def test_one_click_leads_from_a_block_to_its_before_and_after(open_page) -> None:
    page = open_page("/paths?path_from=Product+viewed")
    flow = page.locator(".st-key-wide_flow .js-plotly-plot").first
    flow.wait_for()
    chosen = page.locator(".st-key-path_around input").first
    before = chosen.input_value()
    second = page.evaluate(SPOTS)[1:3]
    for across, down in second:
        page.mouse.click(across, down)
        page.wait_for_timeout(300)
        settle(page)
        if chosen.input_value() != before:
            break
    assert chosen.input_value() != before
    assert f"path_around={chosen.input_value().replace(' ', '+')}" in page.url


def test_on_a_phone_the_flow_is_a_strip_and_nothing_hangs_over(open_page) -> None:
    page = open_page("/paths")
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert page.locator(".st-key-phone_flow .strip").is_visible()
    assert not page.locator(".st-key-wide_flow").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
