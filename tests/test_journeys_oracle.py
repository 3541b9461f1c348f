"""Journeys and core metrics against the same numbers worked out by hand, over random worlds.

The worlds are small and nasty on purpose: touches that tie, gaps and windows met to the
microsecond, midnights and clock changes, late and repeated rows, refunds that wander, carts and
orders with and without ids, people who only ever complain.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journey.config import load
from journey.metrics import metric as registry
from journey.metrics.filters import SEGMENTS
from journey.metrics.metric import Metric
from tests.oracle import CORE_METRICS, STAGE, Oracle, Question
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
    *(("nps", 0, 10), ("nps", None, None), ("ces", 1, 7), ("ces", 1, 5), ("ces", None, None)),
]
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
                at = _utc(_day(at, zone) + timedelta(days=1), zone) - random.choice([MOMENT, 0 * MOMENT])
            rows.append(_touch(random, rows, f"p{person}", at))
    if not rows:
        rows.append(_touch(random, rows, "p1", _utc(STARTS[0], zone)))
    questions = [_question(random, rows, zone, number) for number in range(4)]
    return Case(zone, _deliveries(random, rows), questions)


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
    stage = STAGE.get(row["touchpoint"])
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
        usual = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}[survey]
        row |= {"survey": survey, "scale_min": low, "scale_max": high}
        row["score"] = random.choice([None, *range(usual[0] if low is None else low, 1 + (high or usual[1]))])
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
            parts[-1].append(row | {"touchpoint": random.choice([row["touchpoint"], "order_completed"])})
    return [part for part in parts if part]


def _question(random: Random, rows: Rows, zone: str, number: int) -> Question:
    """Everything; everything as of an edge; a short period; and a choice of segments."""
    moments = [row["occurred_at"] for row in rows]
    since, until = date(2026, 1, 1), date(2029, 1, 1)
    as_of = datetime(2030, 1, 1)
    where: dict[str, tuple[str, ...]] = {}
    if number > 0:
        edge = random.choice([timedelta(0), *EDGES[1:]])
        as_of = random.choice(moments) + edge + random.choice([-1, 0, 1]) * MOMENT
    if number > 1:
        since = _day(random.choice(moments), zone)
        until = since + timedelta(days=random.choice([1, 7, 60]))
    if number > 2:
        for name in random.sample(list(SEGMENTS), random.choice([1, 1, 2])):
            values = sorted({row[name] or "Unknown" for row in rows})
            where[name] = tuple(random.sample(values, random.randint(1, min(2, len(values)))))
    return Question(since, until, as_of, where)


def _utc(day: date, zone: str) -> datetime:
    """The day's first moment in the zone, as UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def _day(at: datetime, zone: str) -> date:
    """The day in the zone."""
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


@settings(
    max_examples=60,
    # An example takes files in and builds a warehouse: half a second is what that costs.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.randoms(use_true_random=False))
def test_small_worlds(random: Random) -> None:
    _check(case(random, most_people=6, most_touches=25))


@pytest.mark.parametrize("seed", range(40))
def test_crowds(seed: int) -> None:
    _check(case(Random(seed), most_people=400, most_touches=25))


def _check(case: Case) -> None:
    """Whatever the product says of the case, the oracle says too."""
    with _built(case) as business:
        rows = [row for part in case.deliveries for row in part]
        oracle = business.oracle(rows)
        _same(_touches(business), _touches_by_hand(oracle))
        _same(_journeys(business), _journeys_by_hand(oracle))
        _same(
            {row["event_id"]: row["revenue"] for row in business.table("orders")},
            oracle.net_revenue,
        )
        for question in case.questions:
            for name, by_hand in oracle.metrics.items():
                answer = business.ask(
                    _metric(name), question.since, question.until, question.as_of, **question.where
                )
                expected = by_hand(question)
                assert [_near(row) for row in answer.rows()] == expected, (name, question)


@contextmanager
def _built(case: Case) -> Iterator[Business]:
    """The case taken in and built."""
    with TemporaryDirectory() as folder:
        business = Business(Path(folder), time_zone=case.zone, currency="EUR")
        for number, rows in enumerate(case.deliveries):
            business.deliver(rows, kind=("jsonl", "parquet")[number % 2])
        business.build()
        yield business
        business.close()


def _touches(business: Business) -> dict[str, tuple[Any, ...]]:
    """Event to person, journey, the first event of its session, and day."""
    first: dict[tuple[str, str], str] = {}
    touches = {}
    for row in business.table("touches", order="person_id, touch_number"):
        session = first.setdefault((row["person_id"], row["session_id"]), row["event_id"])
        touches[row["event_id"]] = (
            *(row["person_id"], row["journey_number"], session, row["occurred_on"]),
        )
    return touches


def _touches_by_hand(oracle: Oracle) -> dict[str, tuple[Any, ...]]:
    first: dict[tuple[str, str], str] = {}
    touches = {}
    for touch in oracle.touches:
        session = first.setdefault((touch.person, oracle.session_of[touch.event_id]), touch.event_id)
        journey = oracle.journey_of[touch.event_id]
        touches[touch.event_id] = (touch.person, journey.number, session, oracle.day(touch.at))
    return touches


def _journeys(business: Business) -> dict[tuple[str, int], dict[str, Any]]:
    """Person and number to what is known of the journey."""
    return {
        (row["person_id"], row["journey_number"]): {name: row[name] for name in _KNOWN}
        for row in business.table("journeys")
    }


_KNOWN = (
    *("is_orphan", "started_at", "ended_at", "matures_at", "touches", "sessions"),
    *("deepest", "deepest_in_window", "order_event_id", "purchase_at", "loyalty_at", "revenue"),
    *("entry_channel", "last_channel", "device", "country", "persona"),
)


def _journeys_by_hand(oracle: Oracle) -> dict[tuple[str, int], dict[str, Any]]:
    return {
        (journey.person, journey.number): {
            "is_orphan": journey.is_orphan,
            "started_at": journey.started_at,
            "ended_at": journey.touches[-1].at,
            "matures_at": journey.matures_at,
            "touches": len(journey.touches),
            "sessions": len({oracle.session_of[touch.event_id] for touch in journey.touches}),
            "deepest": journey.depth(),
            "deepest_in_window": journey.depth(journey.matures_at),
            "order_event_id": journey.order.event_id if journey.order else None,
            "purchase_at": journey.order.at if journey.order else None,
            "loyalty_at": oracle.loyal_at(journey),
            "revenue": journey.revenue,
            "entry_channel": journey.segment("channel"),
            "last_channel": journey.touches[-1].channel,
            "device": journey.segment("device"),
            "country": journey.segment("country"),
            "persona": journey.persona,
        }
        for journey in oracle.journeys
    }


def _same(found: dict[Any, Any], by_hand: dict[Any, Any]) -> None:
    """Fail on the first difference, which says more than two long tables do."""
    assert found.keys() == by_hand.keys()
    for key, value in by_hand.items():
        assert found[key] == value, key


def _near(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Fractions may differ in their last digits, after the order they were added in."""
    return tuple(pytest.approx(x, abs=1e-9) if isinstance(x, float) else x for x in row)


@cache
def _metric(name: str) -> Metric:
    """The metric's file, read once."""
    return registry.find(name)


def test_the_oracle_knows_every_metric_the_definitions_fix() -> None:
    assert {path.stem for path in registry.files()} >= set(CORE_METRICS)


def test_the_retail_template_is_the_one_in_the_definitions() -> None:
    assert load(None).touchpoints == STAGE
