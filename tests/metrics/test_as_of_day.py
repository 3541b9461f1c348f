"""What is counted by the day is known by the as-of in whatever time zone days begin."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from journey.metrics import metric as registry
from journey.metrics.filters import Filters
from tests.world import Business, day, people

ZONES = ("UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati")

# The last events come late on the last day of UTC, when the next day has begun in the east.
LATE = people(
    ann="""ad_clicked@1.2 product_viewed@1.3 product_added@1.7 order_shipped@1.75
        order_completed@1.9,order_id=o1,revenue=50,currency=EUR channel=Email""",
    bob="""ad_clicked@1.8 product_viewed@1.85 new_thing@1.86 order_shipped@1.92
        order_completed@1.95,order_id=o2,revenue=70,currency=EUR channel=Direct""",
)
STAGES = {
    "awareness_touchpoints": 2,
    "consideration_touchpoints": 2,
    "decision_touchpoints": 1,
    "post_purchase_touchpoints": 2,
}


@pytest.fixture(scope="module", params=ZONES)
def business(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Business:
    made = Business(tmp_path_factory.mktemp("late"), time_zone=request.param, currency="EUR")
    made.deliver(LATE)
    return made


def _frame(business: Business) -> Filters:
    return business.engine.filters(day(0).date(), day(9).date())


def test_the_last_day_counts_in_every_zone(business: Business) -> None:
    engine, frame = business.engine, _frame(business)

    def sums(name: str) -> float:
        rows = engine.run(registry.find(name), frame).rows
        return float(rows[rows.columns[-1]].sum())

    assert {name: sums(name) for name in STAGES} == STAGES
    assert sums("revenue") == 120
    assert sums("freshness") == len(LATE)
    assert sums("unmapped_touchpoints") == 1


def test_an_as_of_has_the_day_it_falls_on(business: Business) -> None:
    zone = ZoneInfo(business.config.time_zone)
    for hours in range(0, 72, 5):
        as_of = day(0) + timedelta(hours=hours)
        frame = business.engine.filters(day(0).date(), day(9).date(), as_of)
        local = as_of.replace(tzinfo=UTC).astimezone(zone).date()
        assert frame.as_of_day == local
        known = [
            row["revenue"]
            for row in LATE
            if row.get("revenue")
            and row["occurred_at"].replace(tzinfo=UTC).astimezone(zone).date() <= local
        ]
        rows = business.engine.run(registry.find("revenue"), frame).rows
        assert float(rows["revenue"].sum() or 0) == sum(map(float, known))


def test_the_last_moment_there_is_has_a_day() -> None:
    last = datetime.max.replace(microsecond=0)
    frame = Filters(date(2026, 1, 1), date(2026, 2, 1), last, time_zone="Asia/Tokyo")
    assert frame.as_of_day == last.date()
