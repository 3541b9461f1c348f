"""Intervals against published values, and what must hold of them for any counts."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.metrics.statistics import (
    difference,
    mean_from_sums,
    mean_on_scale,
    nps,
    two_shares,
    wilson,
)

WHOLE = st.integers(1, 10_000_000)


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    """A part and its whole."""
    whole = draw(WHOLE)
    return draw(st.integers(0, whole)), whole


@st.composite
def answers(draw: st.DrawFn) -> tuple[int, int, int]:
    """Promoters, detractors, responses."""
    promoters, passives, detractors = (draw(st.integers(0, 100_000)) for _ in range(3))
    return promoters, detractors, max(1, promoters + passives + detractors)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (30, 200, 0.1071, 0.2061),  # definitions.md §3
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_as_published(part: int, whole: int, low: float, high: float) -> None:
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


def test_without_a_case_nothing_is_known() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@given(shares())
def test_wilson_holds_the_share_and_stays_a_share(share: tuple[int, int]) -> None:
    part, whole = share
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= high <= 1


@given(shares())
def test_wilson_is_the_same_from_the_other_side(share: tuple[int, int]) -> None:
    part, whole = share
    low, high = wilson(part, whole)
    assert wilson(whole - part, whole) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(shares(), st.integers(2, 1000))
def test_more_cases_of_the_same_share_tell_more(share: tuple[int, int], times: int) -> None:
    part, whole = share
    low, high = wilson(part, whole)
    nearer_low, nearer_high = wilson(part * times, whole * times)
    assert nearer_high - nearer_low < high - low


@given(shares())
def test_one_more_in_the_part_moves_both_ends_up(share: tuple[int, int]) -> None:
    part, whole = share
    if part < whole:
        low, high = wilson(part, whole)
        low_after, high_after = wilson(part + 1, whole)
        assert low <= low_after
        assert high <= high_after


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [  # Newcombe 1998 (interval estimation for the difference), table II, method 10
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 20), 0.6791, 1.0000),
    ],
)
def test_newcombe_as_published(counts: tuple[int, int, int, int], low: float, high: float) -> None:
    assert difference(*counts)[1:] == pytest.approx((low, high), abs=5e-5)


@given(shares(), shares())
def test_a_difference_lies_in_its_interval_and_turns_with_its_sides(
    after: tuple[int, int], before: tuple[int, int]
) -> None:
    change, low, high = difference(*after, *before)
    assert -1 - 1e-9 <= low <= change + 1e-12
    assert change - 1e-12 <= high <= 1 + 1e-9
    assert difference(*before, *after) == pytest.approx((-change, -high, -low), abs=1e-9)


@given(shares(), shares())
def test_two_shares_give_a_probability_the_same_both_ways(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    p = two_shares(*one, *other)
    assert 0 <= p <= 1
    assert two_shares(*other, *one) == pytest.approx(p)
    if Fraction(*one) == Fraction(*other):
        assert p == pytest.approx(1, abs=1e-6)


def test_two_shares_by_hand() -> None:
    # 30 of 100 against 20 of 100: pooled .25, z = .1 / sqrt(.25 * .75 * .02) = 1.633
    assert two_shares(30, 100, 20, 100) == pytest.approx(0.1025, abs=5e-5)


def test_nps_as_in_the_definitions() -> None:
    """Half promoters, a fifth detractors, 200 answers: 30, give or take 1.96 times 5.52."""
    value, low, high = nps(100, 40, 200)
    assert value == pytest.approx(30)
    assert (high - low) / 2 / 1.959964 == pytest.approx(5.52, abs=0.005)
    assert (low, high) == pytest.approx((30 - 10.8, 30 + 10.8), abs=0.05)


@given(answers())
def test_nps_stays_between_its_ends(counts: tuple[int, int, int]) -> None:
    promoters, detractors, responses = counts
    value, low, high = nps(promoters, detractors, responses)
    assert -100 <= low <= value + 1e-9
    assert value - 1e-9 <= high <= 100
    assert nps(detractors, promoters, responses) == pytest.approx((-value, -high, -low))


@given(st.lists(st.integers(1, 7), min_size=2, max_size=200))
def test_a_mean_on_a_scale_is_never_too_sure(scores: list[int]) -> None:
    """From the sum alone, the interval is at least as wide as the scores themselves give."""
    mean, low, high = mean_on_scale(sum(scores), len(scores), 1, 7)
    spread = sum((score - mean) ** 2 for score in scores) / len(scores)
    half = 1.959963984540054 * (spread / len(scores)) ** 0.5
    assert 1 <= low <= max(1, mean - half) + 1e-9
    assert min(7, mean + half) - 1e-9 <= high <= 7


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=100))
def test_a_mean_from_sums_is_the_mean_of_the_values(values: list[int]) -> None:
    total, squares = sum(values), sum(value * value for value in values)
    mean, low, high = mean_from_sums(total, squares, len(values))
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    half = 1.959963984540054 * (variance / len(values)) ** 0.5
    assert mean == pytest.approx(sum(values) / len(values))
    assert (low, high) == pytest.approx((mean - half, mean + half), abs=1e-6)
