"""A business whose orders carry no amounts: told in orders, never as money of 0."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import polars as pl
import pytest

from journey import ROOT
from journey.analysis.experience import money
from journey.metrics.answer import Answer
from journey.metrics.filters import Filters
from journey.present import amounts
from tests.present.examples import metric
from tests.test_pages import run, words
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, people

ALL = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """Buyers who come back, answer, and are of two personas and channels; no amount anywhere."""
    business = Business(tmp_path_factory.mktemp("free"))
    business.deliver(
        people(
            **{
                f"p{n}": f"ad_clicked@0 order_completed@1 order_delivered@3 "
                f"survey_answered@4,survey=csat,score={1 + n % 5},scale_min=1,scale_max=5 "
                f"order_completed@{40 + n % 3} persona={('Ann', 'Bob')[n % 2]} "
                f"channel={('Email', 'Direct')[n // 40]}"
                for n in range(80)
            },
            late="ad_clicked@300",
        )
    )
    business.build()
    yield business
    business.close()


@pytest.mark.parametrize(
    ("page", "says"),
    [("lifetime", 2), ("decision", 1), ("channels", 1), ("personas", 0), ("overview", 0)],
)
def test_no_page_tells_money_of_nothing(
    page: str, says: int, free: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = run(ROOT / "pages" / f"{page}.py", free, monkeypatch, period="All time")
    assert not app.exception
    told = re.sub(r"<style>.*?</style>", "", words(app), flags=re.DOTALL)
    assert told.count(amounts.NONE) == says
    for column in ("Value per", "Revenue per", "value per"):
        assert column not in told
    assert not re.search(r"\b0 to 0\b|from 0 from|brings 0\b|\b0 each", told)


def test_the_money_of_a_point_is_left_out_and_its_repeats_stand(
    free: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = money.worth(free.engine, free.config, ALL)
    assert one.repeat is not None
    assert one.value is None
    app = run(ROOT / "pages" / "satisfaction.py", free, monkeypatch, period="All time")
    assert words(app).count(amounts.NONE) == 1
    assert "Money, for each point of the score" not in words(app)


def test_only_measures_in_money_are_left_out_and_only_without_a_currency() -> None:
    columns = (
        *("journeys", "won_part", "won_whole", "days_low", "days_middle", "days_high", "days_n"),
        *("value_each_sum", "value_each_squares", "value_each_n"),
        *("revenue_low", "revenue_middle", "revenue_high", "revenue_n"),
    )
    rows = pl.DataFrame({"channel": ["Email"], **{name: [1] for name in columns}})
    frame = Filters(date(2026, 1, 1), date(2026, 2, 1), datetime(2026, 3, 1))
    given = Answer(metric("measures", "journeys"), frame, rows, "s", frame.as_of)
    assert amounts.told(given, "EUR") is given
    assert amounts.told(given, None).rows.columns == ["channel", *columns[:7]]
    other = replace(given, metric=metric("table"))
    assert amounts.told(other, None) is other, "a table's columns are no measures"
    last = pl.lit(1).alias("a"), pl.lit(2).alias("b")
    cells = rows.select("channel", pl.lit("purchase").alias("stage"), *columns[7:10], *last)
    grid = replace(given, metric=metric("matrix"), rows=cells)
    assert amounts.told(grid, None).rows.columns == ["channel", "stage", "a", "b"]
