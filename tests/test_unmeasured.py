"""What a business has no data of at all: no card and no place on the map, and a word about it."""

import re
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from journey import ROOT
from journey.config import load
from journey.errors import ConfigError
from journey.metrics.answer import Answer
from journey.metrics.filters import Filters
from journey.metrics.metric import Metric
from journey.present import choices, feet
from tests.present.examples import BY_CHANNEL, BY_DEVICE, RATE, metric
from tests.test_pages import run, words
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, day, people

OVERVIEW = ROOT / "pages" / "overview.py"
NOT = "Not measured, for want of data: "


def cards(app: AppTest) -> list[str]:
    """The titles of the cards with one number, in order."""
    found = [str(html.value) for html in app.get("html")]
    return [
        title
        for html in found
        for title in re.findall(r'"kpi"><div class="title">(.*?)</div>', html)
    ]


@pytest.fixture
def b2b(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The configuration of a business that sells to others."""
    path = tmp_path / "journey.toml"
    path.write_text('template = "b2b"\n')
    monkeypatch.setenv("JOURNEY_CONFIG", str(path))
    return path


def test_what_all_of_the_data_has_no_case_of_gives_way(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No survey and no cart, so the next of the template's cards stands there."""
    lines = {f"p{n}": "ad_clicked@0 product_viewed@1 order_completed@2" for n in range(40)}
    business.deliver(people(**lines, ben="ad_clicked@60"))
    business.build()
    app = run(OVERVIEW, business, monkeypatch, period="All time")
    assert cards(app) == ["Conversion", "Repeat purchase", "Consideration rate"]
    assert f"{NOT}Satisfaction (CSAT) and Cart abandonment." in words(app)
    drawn = words(app)
    assert "Consideration rate <b>" in drawn.replace("</span>", "")
    assert not re.search(r"<span>(Cart abandonment|Satisfaction \(CSAT\))</span>", drawn)


def test_what_is_missing_in_the_frame_alone_keeps_its_card(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of another channel, before the period, or too young for its window."""
    lines = {f"p{n}": "ad_clicked@0,channel=Email product_viewed@1" for n in range(40)}
    business.deliver(
        people(
            **lines,
            ana="product_added@0,channel=Direct survey_answered@1,survey=csat,score=4",
            ben="order_completed@320,channel=Email",
        )
    )
    business.build()
    usual = ["Conversion", "Satisfaction (CSAT)", "Repeat purchase", "Cart abandonment"]
    for query in ({"channel": "Email", "period": "All time"}, {"period": "Last 30 days"}):
        app = run(OVERVIEW, business, monkeypatch, **query)
        assert cards(app) == usual, query
        assert NOT not in words(app)


def test_a_page_of_cards_alone_names_them(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    business.deliver(people(ana="ad_clicked@0 order_completed@1"))
    business.build()
    app = run(ROOT / "pages" / "satisfaction.py", business, monkeypatch, period="All time")
    assert not app.exception
    assert cards(app) == []
    assert f"{NOT}Satisfaction (CSAT), Relational NPS and Customer effort (CES)." in words(app)
    assert words(app).count("Customer effort (CES)") == 1, "no card further down either"
    app = run(ROOT / "pages" / "decision.py", business, monkeypatch, period="All time")
    assert "The data holds nothing of the kind." in words(app)


def test_a_business_of_leads_is_asked_for_leads(
    tmp_path: Path, b2b: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = load(b2b)
    business = Business(tmp_path / "firm", **vars(config))
    business.deliver(
        people(
            **{
                f"p{n}": f"ad_clicked@-300 lead_captured@-299 deal_won@{n % 7 - 295}"
                for n in range(35)
            },
            **{f"q{n}": "ad_clicked@-300" for n in range(35)},
            late="ad_clicked@320",
        )
    )
    business.build()
    app = run(OVERVIEW, business, monkeypatch)
    business.close()
    assert not app.exception
    named = ["Consideration rate", "Conversion", "Time to purchase", "Repeat purchase"]
    assert cards(app) == named
    drawn = words(app)
    assert "Median; middle half 6 to 10 · 35 journeys" in drawn
    assert "Cart abandonment" not in drawn
    assert f"{NOT}Satisfaction (CSAT)." in drawn
    # Nobody of the last half year has had 540 days, so that the page opens with all time.
    assert "Journeys that began 11 Mar 2025" in drawn
    assert "There is no data from the days it would be compared with" in drawn
    assert "each</div>" not in drawn, "no order carries an amount"


@pytest.mark.parametrize(
    ("window", "period"),
    [(1, "6m"), (91, "6m"), (92, "12m"), (182, "12m"), (183, "all"), (540, "all")],
)
def test_pages_open_with_a_period_of_which_half_can_be_mature(
    business: Business, window: int, period: str
) -> None:
    business.config = Business(business.root, conversion_window_days=window).config
    business.deliver(people(ana="ad_clicked@-500 ad_clicked@300"))
    snapshot = business.engine.snapshot
    assert choices.usual(snapshot) == period
    since, until = choices.span(period, snapshot)
    assert (until - since).days >= min(2 * window, 800)


@pytest.mark.parametrize("template", ["retail", "b2b"])
def test_the_cards_of_a_template_are_metrics(template: str, tmp_path: Path) -> None:
    path = tmp_path / "journey.toml"
    path.write_text(f'template = "{template}"\n[kpis]\ndecision = ["csat"]\n')
    settings = load(path).map
    assert len(settings.cards) == 5
    assert settings.kpis["decision"] == ("csat",)
    files = {file.stem for file in (ROOT / "queries").glob("*/*.sql")}
    assert {*settings.cards, *sum(settings.kpis.values(), ())} <= files
    path.write_text('[kpis]\noverview = ["csat"]\n')
    assert load(path).map.cards == ("csat",)
    path.write_text('[kpis]\noverview = "csat"\n')
    with pytest.raises(ConfigError, match="must be a list"):
        load(path)


def test_what_there_is_none_of_is_called_by_its_noun(visitor: Business) -> None:
    soon = {"as_of": day(0.5)}
    young = visitor.answer("days_to_order", **soon)
    assert feet.nothing(young).startswith(
        "No journeys in this period that were watched for a whole day yet."
    )
    rate = visitor.answer("conversion_rate", **soon)
    assert feet.nothing(rate).startswith(
        "No journeys in this period that have had their conversion window."
    )
    again = visitor.answer("next_orders", **soon)
    assert feet.nothing(again).startswith("No buyers in this period. Widen")


def test_a_picture_without_a_line_says_why() -> None:
    """Hollow marks alone would leave a reader with an empty picture."""
    few = answer(metric("rate"), RATE.with_columns(pl.col("converted", "journeys") // 10))
    assert feet.footer(few, 30, None).endswith(
        "106 journeys; no week has the 30 that a rate is drawn from"
    )
    assert feet.footer(few, 20, None).endswith("106 journeys"), "some weeks have a point"
    each = answer(metric("rate"), BY_DEVICE.with_columns(pl.col("converted", "journeys") // 10))
    assert feet.footer(each, 30, None).endswith(
        "no week of one device has the 30 that a rate is drawn from"
    )
    bars = answer(metric("rate"), BY_CHANNEL)
    assert feet.footer(bars, 1_000, None).endswith(" mature journeys"), "it is not in time"


def answer(asked: Metric, rows: pl.DataFrame) -> Answer:
    """An answer of these rows."""
    filters = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)
    return Answer(asked, filters, rows, "none", filters.as_of)
