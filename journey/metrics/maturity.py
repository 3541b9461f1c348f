"""Which clock a metric runs on, and from when its cohorts have not had their time yet."""

import re
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from journey.metrics.filters import Filters
from journey.metrics.metric import Metric
from journey.warehouse.snapshot import Snapshot


class Clock(StrEnum):
    """What must have passed before a case counts."""

    CONVERSION = "conversion window"
    REPEAT = "repeat window"
    CART = "cart window"
    NONE = "activity"


def clock(metric: Metric) -> Clock:
    """The clock, read off the maturity column that the metric's SQL bounds by the as-of."""
    if re.search(r"\b(repeat|loyalty)_matures_at\b", metric.sql):
        return Clock.REPEAT
    if not re.search(r"\bmatures_at\b", metric.sql):
        return Clock.NONE
    if re.search(r"\bfrom (carts|checkouts)\b", metric.sql):
        return Clock.CART
    return Clock.CONVERSION


def window(metric: Metric, snapshot: Snapshot) -> timedelta | None:
    """What must have passed since a case began before it counts; None where it counts at once."""
    windows = {
        Clock.CONVERSION: timedelta(days=snapshot.conversion_window_days),
        Clock.REPEAT: timedelta(days=snapshot.repeat_window_days),
        Clock.CART: timedelta(hours=snapshot.cart_window_hours),
    }
    return windows.get(clock(metric))


def immature_from(metric: Metric, filters: Filters, snapshot: Snapshot) -> date | None:
    """The first day of the period whose cases are not all mature by the as-of; None where all
    are, or where the metric counts what happened rather than what became of it."""
    passed = window(metric, snapshot)
    if passed is None:
        return None
    closed = (filters.as_of - passed).replace(tzinfo=ZoneInfo("UTC"))
    day = closed.astimezone(ZoneInfo(snapshot.time_zone)).date()
    return max(day, filters.since) if day < filters.until else None
