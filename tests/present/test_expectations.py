"""Hollow dots for young weeks: where they stand, and that mature weeks have none."""

from datetime import date, timedelta

import polars as pl
import pytest

from journey.analysis.maturing import Expected
from journey.metrics import metric as registry
from journey.present import charts
from journey.present.palette import palette

MONDAY = date(2026, 8, 3)
WEEKS = [MONDAY + timedelta(weeks=number) for number in range(6)]


def test_only_young_weeks_with_enough_cases_get_a_dot() -> None:
    rows = pl.DataFrame({"week": WEEKS[:4], "converted": [15] * 4, "journeys": [100] * 4})
    expected = [
        Expected(week, 0.1 + number / 100, 0.05, 0.3, 100 if number < 5 else 12, 30)
        for number, week in enumerate(WEEKS)
    ]
    figure = charts.figure(
        registry.find("conversion_rate"),
        rows,
        palette("light"),
        immature_from=WEEKS[4],
        expected=expected,
        since=MONDAY,
        until=WEEKS[5] + timedelta(days=7),
    )
    assert figure is not None
    (dots,) = [trace for trace in figure.data if trace.name == "expected"]
    assert list(dots.x) == [WEEKS[4]]
    assert list(dots.y) == pytest.approx([14.0])
    low, high = figure.layout.yaxis.range
    assert low <= 5
    assert high >= 30
    assert "14.0" in dots.text[0]
    assert "expected" in dots.text[0]


def test_without_estimates_there_is_no_dot() -> None:
    rows = pl.DataFrame({"week": WEEKS[:4], "converted": [15] * 4, "journeys": [100] * 4})
    figure = charts.figure(
        registry.find("conversion_rate"), rows, palette("light"), immature_from=WEEKS[3]
    )
    assert figure is not None
    assert "expected" not in [trace.name for trace in figure.data]
