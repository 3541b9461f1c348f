"""What a point goes with: against plain loops, against least squares with a constant a stratum."""

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from math import sqrt
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats

from journey.analysis.experience import money
from journey.metrics.filters import Filters
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, Rows, day

ALL = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)


def shop(seed: int, people: int) -> Rows:
    """Random buyers: one to four orders, of a few amounts, some answered, some refunded."""
    random, rows = Random(seed), []
    for person in range(people):
        at = random.uniform(0, 60)
        channel = random.choice(["Email", "Direct"])
        for order in range(random.randint(1, 4)):
            base = {"customer_id": f"p{person}", "channel": channel}
            name = f"p{person}o{order}"
            rows.append(
                base
                | {"event_id": name, "touchpoint": "order_completed", "occurred_at": day(at)}
                | {"order_id": name, "revenue": random.choice([10, 20, 50.5, 80])}
            )
            for number in range(random.choice([0, 1, 1, 2])):
                rows.append(
                    base
                    | {"event_id": f"{name}a{number}", "touchpoint": "survey_answered"}
                    | {"occurred_at": day(at + 1 + number), "about": "order_delivered"}
                    | {"survey": "csat", "score": random.randint(1, 5)}
                )
            if random.random() < 0.2:
                rows.append(
                    base
                    | {"event_id": f"{name}r", "touchpoint": "order_refunded"}
                    | {"occurred_at": day(at + 3), "order_id": name, "revenue": -5}
                )
            at += random.choice([20, 45, 89.9, 90, 90.1, 120])
    return rows


