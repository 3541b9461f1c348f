"""Journeys and core metrics against the same numbers worked out by hand, over random worlds.

The worlds are small and nasty on purpose: touches that tie, gaps and windows met to the
microsecond, midnights and clock changes, late and repeated rows, refunds that wander, carts and
orders with and without ids, people who only ever complain.
"""

from functools import cache
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journey.config import load
from journey.metrics import metric as registry
from journey.metrics.metric import Metric
from tests.oracle import CORE_METRICS, STAGE, Oracle
from tests.random_worlds import Case, built, case
from tests.world import Business


@settings(
    max_examples=7,
    # An example takes files in and builds a warehouse, a second's work: few, with many people.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.randoms(use_true_random=False))
def test_small_worlds(random: Random) -> None:
    _check(case(random, most_people=18, most_touches=25))


@pytest.mark.parametrize("seed", range(10))
def test_crowds(seed: int) -> None:
    _check(case(Random(seed), most_people=400, most_touches=25))


def _check(case: Case) -> None:
    """Whatever the product says of the case, the oracle says too."""
    with built(case) as business:
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


def _touches(business: Business) -> dict[str, tuple[Any, ...]]:
    """Event to person, journey, the first event of its session, and day."""
    first: dict[tuple[str, int], str] = {}
    touches = {}
    for row in business.table("touches", order="person_id, touch_number"):
        session = first.setdefault((row["person_id"], row["session_number"]), row["event_id"])
        touches[row["event_id"]] = (
            *(row["person_id"], row["journey_number"], session, row["occurred_on"]),
        )
    return touches


def _touches_by_hand(oracle: Oracle) -> dict[str, tuple[Any, ...]]:
    first: dict[tuple[str, str], str] = {}
    touches = {}
    for touch in oracle.touches:
        session = first.setdefault(
            (touch.person, oracle.session_of[touch.event_id]), touch.event_id
        )
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
