"""Why a question has no case: its days, or its cases' time."""

from datetime import date, datetime

import pytest

from journey.metrics import metric as registry
from journey.metrics.emptiness import immature, outside
from journey.metrics.filters import Filters
from tests.world import day, people


@pytest.fixture
def snapshot(business):
    """Data of 5 January to 16 March 2026."""
    business.deliver(people(ana="ad_clicked@0 order_completed@1 ad_clicked@70"))
    return business.build().snapshot


@pytest.mark.parametrize(
    ("since", "until", "as_of", "told"),
    [
        (date(1900, 1, 1), date(1900, 2, 1), day(100), "No day from 1900-01-01 to 1900-02-01"),
        (date(2025, 1, 1), date(2026, 1, 5), day(100), "No day from"),
        (date(2025, 1, 1), date(2026, 1, 6), day(100), None),
        (date(2026, 3, 16), date(2027, 1, 1), day(100), None),
        (date(2026, 3, 17), date(2027, 1, 1), day(100), "No day from"),
        (date(2025, 1, 1), date(2026, 2, 1), datetime(2020, 1, 1), "As of 2020-01-01, nothing"),
        (date(2026, 2, 1), date(2026, 3, 1), datetime(2026, 1, 20), "nothing from 2026-02-01 on"),
        (date(2025, 1, 1), date(2026, 2, 1), datetime(2026, 1, 6), None),
    ],
)
def test_days_without_data(snapshot, since, until, as_of, told):
    found = outside(Filters(since, until, as_of), snapshot)
    assert (found is None) == (told is None)
    if told:
        assert told in found
        assert found.endswith("the data covers 2026-01-05 to 2026-03-16.")


@pytest.mark.parametrize(
    ("metric", "since", "as_of", "from_day"),
    [
        ("conversion_rate", date(2025, 1, 1), day(29), date(2026, 2, 4)),
        ("conversion_rate", date(2025, 1, 1), day(30), None),
        ("conversion_rate", date(2026, 1, 7), day(30), date(2026, 2, 6)),
        ("cart_abandonment", date(2025, 1, 1), day(0.5), date(2026, 1, 6)),
        ("cart_abandonment", date(2025, 1, 1), day(1), None),
        ("freshness", date(2025, 1, 1), day(0.5), None),
    ],
)
def test_cases_that_are_too_young(snapshot, metric, since, as_of, from_day):
    assert snapshot.conversion_window_days == 30
    found = immature(registry.find(metric), Filters(since, date(2026, 3, 1), as_of), snapshot)
    assert (found is None) == (from_day is None)
    if from_day:
        assert f"the first can count from {from_day} on." in found
