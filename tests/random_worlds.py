"""Random businesses, small and nasty, or crowded: deliveries and the questions put to them.

Everything is drawn from a `random.Random`, so a seed gives a crowd and a property-based test
gives small worlds it can shrink.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from journey.metrics.filters import SEGMENTS
from tests.oracle import STAGE, USUAL_SCALE, Question
from tests.world import Business, Rows

MOMENT = timedelta(microseconds=1)
EDGES = [
    timedelta(minutes=30),
    timedelta(hours=24),
    timedelta(days=30),
    timedelta(days=90),
]
STEPS = [
    *(timedelta(0), timedelta(0), MOMENT, timedelta(minutes=1), timedelta(hours=6)),
    *(timedelta(days=3), timedelta(days=9)),
    *(edge + nudge for edge in EDGES for nudge in (timedelta(0), MOMENT, -MOMENT)),
]
STARTS = [date(2026, 3, 7), date(2026, 3, 28), date(2026, 10, 24), date(2026, 10, 31)]
"""The days before the clocks change in New York and in Berlin."""

TOUCHPOINTS = [
    *("ad_clicked", "page_viewed", "product_viewed", "store_visited", "qr_code_scanned"),
    *("product_added", "product_added", "checkout_started", "order_completed", "order_completed"),
    *("survey_answered", "order_refunded", "support_contacted", "review_written"),
]
SURVEYS = [
    *(("csat", 1, 5), ("csat", 1, 7), ("csat", None, None)),
    *(("nps", 0, 10), ("nps", 1, 10), ("nps", 0, 5), ("nps", None, None)),
    *(("ces", 1, 7), ("ces", 1, 5), ("ces", None, None)),
]
QUESTIONS = ["", "edge", "segment", "segment edge", "period edge", "period segment edge"]
"""A question as of an edge is asked when some window is just closing."""

WAYS_IN: list[dict[str, str | None]] = [
    *({}, {}, {}, {"channel": None}, {"channel": None}),
    {"channel": None, "source": "google", "medium": "cpc"},
    {"channel": None, "source": "news", "medium": "email", "referrer_host": "www.google.com"},
    {"channel": "Unassigned", "source": "(direct)", "medium": "(none)"},
    {"channel": None, "referrer_host": "www.google.com"},
    {"channel": None, "source": "poster", "medium": "qr"},
]
"""What a touch says of where it came from, over the channel it was given."""

ZONES = ["UTC", "Europe/Berlin", "America/New_York"]


@dataclass(frozen=True)
class Case:
    """Deliveries in order of arrival and the questions put after the last of them."""

    zone: str
    deliveries: list[Rows]
    questions: list[Question]


def case(random: Random, most_people: int, most_touches: int) -> Case:
    """A random world; everything in it is drawn from `random`."""
    zone = random.choice(ZONES)
    rows: Rows = []
    for person in range(1, random.randint(1, most_people) + 1):
        at = _utc(random.choice(STARTS), zone)
        for _ in range(random.randint(0, most_touches)):
            at += random.choice(STEPS)
            if random.random() < 0.1:
                midnight = _utc(_day(at, zone) + timedelta(days=1), zone)
                at = max(at, midnight - random.choice([0, 1]) * MOMENT)
            rows.append(_touch(random, rows, f"p{person}", at))
    if not rows:
        rows.append(_touch(random, rows, "p1", _utc(STARTS[0], zone)))
    questions = [_question(random, rows, zone, kind) for kind in QUESTIONS]
    return Case(zone, _deliveries(random, rows), questions)


@contextmanager
def built(case: Case) -> Iterator[Business]:
    """The case taken in and built."""
    with TemporaryDirectory() as folder:
        business = Business(Path(folder), time_zone=case.zone, currency="EUR")
        for number, rows in enumerate(case.deliveries):
            business.deliver(rows, kind=("jsonl", "parquet")[number % 2])
        business.build()
        yield business
        business.close()


def _touch(random: Random, before: Rows, person: str, at: datetime) -> dict[str, Any]:
    """One row; what it carries follows its touchpoint, with odd ones among them."""
    number = len(before)
    row: dict[str, Any] = {
        "event_id": f"{random.choice('abc')}{number}",
        "customer_id": person,
        "occurred_at": at,
        "touchpoint": random.choice(TOUCHPOINTS),
        "channel": random.choice(["Email", "Direct", "in_store"]),
        "event_index": random.choice([None, None, 0, 1, 2]),
        "device": random.choice([None, "mobile", "desktop"]),
        "country": random.choice([None, "DE", "US"]),
        "persona": random.choice([None, None, None, "Hunter", "Loyalist"]),
        "session_id": random.choice([None, None, None, None, "s1"]),
    }
    row |= WAYS_IN[number * 5 % 11 % len(WAYS_IN)]
    stage = STAGE.get(row["touchpoint"])
    if stage in ("consideration", "decision", "purchase"):
        row["product_id"] = random.choice([None, "lamp", "chair"])
    if stage in ("decision", "purchase"):
        row["cart_id"] = random.choice([None, None, "k1", "k2", f"k-{person}"])
    if stage == "purchase":
        row["order_id"] = random.choice([None, f"o{number}", f"o{number}", "twice"])
        row["revenue"] = random.choice([None, 20, 49.75, 100])
    known = [earlier["order_id"] for earlier in before if earlier.get("order_id")]
    if row["touchpoint"] == "order_refunded":
        row["order_id"] = random.choice([None, "nobody's", *known[-4:]])
        row["revenue"] = random.choice([-5, -20, -49.75])
    if row["touchpoint"] == "product_viewed":
        row["revenue"] = random.choice([None, None, 7])
    if row.get("revenue"):
        row["currency"] = random.choice([None, "EUR", "EUR", "EUR", "USD"])
    if row["touchpoint"] == "survey_answered" or random.random() < 0.05:
        survey, low, high = random.choice(SURVEYS)
        row |= {"survey": survey, "scale_min": low, "scale_max": high}
        low, high = (low, high) if high else USUAL_SCALE[survey]
        row["score"] = random.choice([None, *range(low, high + 1)])
    return row


def _deliveries(random: Random, rows: Rows) -> list[Rows]:
    """The rows in one or two deliveries, shuffled, some of them sent again or corrected late."""
    parts: list[Rows] = [[] for _ in range(random.choice([1, 2]))]
    for row in rows:
        random.choice(parts).append(row)
    for part in parts:
        random.shuffle(part)
    for row in rows:
        if random.random() < 0.1:
            again = random.choice([row["touchpoint"], "order_completed"])
            parts[-1].append(row | {"touchpoint": again})
    return [part for part in parts if part]


def _question(random: Random, rows: Rows, zone: str, kind: str) -> Question:
    """About everything unless the kind narrows it; moments and days are those of the rows."""
    moments = [row["occurred_at"] for row in rows]
    since, until = date(2026, 1, 1), date(2029, 1, 1)
    as_of = datetime(2030, 1, 1)
    where: dict[str, tuple[str, ...]] = {}
    if "edge" in kind:
        edge = random.choice([timedelta(0), *EDGES[1:]])
        as_of = random.choice(moments) + edge + random.choice([-1, 0, 1]) * MOMENT
    if "period" in kind:
        since = _day(random.choice(moments), zone)
        until = since + timedelta(days=random.choice([1, 7, 60]))
    if "segment" in kind:
        for name in random.sample(list(SEGMENTS), random.choice([1, 1, 2])):
            unknown = "Unassigned" if name == "channel" else "Unknown"
            values = sorted({row[name] or unknown for row in rows})
            where[name] = tuple(random.sample(values, random.randint(1, min(2, len(values)))))
    return Question(since, until, as_of, where)


def _utc(day: date, zone: str) -> datetime:
    """The day's first moment in the zone, as UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def _day(at: datetime, zone: str) -> date:
    """The day in the zone."""
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
