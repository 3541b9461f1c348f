"""Changes of level: the search against brute force, false alarms, power, and what is no change."""

from collections.abc import Callable
from math import lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey.analysis.trend import breaks, likelihood
from journey.analysis.trend.series import Series, weekly
from tests.analysis.trend.worlds import count, made, means, money, rate

cases = st.lists(
    st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n + 1), st.just(n + 1))),
    min_size=4,
    max_size=9,
)


def by_hand(points: Series, places: list[int]) -> float:
    """The log-likelihood of points under one level of their own, term by term."""
    part, whole = points.part[places], points.whole[places]
    level = part.sum() / whole.sum()
    found = 0.0
    for k, n in zip(part, whole, strict=True):
        if points.kind == "rate":
            found += lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
            found += k * log(level) if k else 0.0
            found += (n - k) * log(1 - level) if n - k else 0.0
        elif points.kind == "count":
            found += (k * log(n * level) if k else 0.0) - n * level - lgamma(k + 1)
        else:
            found -= n * (k / n - level) ** 2 / 2
    return found


@settings(max_examples=60)
@given(cases, st.sampled_from(["rate", "count", "mean"]))
def test_all_runs_at_once_are_each_run_by_hand(cases, kind) -> None:
    points = made(kind, [k for k, _ in cases], [n for _, n in cases])
    n = len(points)
    everything = [*range(n)]
    expected = {}
    for first in range(n):
        for last in range(first + 1, n + 1):
            sides = [last - first, *([first] if first else []), *([n - last] if last < n else [])]
            rest = [place for place in everything if not first <= place < last]
            if min(sides) >= 2 and len(rest) >= 2:
                two = by_hand(points, [*range(first, last)]) + by_hand(points, rest)
                expected[first, last] = 2 * (two - by_hand(points, everything))
    first, last = likelihood.runs(n)
    found = dict(
        zip(
            zip(first.tolist(), last.tolist(), strict=True),
            likelihood.ratios(points).tolist(),
            strict=True,
        )
    )
    assert found.keys() == expected.keys()
    for run, ratio in expected.items():
        assert found[run] == pytest.approx(ratio, abs=1e-6)


@settings(max_examples=40)
@given(cases)
def test_levels_cover_the_series_and_are_sums_over_sums(cases) -> None:
    points = made("rate", [k for k, _ in cases], [n for _, n in cases])
    found = breaks.levels(points)
    assert [level.first for level in found] == [0, *(level.last for level in found[:-1])]
    assert found[-1].last == len(points)
    for level in found:
        own = slice(level.first, level.last)
        assert level.value == pytest.approx(points.part[own].sum() / points.whole[own].sum())


NOTHING: dict[str, Callable[[np.random.Generator, int], Series]] = {
    "shares": lambda draw, n: rate(draw, [0.15] * n),
    "small shares of few": lambda draw, n: rate(draw, [0.02] * n, size=60),
    "shares spread more than sampling": lambda draw, n: rate(draw, [0.15] * n, excess=3),
    "counts": lambda draw, n: count(draw, [200.0] * n),
    "few counts": lambda draw, n: count(draw, [3.0] * n),
    "counts spread more than sampling": lambda draw, n: count(draw, [200.0] * n, excess=5),
    "amounts": lambda draw, n: money(draw, 60, n),
    "means": lambda draw, n: means(draw, [0.0] * n, known=True),
    "means of unknown spread": lambda draw, n: means(draw, [0.0] * n, known=False),
}


@pytest.mark.parametrize("world", NOTHING)
def test_where_nothing_changes_a_change_is_told_once_in_a_hundred(world: str) -> None:
    """700 series of four lengths a world: at 1 % each, 17 or more alarms come once in 1,000."""
    draw = np.random.default_rng(20261129)
    alarms = [
        len(breaks.levels(NOTHING[world](draw, n))) > 1
        for n in (12, 26, 52, 78)
        for _ in range(175)
    ]
    assert sum(alarms) < 17


def test_weeks_that_hang_together_are_rarely_taken_for_a_change() -> None:
    """Each week tied to the one before by 0.4: one series in ten at most, one in three would be
    without reckoning with the tie."""
    draw = np.random.default_rng(1)
    alarms = [
        len(breaks.levels(rate(draw, [0.15] * 52, excess=3, tie=0.4))) > 1 for _ in range(300)
    ]
    assert sum(alarms) <= 30


def test_weekdays_are_no_change() -> None:
    draw = np.random.default_rng(2)
    week = [1.4, 1.2, 1.0, 1.0, 0.8, 0.4, 0.3]
    alarms = 0
    for _ in range(200):
        days = weekly(count(draw, [40 * week[day % 7] for day in range(182)], grain="day"))
        assert days.grain == "week"
        assert len(days) == 26
        alarms += len(breaks.levels(days)) > 1
    assert alarms <= 8


def found_at(points: Series) -> list[int]:
    """Where the levels begin."""
    return [level.first for level in breaks.levels(points)[1:]]


@pytest.mark.parametrize("weeks_after", [26, 8, 4])
def test_a_level_that_fell_for_good_is_found_within_a_week(weeks_after: int) -> None:
    draw = np.random.default_rng(3)
    first = 52 - weeks_after
    near = 0
    for _ in range(100):
        found = found_at(rate(draw, [0.15] * first + [0.10] * weeks_after, size=700))
        near += len(found) == 1 and abs(found[0] - first) <= 1
    assert near >= 85


def test_two_bad_weeks_are_found_and_so_is_their_end() -> None:
    draw = np.random.default_rng(4)
    near = 0
    for _ in range(100):
        found = found_at(rate(draw, [0.27] * 30 + [0.5] * 2 + [0.27] * 20, size=90))
        near += len(found) == 2 and abs(found[0] - 30) <= 1 and abs(found[1] - 32) <= 1
    assert near >= 85


def test_a_slope_is_no_change_of_level() -> None:
    draw = np.random.default_rng(5)
    slope = np.linspace(0.12, 0.18, 52)
    alarms = sum(len(found_at(rate(draw, slope, size=700))) > 0 for _ in range(100))
    assert alarms <= 5


def test_too_few_points_have_one_level() -> None:
    points = made("rate", [0, 0, 0, 0, 50, 50, 50], [50] * 7)
    assert found_at(points) == []
    assert found_at(made("rate", [0, 0, 0, 0, 50, 50, 50, 50], [50] * 8)) == [4]
    assert breaks.levels(made("rate", [], [])) == []


@pytest.mark.parametrize("kind", ["rate", "count", "mean"])
def test_a_series_without_any_noise_has_one_level(kind) -> None:
    for value in (0, 5, 10):
        points = made(kind, [value] * 20, [10] * 20, floor=0.0 if kind == "mean" else 1.0)
        assert len(breaks.levels(points)) == 1
