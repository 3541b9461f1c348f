"""Targets judged with their interval: the four words, in both directions, and what is due."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.metrics.answer import Total
from journey.metrics.goals import Status, judge
from journey.metrics.metric import Metric
from journey.targets import Target
from tests.present.examples import metric

RATE = metric("rate")
LOWER = replace(RATE, better="lower")


def total(value: float, low: float, high: float, whole: float = 1000) -> Total:
    """A total in shares."""
    return Total(value * whole, whole, value, low, high)


@pytest.mark.parametrize(
    ("asked", "value", "low", "high", "target", "said"),
    [
        (RATE, 0.18, 0.165, 0.195, Target(16), Status.ON),
        (RATE, 0.18, 0.155, 0.195, Target(16), Status.CLOSE),
        (RATE, 0.18, 0.155, 0.195, Target(16, tolerance=0.5), Status.ON),
        (RATE, 0.158, 0.152, 0.164, Target(16, tolerance=1), Status.WITHIN),
        (RATE, 0.145, 0.14, 0.149, Target(16, tolerance=1), Status.OFF),
        (RATE, 0.145, 0.14, 0.151, Target(16, tolerance=1), Status.CLOSE),
        (LOWER, 0.50, 0.48, 0.52, Target(55), Status.ON),
        (LOWER, 0.60, 0.58, 0.62, Target(55), Status.OFF),
        (LOWER, 0.56, 0.55, 0.57, Target(55, tolerance=2), Status.WITHIN),
        (LOWER, 0.50, 0.48, 0.52, Target(55, direction="higher"), Status.OFF),
        (replace(RATE, better="neither"), 0.5, 0.48, 0.52, Target(40), Status.ON),
    ],
)
def test_the_word(
    asked: Metric, value: float, low: float, high: float, target: Target, said: Status
) -> None:
    assert judge(asked, total(value, low, high), target, 30).status is said


def test_few_cases_and_no_case_are_too_few_to_say() -> None:
    assert judge(RATE, total(0.1, 0.09, 0.11, 29), Target(16), 30).status is Status.FEW
    assert judge(RATE, Total(0, 0, None, None, None), Target(16), 30).status is Status.FEW
    assert judge(RATE, None, Target(16), 30).status is Status.FEW


def test_scores_are_in_their_own_unit() -> None:
    nps = metric("nps", "points")
    assert judge(nps, Total(60, 200, 30.0, 19.2, 40.8), Target(15), 30).status is Status.ON
    assert judge(nps, Total(60, 200, 30.0, 19.2, 40.8), Target(45), 30).status is Status.OFF


def test_a_target_is_missed_from_the_day_it_is_due() -> None:
    off = judge(RATE, total(0.1, 0.09, 0.11), Target(16, by=date(2027, 1, 1)), 30)
    assert off.status is Status.OFF
    assert not off.is_missed(date(2026, 12, 31))
    assert off.is_missed(date(2027, 1, 1))
    assert judge(RATE, total(0.1, 0.09, 0.11), Target(16), 30).is_missed(date(2026, 1, 1))
    assert not judge(RATE, total(0.2, 0.19, 0.21), Target(16), 30).is_missed(date(2026, 1, 1))


ENDS = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(sorted)


@given(ends=ENDS, value=st.floats(0, 100), tolerance=st.floats(0, 20))
def test_a_ceiling_is_a_floor_upside_down(
    ends: list[float], value: float, tolerance: float
) -> None:
    low, middle, high = ends
    one = judge(RATE, total(middle, low, high), Target(value, tolerance), 30)
    turned = metric("score", "score")
    flipped = Total(1, 1000, -100 * middle, -100 * high, -100 * low)
    other = judge(turned, flipped, Target(-value, tolerance, direction="lower"), 30)
    assert one.status is other.status


@given(ends=ENDS, value=st.floats(0, 100), tolerance=st.floats(0, 20))
def test_more_tolerance_never_makes_it_worse(
    ends: list[float], value: float, tolerance: float
) -> None:
    order = [Status.OFF, Status.CLOSE, Status.WITHIN, Status.ON]
    low, middle, high = ends
    strict, kind = (
        judge(RATE, total(middle, low, high), Target(value, allowed), 30).status
        for allowed in (tolerance, tolerance + 1)
    )
    assert order.index(kind) >= order.index(strict)
