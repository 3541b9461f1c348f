"""A store that took in, before intake refused them, the times of a clock that was not set."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from journey.analysis.trend import course
from journey.errors import MetricError
from journey.intake import checks
from journey.metrics import metric as registry
from journey.metrics.filters import Filters
from journey.present import choices
from tests.world import people

NINETEEN_HUNDRED = datetime(1900, 1, 1)


@pytest.fixture
def old(business, monkeypatch):
    """A business with one touch in year 1, and another in 1900, beside seventy of its own."""
    rows = people(ana=" ".join(f"ad_clicked@{day}" for day in range(70)))
    zero, earliest = people(zero="ad_clicked@0 ad_clicked@1")
    rows += [
        zero | {"occurred_at": datetime(1, 1, 1)},
        earliest | {"occurred_at": NINETEEN_HUNDRED},
    ]
    monkeypatch.setattr(checks, "EARLIEST", date.min)
    assert business.deliver(rows).accepted == 72
    return business.build()


def test_all_time_begins_with_the_first_day_a_clock_can_mean(old):
    since, until = choices.span("all", old.snapshot)
    assert (since, until) == (date(2026, 1, 5), date(2026, 3, 16))
    rows = old.run(registry.find("freshness"), old.filters(since, until)).rows
    assert rows["events"].sum() == 70


def test_a_store_of_nothing_but_unset_clocks(business, monkeypatch):
    monkeypatch.setattr(checks, "EARLIEST", date.min)
    (row,) = people(zero="ad_clicked@0")
    business.deliver([row | {"occurred_at": datetime(1, 1, 1)}])
    snapshot = business.build().snapshot
    assert snapshot.first_day == date(1970, 1, 2)
    with pytest.raises(MetricError, match="is empty"):
        business.engine.filters(*choices.span("all", snapshot))


def test_a_course_is_of_the_days_with_data(old):
    asked = old.filters(*choices.span("all", old.snapshot))
    found = course.ask(old, registry.find("freshness"), asked, 1)
    assert found.points.at[0] == date(2026, 1, 5)
    assert len(found.points) == 69  # the last day is not over


def test_a_course_beyond_working_through_is_refused(old):
    far = datetime(9999, 12, 1)
    asked = replace(old.filters(date(2026, 1, 1), far.date()), as_of=far)
    with pytest.raises(MetricError, match=r"longer than 70 years\. Ask for fewer days"):
        course.ask(old, registry.find("freshness"), asked, 1)


@pytest.mark.parametrize("since", [date(1, 1, 1), date(1, 1, 31)])
def test_there_is_no_span_before_the_calendar(since):
    filters = Filters(since, date(1, 4, 1), datetime(2026, 1, 1))
    with pytest.raises(MetricError, match="the calendar begins on 0001-01-01"):
        filters.before()
    with pytest.raises(MetricError, match="364 days before"):
        filters.year_before()
    whole = Filters(date(1, 1, 31), date(1, 3, 2), datetime(2026, 1, 1))
    assert whole.before().since == date.min
