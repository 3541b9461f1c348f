"""Input that is allowed but odd: it is taken for what it is and breaks nothing after it."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from journey.errors import MetricError
from tests.world import Business, day, people


def test_very_large_amounts_can_be_added_up(business: Business) -> None:
    business.deliver(
        people(
            ana="order_completed@0,revenue=10000000000000",
            ben="order_completed@0,revenue=99999999999999",
        )
    )
    assert business.ask("channel_sources")["revenue"].sum() == 109_999_999_999_999


def test_a_currency_is_the_same_in_small_letters(business: Business) -> None:
    business.deliver(
        people(
            ana="order_completed@0,revenue=15,currency=EUR",
            ben="order_completed@0,revenue=5,currency=eur",
        )
    )
    assert business.ask("channel_sources")["revenue"].to_list() == [20]


def test_a_scale_without_extent_or_beyond_reason_is_no_scale(business: Business) -> None:
    report = business.deliver(
        people(
            ana="survey_answered@0,survey=csat,score=5,scale_min=5,scale_max=5",
            ben="survey_answered@0,survey=csat,score=1e300,scale_min=0,scale_max=1e308",
            cleo="survey_answered@0,survey=csat,score=4",
        )
    )
    assert report.accepted == 1
    assert sum(report.rejected.values()) == 2


def test_what_happened_after_the_as_of_is_not_known(business: Business) -> None:
    business.deliver(people(ana="order_completed@0,revenue=10 order_completed@40,revenue=10"))
    known = business.ask("revenue", as_of=day(20))
    assert known["revenue"].sum() == 10


def test_an_event_in_the_future_does_not_make_everything_mature(business: Business) -> None:
    rows = people(ana="ad_clicked@0", ben="ad_clicked@1")
    rows[0]["occurred_at"] = datetime(2999, 1, 1)
    business.deliver(rows)
    assert business.engine.snapshot.watermark == day(1)


@pytest.mark.parametrize(
    "as_of",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-12))),
    ],
)
def test_an_as_of_at_the_end_of_time_is_refused(town: Business, as_of: datetime) -> None:
    with pytest.raises(MetricError, match="outside the years"):
        town.engine.filters(day(0).date(), day(1).date(), as_of)


def test_a_moment_with_a_zone_is_that_moment(town: Business) -> None:
    tokyo = datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=9)))
    filters = town.engine.filters(day(0).date(), day(1).date(), tokyo)
    assert filters.as_of == datetime(2026, 3, 1, tzinfo=UTC).replace(tzinfo=None)


def test_the_same_value_twice_is_one_choice() -> None:
    from journey.metrics.filters import parse_where

    assert parse_where(["channel=Email", "channel=Email"]) == {"channel": ("Email",)}


def test_no_port_beyond_the_last(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from journey.__main__ import main

    with pytest.raises(SystemExit):
        main(["--data", str(tmp_path), "serve", "--port", "99999"])
    assert "not a port from 1 to 65535" in capsys.readouterr().err
