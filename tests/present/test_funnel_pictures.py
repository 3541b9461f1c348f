"""The funnel's pictures: what they draw, what they leave out, what they say in words."""

from typing import Any

import polars as pl
import pytest

from journey.analysis.funnel.compare import Shift
from journey.analysis.funnel.drivers import odds_ratio
from journey.analysis.funnel.duration import Duration
from journey.analysis.funnel.steps import parse_step
from journey.present.funnel import odds, steps, tables, times
from journey.present.funnel.steps import Bar
from journey.present.palette import DARK, LIGHT, Palette

HOSTILE = "<b>%{x}</b> $y$"


def bar(name: str, count: float, before: int | None = None, **more: Any) -> Bar:
    share = count / 1_000
    return Bar(name, count, 1_000, share - 0.02, share + 0.02, before, **more)


THREE = [bar("View", 1_000), bar("Cart", 400, 1_000, earlier=0.5), bar("Order", 100, 400)]


def notes(figure: Any) -> str:
    return " | ".join(note.text for note in figure.layout.annotations)


def trace(figure: Any, name: str) -> Any:
    return next(one for one in figure.data if one.name == name)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_bars_are_linear_and_what_left_fills_the_gap(palette: Palette) -> None:
    figure = steps.bars(THREE, palette, 30).figure()
    assert list(trace(figure, "reached").x) == [1_000, 400, 100]
    assert list(trace(figure, "left").base) == [1_000, 400, 100]
    assert list(trace(figure, "left").x) == [0, 600, 300]
    assert figure.layout.xaxis.range == (0, 1_000)
    assert list(trace(figure, "compared with").x) == [500]
    ends = [end for end in trace(figure, "95 % interval").x if end is not None]
    assert ends == pytest.approx([380, 420, 80, 120])
    assert "\u2212600   <b>400</b>" in notes(figure)
    assert "step 25" in notes(figure)


def test_bars_of_too_few_show_counts_and_no_rates() -> None:
    few = [Bar("View", 20, 20, 0.8, 1.0, None), Bar("Order", 5, 20, 0.1, 0.4, 20)]
    figure = steps.bars(few, LIGHT, 30).figure()
    assert "%" not in notes(figure)
    assert "<b>5</b>" in notes(figure)
    assert all(one.name != "95 % interval" for one in figure.data)
    assert steps.in_words(few, "people", 30) == "20 people entered; we show a rate from 30."


def test_words_at_times_never_share_a_height() -> None:
    bars = pl.DataFrame(
        {"from_seconds": [0.0, 86_400.0], "to_seconds": [86_400.0, None], "tries": [90, 10]}
    )
    at = {25: 3_600.0, 50: 7_200.0, 75: 10_800.0, 90: 14_400.0}
    sheet = times.spread(Duration(1, 2, 100, at, bars, 7_200.0), LIGHT, 30).figure()
    heights = [note.yshift for note in sheet.layout.annotations]
    assert len(heights) == 4
    assert min(b - a for a, b in zip(sorted(heights), sorted(heights)[1:], strict=False)) >= 17
    assert max(heights) + 17 <= sheet.layout.margin.t


def test_bars_of_nobody_say_so() -> None:
    nobody = [Bar("View", 0, 0, None, None, None), Bar("Order", 0, 0, None, None, 0)]
    assert "Nothing in this period" in notes(steps.bars(nobody, LIGHT, 30).figure())
    assert "in this period" in steps.in_words(nobody, "people", 30)


def test_bars_in_words() -> None:
    told = steps.in_words(THREE, "people", 30).replace("\u2009", " ")
    assert told == (
        "Of 1,000 people with View, 10.0 % get to Order (8.0 to 12.0 %). Most leave between View "
        "and Cart: 600, 60 % of those who were there."
    )
    optional = [THREE[0], bar("Cart", 1, 1_000, optional=True), bar("Order", 900, 1_000)]
    assert "between View and Order: 100" in steps.in_words(optional, "people", 30)


def test_names_from_the_data_stay_text() -> None:
    figure = steps.bars([bar(HOSTILE, 1_000), bar(HOSTILE, 10, 1_000)], LIGHT, 30).figure()
    assert "<b>&lt;b&gt;&#37;{x}" in notes(figure)
    assert "%{x}" not in str(trace(figure, "reached").text)


