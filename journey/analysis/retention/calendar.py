"""Days, weeks from Monday and months, in the reporting time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def first_of(on: date, unit: str, units: int = 0) -> date:
    """The first day of the day, week or month so many after the one that `on` lies in.

    >>> first_of(date(2026, 1, 31), "month", 1), first_of(date(2026, 1, 31), "week")
    (datetime.date(2026, 2, 1), datetime.date(2026, 1, 26))
    """
    if unit == "month":
        months = on.year * 12 + on.month - 1 + units
        return date(months // 12, months % 12 + 1, 1)
    start = on - timedelta(days=on.weekday()) if unit == "week" else on
    return start + timedelta(days=units * (7 if unit == "week" else 1))


def today(as_of: datetime, time_zone: str) -> date:
    """The day of a UTC moment in the reporting time zone."""
    return as_of.replace(tzinfo=UTC).astimezone(ZoneInfo(time_zone)).date()
