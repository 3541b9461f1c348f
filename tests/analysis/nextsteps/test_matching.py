"""The matched difference by hand, against closed forms, and by simulation."""

from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.nextsteps.matching import COUNTS, differences

SIDE = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(lambda n: (min(n), max(n)))
STRATA = st.lists(st.tuples(SIDE, SIDE), min_size=1, max_size=8)


def frame(strata) -> pl.DataFrame:
    """Strata as the function takes them."""
    rows = [(*one, *other) for one, other in strata]
    return pl.DataFrame(rows, schema=dict.fromkeys(COUNTS, pl.Int64), orient="row").with_columns(
        what=pl.lit("x")
    )


def found(strata) -> dict:
    """What it says of them."""
    return differences(frame(strata), ["what"]).row(0, named=True)


@given(STRATA)
def test_the_difference_is_the_weighted_mean_of_the_strata(strata):
    told = found(strata)
    both = [(a, n, b, m) for (a, n), (b, m) in strata if n and m]
    assert told["all_with"] == sum(n for (_, n), _ in strata)
    assert (told["matched"], told["controls"]) == (
        sum(n for _, n, _, _ in both),
        sum(m for *_, m in both),
    )
    if not both:
        assert told["value"] is None
        return
    weights = [Fraction(n * m, n + m) for _, n, _, m in both]
    apart = [Fraction(a, n) - Fraction(b, m) for a, n, b, m in both]
    value = sum(w * d for w, d in zip(weights, apart, strict=True)) / sum(weights)
    assert told["value"] == pytest.approx(float(value), abs=1e-12)
    assert told["rate"] - told["base"] == pytest.approx(told["value"], abs=1e-12)
    assert told["low"] <= told["value"] + 1e-12
    assert told["value"] <= told["high"] + 1e-12


@given(STRATA)
def test_swapping_the_sides_turns_the_sign_and_keeps_the_doubt(strata):
    one, other = found(strata), found([(two, one) for one, two in strata])
    if one["value"] is None:
        assert other["value"] is None
        return
    assert other["value"] == pytest.approx(-one["value"], abs=1e-12)
    assert other["error"] == pytest.approx(one["error"], abs=1e-9)


@given(st.integers(20, 4000), st.integers(20, 4000), st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_one_stratum_is_the_plain_difference_of_two_shares(n, m, p, q):
    a, b = round(n * p), round(m * q)
    told = found([((a, n), (b, m))])
    expected = a / n * (1 - a / n) / n + b / m * (1 - b / m) / m
    assert told["value"] == pytest.approx(a / n - b / m, abs=1e-12)
    assert told["error"] ** 2 == pytest.approx(expected, rel=0.05)
    assert told["naive"] == pytest.approx(told["value"], abs=1e-12)


@pytest.mark.parametrize(("strata", "size"), [(6, 60), (120, 3)])
def test_the_doubt_is_how_far_it_scatters_in_few_thick_and_many_thin_strata(strata, size):
    """A thousand draws with a difference of 0.15 in every stratum: the interval holds it in 95 of
    100, and the standard error is the scatter."""
    chance = np.random.default_rng(5)
    base = np.linspace(0.1, 0.7, strata)
    values, errors, held = [], [], 0
    for _ in range(1000):
        a = chance.binomial(size, base + 0.15)
        b = chance.binomial(2 * size, base)
        told = found([((int(x), size), (int(y), 2 * size)) for x, y in zip(a, b, strict=True)])
        values.append(told["value"])
        errors.append(told["error"])
        held += told["low"] <= 0.15 <= told["high"]
    assert np.mean(values) == pytest.approx(0.15, abs=0.005)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.08)
    assert 930 <= held <= 970


def test_simpsons_paradox_is_seen_through():
    """Mostly the willing do it; among the willing and among the rest it changes nothing."""
    told = found([((720, 900), (80, 100)), ((20, 100), (180, 900))])
    assert told["naive"] == pytest.approx(0.48)
    assert told["value"] == pytest.approx(0)
    assert told["low"] < 0 < told["high"]
