"""Importance and performance of touchpoints: against scipy, least squares and plain loops."""

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from journey.analysis.experience import drivers
from journey.metrics.filters import Filters
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, Rows, day

ALL = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)


@given(st.integers(0, 10_000), st.integers(5, 60))
def test_correlation_as_scipy_computes_it(seed: int, count: int) -> None:
    chance = np.random.default_rng(seed)
    one = chance.normal(size=count)
    other = 0.5 * one + chance.normal(size=count)
    found = drivers.correlation(one, other)
    assert found is not None
    theirs = stats.pearsonr(one, other)
    ends = theirs.confidence_interval(0.95)
    assert found == pytest.approx((theirs.statistic, ends.low, ends.high))


def test_what_never_varies_has_no_correlation() -> None:
    assert drivers.correlation(np.ones(9), np.arange(9.0)) is None
    assert drivers.correlation(np.arange(9.0), np.arange(9.0)) == (1.0, 1.0, 1.0)


@given(st.integers(0, 10_000), st.integers(1, 5))
def test_the_shares_add_up_to_the_r_squared_of_least_squares(seed: int, count: int) -> None:
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(80, count)) @ chance.normal(size=(count, count))
    y = x @ chance.normal(size=count) + chance.normal(size=80)
    found, parts = drivers.shares_of_r_squared(np.corrcoef(np.column_stack([x, y]), rowvar=False))
    design = np.column_stack([np.ones(80), x])
    residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    expected = 1 - (residual @ residual) / ((y - y.mean()) @ (y - y.mean()))
    assert found == pytest.approx(expected, abs=1e-6)
    assert parts.sum() == pytest.approx(expected, abs=1e-6)
    assert (parts > -1e-9).all(), "more touchpoints never explain less"


def test_two_shares_in_closed_form() -> None:
    """With two, each has the mean of what it adds first and what it adds last."""
    first, second, between = 0.6, 0.3, 0.4
    matrix = np.array([[1, between, first], [between, 1, second], [first, second, 1]])
    whole = (first**2 + second**2 - 2 * first * second * between) / (1 - between**2)
    found, parts = drivers.shares_of_r_squared(matrix)
    assert found == pytest.approx(whole)
    assert parts[0] == pytest.approx((first**2 + whole - second**2) / 2)


def survey(person: int, at: float, kind: str, about: str, score: int) -> dict[str, Any]:
    """One answer: CSAT about a touchpoint, NPS about the whole."""
    name, low, high = ("nps", 0, 10) if kind == "relational" else ("csat", 1, 5)
    return {
        "event_id": f"p{person}-{at}-{about}",
        "touchpoint": "survey_answered",
        "occurred_at": day(at),
        "customer_id": f"p{person}",
        "channel": "Direct",
        "survey": name,
        "scale_min": low,
        "scale_max": high,
        "score": score,
        "about": about,
        "survey_kind": kind,
    }


def crowd(seed: int) -> Rows:
    """People who answer about two touchpoints, some twice, and then about the whole, some late."""
    random, rows = Random(seed), []
    for person in range(120):
        delivered = random.randint(1, 5)
        rows.append(survey(person, 1, "transactional", "order_delivered", delivered))
        if person % 3 == 0:
            rows.append(survey(person, 2, "transactional", "order_delivered", random.randint(1, 5)))
        if person % 2 == 0:
            rows.append(survey(person, 3, "transactional", "store_visited", random.randint(1, 5)))
        whole = min(10, max(0, 2 * delivered + random.randint(-2, 2)))
        rows.append(survey(person, 4, "relational", "relationship", random.randint(0, 10)))
        rows.append(
            survey(person, random.choice([20, 20, 20, 200]), "relational", "relationship", whole)
        )
    return rows


def test_importance_by_plain_loops(business: Business) -> None:
    rows = crowd(2)
    business.deliver(rows)
    business.build()
    found = drivers.drivers(business.engine, business.config, ALL)
    for touchpoint in ("order_delivered", "store_visited"):
        one, other, everything = [], [], []
        for person in range(120):
            own = [row for row in rows if row["customer_id"] == f"p{person}"]
            last = max(
                (row for row in own if row["survey_kind"] == "relational"),
                key=lambda row: row["occurred_at"],
            )
            scores = [row for row in own if row["about"] == touchpoint]
            everything += [row["score"] for row in scores]
            near = [
                row["score"]
                for row in scores
                if (last["occurred_at"] - row["occurred_at"]).days < 180
            ]
            if near:
                one.append((sum(near) / len(near) - 3) / 2)
                other.append((last["score"] - 5) / 5)
        (driver,) = (each for each in found.each if each.touchpoint == touchpoint)
        expected = stats.pearsonr(one, other)
        assert driver.importance == pytest.approx(expected.statistic)
        assert driver.people == len(one)
        assert driver.answers == len(everything)
        assert driver.performance == pytest.approx(np.mean(everything) - 3)
    assert found.each[0].touchpoint == "order_delivered"
    assert found.together is not None
    assert found.together.shares[0].touchpoint == "order_delivered"
    total = sum(share.value for share in found.together.shares)
    assert total == pytest.approx(found.together.r_squared)
    assert found.together.low < found.together.r_squared < found.together.high


def test_without_answers_about_the_whole_there_are_no_drivers(business: Business) -> None:
    business.deliver([row for row in crowd(2) if row["survey_kind"] != "relational"])
    business.build()
    found = drivers.drivers(business.engine, business.config, ALL)
    assert found == drivers.Drivers((), None)
    assert drivers.table(found).is_empty()