def test_step_labels() -> None:
    assert steps.step_label(parse_step("decision")) == "Decision"
    assert steps.step_label(parse_step("order_completed:revenue=50..:channel!=Email")) == (
        "Order completed (revenue 50.. and channel not Email)"
    )


HOUR = 3_600.0
TOOK = Duration(
    1,
    2,
    100,
    {25: 0.5 * HOUR, 50: 2 * HOUR, 75: 5 * HOUR, 90: 30 * HOUR},
    pl.DataFrame(
        {"from_seconds": [0.0, 4 * HOUR], "to_seconds": [4 * HOUR, None], "tries": [70, 30]}
    ),
    9 * HOUR,
)


def test_times_are_bars_with_their_percentiles() -> None:
    figure = times.spread(TOOK, LIGHT, 30).figure()
    assert list(trace(figure, "tries").y) == [70, 30]
    assert figure.layout.yaxis.range[0] == 0
    assert len(figure.layout.shapes) == 3, "the last percentile lies beyond the picture"
    assert "half 2 hours" in notes(figure)
    told = times.in_words(TOOK, "View", "Order", 30)
    assert "nine in ten within 1.2 days" in told
    assert "within 9 hours" in told


def test_times_of_too_few() -> None:
    few = Duration(1, 2, 12, TOOK.percentiles, TOOK.bars, None)
    assert "Nothing" in notes(times.spread(few, LIGHT, 30).figure())
    assert "we show times from 30" in times.in_words(few, "View", "Order", 30)
    none = Duration(1, 2, 0, {}, TOOK.bars.clear(), None)
    assert "Nobody" in times.in_words(none, "View", "Order", 30)


def driver(what: str, verdict: str, *cells: int) -> dict[str, Any]:
    ratio, low, high = odds_ratio(*cells)  # type: ignore[arg-type]
    return {
        "what": what, "kind": "did", "went_on_did": 0.5, "left_did": 0.1, "n": sum(cells[:2]),
        "odds_ratio": ratio, "low": low, "high": high, "phi": 0.3, "chance": 0.0,
        "verdict": verdict,
    }  # fmt: skip


def test_odds_show_what_stands_and_cut_what_is_endless() -> None:
    rows = pl.DataFrame(
        [
            driver("email_opened", "for", 400, 100, 100, 400),
            driver("device: mobile", "against", 0, 5_000, 5_000, 10),
            driver("page_viewed", "within chance", 50, 50, 50, 50),
        ]
    )
    figure = odds.odds(rows, LIGHT).figure()
    assert figure.layout.yaxis.ticktext == ("Email opened", "Device: Mobile")
    low, high = figure.layout.xaxis.range
    assert low == -high
    assert all(low <= at <= high for at in trace(figure, "odds ratio").x)
    told = odds.in_words(rows, "Cart", "Order")
    assert told.startswith("Email opened goes with going on to Order; Device: Mobile goes with")
    assert told.endswith("an association, not a cause.")
    nothing = odds.in_words(rows[2:], "Cart", "Order")
    assert nothing.startswith("Nothing tells those who went on from Cart to Order")


def test_shifts_say_too_few_rather_than_a_difference() -> None:
    many = Shift("a", "overall", 50, 100, 30, 100, 0.2, 0.06, 0.33, 0.001, "higher")
    few = Shift("a", "previous", 5, 10, 3, 10, 0.2, -0.2, 0.5, 0.4, "no call")
    html = tables.shifts([many, few], {"a": "<Cart>"}, 30)
    assert "+20.0 points" in html
    assert "↑ higher" in html
    assert "too few" in html
    assert "n 10 and 10" in html
    assert "&lt;Cart&gt;" in html
    assert "+20.0 points" not in tables.shifts([few], {"a": "Cart"}, 30)


def test_money_is_a_dash_where_there_is_none() -> None:
    rows = pl.DataFrame(
        [("a", 0, 0.0, 0.0, 0), ("b", 2, 50.5, 12.625, 1)],
        schema=["step", "touches", "amount", "per_entrant", "elsewhere"],
        orient="row",
    )
    html = tables.money(rows, ["View", "Order"], "EUR", "person")
    assert html.count("–") == 2
    assert "EUR 50.50" in html
    assert "Per person that entered" in html
