"""Forecasts of many people at once, against the formulas taken person by person."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from journey.analysis.lifetime import bgnbd, crowd, gammagamma
from journey.analysis.lifetime.buyers import Buyers
from journey.analysis.lifetime.fitting import Fit
from journey.analysis.lifetime.settings import Terms
from journey.analysis.lifetime.value import steps, worth

MODEL = Fit(bgnbd.NAMES, (0.243, 4.414, 0.793, 2.426), 0.01 * np.eye(4) + 0.002, 0.0, 2_357)
MONEY = Fit(gammagamma.NAMES, (6.25, 3.74, 15.44), 0.02 * np.eye(3) - 0.001, 0.0, 946)
TERMS = Terms(weeks=30, margin=0.4, discount=0.2)


def bought(people: int, seed: int = 4) -> Buyers:
    """People with any histories there can be, some of them alike."""
    random = np.random.default_rng(seed)
    x = random.geometric(0.4, people) - 1
    age = random.integers(0, 300, people)
    late = np.where(x > 0, np.ceil(age * random.random(people)), 0).astype(int)
    mean = np.where(x > 0, random.gamma(3, 10, people), 0.0)
    rows = {
        "person_id": np.arange(people), "channel": random.choice(["Email", "Direct"], people),
        "first_on": [date(2026, 1, 1)] * people, "repeats": x, "recency_days": late,
        "age_days": age, "mean_value": mean, "spent": mean * (x + 1),
    }  # fmt: skip
    return Buyers(pl.DataFrame(rows), date(2026, 11, 1))


def by_hand(buyers: Buyers, model: tuple[float, ...], money: tuple[float, ...]) -> np.ndarray:
    """Purchases and value to come of each person, step by step."""
    found = []
    for row in buyers.rows.to_dicts():
        history = row["repeats"], row["recency_days"] / 7, row["age_days"] / 7
        each = gammagamma.expected_value(money, row["repeats"], row["mean_value"])
        value, before = 0.0, 0.0
        for end, counts in zip(*steps(TERMS), strict=True):
            until = float(bgnbd.expected(model, end, *history))
            value += counts * (until - before)
            before = until
        found.append((before, TERMS.margin * float(each) * value))
    return np.array(found)


@pytest.mark.parametrize("people", [1, 7, 900])
def test_each_persons_worth_and_the_doubt_of_sums(people: int) -> None:
    buyers = bought(people)
    found = worth(buyers, MODEL, MONEY, TERMS)
    each = by_hand(buyers, MODEL.values, MONEY.values)
    assert found.rows["purchases"].to_numpy() == pytest.approx(each[:, 0], rel=1e-9)
    assert found.rows["value"].to_numpy() == pytest.approx(each[:, 1], rel=1e-9)
    if people > 7:
        return
    # The delta method by hand: all people's sums, moved by a little of each parameter.
    spread = np.zeros(2)
    for fit, place in ((MODEL, 0), (MONEY, 1)):
        slopes = []
        for n in range(len(fit.values)):
            ends = []
            for sign in (1, -1):
                moved = np.array(fit.values)
                moved[n] *= np.exp(sign * 1e-4)
                models = (moved, MONEY.values) if place == 0 else (MODEL.values, moved)
                ends.append(by_hand(buyers, *map(tuple, models)).sum(axis=0))
            slopes.append((ends[0] - ends[1]) / 2e-4)
        slope = np.array(slopes)
        spread += np.einsum("ig,ij,jg->g", slope, fit.covariance, slope)
    for name, variance in zip(("purchases", "value"), spread, strict=True):
        whole, low, high = found.total(name)
        assert (high - low) / 2 == pytest.approx(1.959964 * np.sqrt(variance), rel=1e-5)
        assert whole == pytest.approx(found.rows[name].sum())


def test_groups_have_their_own_means_and_the_doubt_of_one_group_is_the_totals() -> None:
    buyers = bought(400)
    found = worth(buyers, MODEL, MONEY, TERMS)
    groups = {row["channel"]: row for row in found.by("channel").to_dicts()}
    for channel, row in groups.items():
        own = found.rows.filter(pl.col("channel") == channel)
        assert row["people"] == own.height
        assert row["value"] == pytest.approx(own["value"].mean())
        alone = worth(Buyers(buyers.rows.filter(pl.col("channel") == channel), buyers.ends_on),
                      MODEL, MONEY, TERMS)  # fmt: skip
        for name in ("purchases", "value"):
            _, low, high = alone.total(name)
            half = row[f"{name}_high"] - row[name]
            assert half * own.height == pytest.approx((high - low) / 2, rel=1e-6)


@pytest.mark.parametrize("model", [MODEL.values, (1.7, 9.0, 1.6, 0.9), (0.6, 0.01, 1.0, 1.3)])
def test_between_its_points_the_curve_is_the_formula(model: tuple[float, ...]) -> None:
    ages = np.arange(400) / 7
    x, age = np.repeat([0.0, 1.0, 2.0, 9.0, 60.0], len(ages)), np.tile(ages, 5)
    ends = np.array([4.0, 8.0, 52.0])
    found = crowd.ahead(model, ends, x, age)
    whole = bgnbd.expected_if_alive(model, ends, x[:, None], age[:, None])
    # Rounding of the sum, not of each: nothing is smaller than a part of the largest.
    assert np.abs(found - whole).max() < 1e-9 * np.abs(whole).max()
    assert found == pytest.approx(whole, rel=1e-6)