def by_hand(rows: Rows) -> dict[str, Any]:
    """The cases and both slopes, in plain loops."""
    net = {row["order_id"]: 0.0 for row in rows if row["touchpoint"] == "order_completed"}
    for row in rows:
        if row["touchpoint"] in ("order_completed", "order_refunded"):
            net[row["order_id"]] += row["revenue"]
    orders = defaultdict(list)
    for row in rows:
        if row["touchpoint"] == "order_completed":
            orders[row["customer_id"]].append(row)
    cases = []
    for person, theirs in orders.items():
        theirs.sort(key=lambda row: row["occurred_at"])
        for place, order in enumerate(theirs):
            at = order["occurred_at"]
            end = theirs[place + 1]["occurred_at"] if place + 1 < len(theirs) else None
            scores = [
                row["score"]
                for row in rows
                if row["customer_id"] == person
                and row.get("survey")
                and row["occurred_at"] > at
                and (end is None or row["occurred_at"] < end)
            ]
            if not scores or not (FIRST_DAY <= at.date() < YEAR_LATER):
                continue
            later = [
                row for row in theirs[place + 1 :] if row["occurred_at"] - at <= timedelta(days=90)
            ]
            cases.append(
                {
                    "person": person,
                    "score": sum(scores) / len(scores),
                    "first": net[theirs[0]["order_id"]],
                    "key": (order["channel"], at.year, at.month),
                    "repeated": float(bool(later)),
                    "value": sum(net[row["order_id"]] for row in later),
                }
            )
    for case in cases:
        below = sum(other["first"] < case["first"] for other in cases)
        case["stratum"] = (*case["key"], 4 * below // len(cases))
    strata = defaultdict(list)
    for case in cases:
        strata[case["stratum"]].append(case)
    kept = [c for s in strata.values() if len({x["score"] for x in s}) > 1 for c in s]
    result: dict[str, Any] = {"cases": len(cases), "matched": len(kept)}
    for outcome in ("repeated", "value"):
        top = bottom = 0.0
        centred = []
        for own in strata.values():
            if len({case["score"] for case in own}) < 2:
                continue
            x_mean = sum(case["score"] for case in own) / len(own)
            y_mean = sum(case[outcome] for case in own) / len(own)
            for case in own:
                x, y = case["score"] - x_mean, case[outcome] - y_mean
                top, bottom = top + x * y, bottom + x * x
                centred.append((case["person"], x, y))
        slope = top / bottom
        moments: dict[str, float] = defaultdict(float)
        for person, x, y in centred:
            moments[person] += x * (y - slope * x)
        people = len(moments)
        error = sqrt(people / (people - 1) * sum(m * m for m in moments.values())) / bottom
        half = stats.t.ppf(0.975, people - 1) * error
        result[outcome] = (slope, slope - half, slope + half)
    return result


@pytest.mark.parametrize("seed", range(4))
def test_random_shops_by_plain_loops(business: Business, seed: int) -> None:
    rows = shop(seed, 60)
    business.deliver(rows)
    business.build()
    (found,) = money.worth(business.engine, replace(business.config, minimum_n=5), ALL)
    expected = by_hand(rows)
    assert (found.touchpoint, found.survey, found.scale) == ("order_delivered", "csat", (1, 5))
    assert (found.cases, found.matched) == (expected["cases"], expected["matched"])
    for slope, name in ((found.repeat, "repeated"), (found.value, "value")):
        assert (slope.value, slope.low, slope.high) == pytest.approx(expected[name])


def test_it_is_least_squares_with_a_constant_for_each_stratum() -> None:
    chance = np.random.default_rng(5)
    n = 400
    stratum = chance.integers(0, 25, n)
    score = chance.integers(1, 6, n) + 0.2 * stratum
    outcome = 0.3 * score + stratum + chance.normal(0, 1, n)
    cases = pl.DataFrame(
        {
            "person_id": [f"p{number}" for number in chance.integers(0, 150, n)],
            "stratum": stratum,
            "score": score,
            "outcome": outcome,
        }
    )
    found = money.within_slope(cases, "outcome")
    design = np.column_stack([score, *(stratum == s for s in range(25))]).astype(float)
    coefficients, *_ = np.linalg.lstsq(design, outcome, rcond=None)
    assert found.value == pytest.approx(coefficients[0])
    # The sandwich in full: (X'X)^-1 (sum over people of X'ee'X) (X'X)^-1.
    residual = outcome - design @ coefficients
    bread = np.linalg.inv(design.T @ design)
    meat = np.zeros_like(bread)
    people = cases["person_id"].to_numpy()
    for person in set(people):
        own = design[people == person].T @ residual[people == person]
        meat += np.outer(own, own)
    count = len(set(people))
    variance = count / (count - 1) * (bread @ meat @ bread)[0, 0]
    half = stats.t.ppf(0.975, count - 1) * np.sqrt(variance)
    assert found.high - found.value == pytest.approx(half)


def test_a_difference_between_strata_is_not_one_within(business: Business) -> None:
    """Email buyers are happier and come back more, whatever they answer: matched, no slope."""
    rows: Rows = []
    for number in range(80):
        email = number % 2 == 0
        score = (5 if email else 3) - number // 2 % 2
        base = {"customer_id": f"p{number}", "channel": "Email" if email else "Direct"}
        orders = 2 if email == (number % 40 not in (6, 8, 13, 15)) else 1
        for order in range(orders):
            rows.append(
                base
                | {"event_id": f"p{number}o{order}", "touchpoint": "order_completed"}
                | {"occurred_at": day(1 + 40 * order), "revenue": 10}
            )
        rows.append(
            base
            | {"event_id": f"p{number}a", "touchpoint": "survey_answered", "score": score}
            | {"occurred_at": day(2), "survey": "csat", "about": "order_delivered"}
        )
    business.deliver(rows)
    business.build()
    found = money.worth(business.engine, business.config, ALL)[0]
    scores = [row["score"] for row in rows if "score" in row]
    again = [
        sum(
            row["touchpoint"] == "order_completed" and row["customer_id"] == f"p{n}" for row in rows
        )
        - 1
        for n in range(80)
    ]
    assert np.polyfit(scores, again, 1)[0] > 0.2, "without the match the slope is steep"
    assert abs(found.repeat.value) < 0.1


def test_only_orders_whose_window_has_closed_count(business: Business) -> None:
    business.deliver(shop(0, 60))
    business.build()
    early = replace(ALL, as_of=day(150))
    late = money.worth(business.engine, business.config, ALL)[0].cases
    assert 0 < money.worth(business.engine, business.config, early)[0].cases < late


def test_too_few_matches_have_no_slope(business: Business) -> None:
    business.deliver(shop(1, 8))
    business.build()
    (found,) = money.worth(business.engine, business.config, ALL)
    assert found.matched < 30
    assert found.repeat is None
    assert money.table((found,))["repeat_per_point"].to_list() == [None]


def test_without_answers_there_is_nothing(business: Business) -> None:
    business.deliver([row for row in shop(1, 8) if "survey" not in row])
    business.build()
    assert money.worth(business.engine, business.config, ALL) == ()
    assert money.table(()).is_empty()
