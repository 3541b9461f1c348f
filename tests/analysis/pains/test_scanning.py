"""The span of days that stands out most, against a plain search; and how often chance finds one."""

from math import log, sqrt
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey.analysis.pains import scanning

counts = st.tuples(st.integers(0, 40), st.floats(0, 1), st.floats(0.2, 0.8))
"""A day: people, the share of them that went on, and what of such people usually does."""


def search(
    n: list[float], x: list[float], e: list[float], v: list[float], least: float = 0.0
) -> float:
    """The highest score of all spans with so many people, one after the other."""
    days, whole, best, place = len(n), sum(v), 0.0, slice(0, 0)
    for length in scanning.lengths(days):
        for first in range(days - length + 1):
            span = slice(first, first + length)
            people, went_on, expected, spread = (sum(values[span]) for values in (n, x, e, v))
            if expected < scanning.FEWEST or spread >= whole or went_on >= expected:
                continue
            if people - went_on < scanning.FEWEST:
                continue
            if people < least:
                continue
            if (expected - went_on) <= scanning.LEAST * sqrt(spread):
                continue
            deviance = went_on * log(went_on / expected) if went_on else 0.0
            if left := people - went_on:
                deviance += left * log(left / max(people - expected, 1e-9))
            score = sqrt(max(0.0, 2 * deviance) / (1 - min(spread / whole, 0.99)))
            if score > best:
                best, place = score, span
    return best / unrest(*(_without(values, place) for values in (x, e, v)))


def _without(values: list[float], span: slice) -> list[float]:
    """The days with nothing on those of the span."""
    return [0.0 if span.start <= day < span.stop else one for day, one in enumerate(values)]


def unrest(x: list[float], e: list[float], v: list[float]) -> float:
    """How much weeks scatter, week by week."""
    off = []
    e = [one * sum(x) / max(sum(e), 1e-9) for one in e]
    for first in range(0, len(x) - 6, 7):
        week = slice(first, first + 7)
        if sum(v[week]) >= scanning.FEWEST:
            off.append((sum(x[week]) - sum(e[week])) / sqrt(sum(v[week])))
    if len(off) < 8:
        return 1.0
    middle = median(off)
    return max(1.0, 1.4826 * median(abs(one - middle) for one in off))


@settings(max_examples=40)
@given(st.lists(counts, min_size=28, max_size=90), st.sampled_from([0.0, 30.0, 200.0]))
def test_the_worst_span_by_a_plain_search(
    drawn: list[tuple[int, float, float]], least: float
) -> None:
    n = [float(people) for people, _, _ in drawn]
    x = [float(int(people * share)) for people, share, _ in drawn]
    v = [people * rate * (1 - rate) for people, _, rate in drawn]
    e = [people * rate for people, _, rate in drawn]
    if not sum(e):
        return
    e = [value * sum(x) / sum(e) for value in e]
    # A second series beside it must not matter.
    both = [np.array([values, values[::-1]]) for values in (n, x, e, v)]
    found, backwards = scanning.worst(*both, least)
    expected = search(n, x, e, v, least)
    assert (found.score if found else 0.0) == pytest.approx(expected, abs=1e-9)
    assert (backwards.score if backwards else 0.0) == pytest.approx(
        search(*(values[::-1] for values in (n, x, e, v)), least), abs=1e-9
    )


def test_a_hole_is_found_where_it_is() -> None:
    n, rate = np.full((1, 180), 40.0), np.full((1, 180), 0.5)
    x = n * rate
    x[0, 60:71] = 4.0
    e = n * rate * x.sum() / (n * rate).sum()
    (span,) = scanning.worst(n, x, e, n * rate * (1 - rate))
    assert span is not None
    assert (span.first, span.after) == (60, 71)
    assert span.chance < 1e-9


def test_a_striking_span_of_few_does_not_hide_the_longer_one_around_it() -> None:
    """Nobody of 28 went on in a week; with the day beside it they are 32."""
    n, rate = np.full((1, 180), 4.0), np.full((1, 180), 0.7)
    x = n * rate
    x[0, 60:67] = 0.0
    e = n * rate * x.sum() / (n * rate).sum()
    variance = n * rate * (1 - rate)
    ((shorter,), (longer,)) = (scanning.worst(n, x, e, variance, least) for least in (0.0, 30.0))
    assert shorter is not None
    assert longer is not None
    assert 4 * (shorter.after - shorter.first) < 30
    assert 4 * (longer.after - longer.first) >= 30
    assert longer.first <= shorter.first
    assert longer.after >= shorter.after
    assert longer.chance < 1e-5


def test_chance_is_held_where_nothing_happened() -> None:
    """Of 2,000 quiet series, about 1 in 100 may hold a span that passes for one in 100."""
    random = np.random.default_rng(5)
    n, rate = np.full((2_000, 184), 12.0), 0.45
    x = random.binomial(12, rate, n.shape).astype(float)
    e = n * (x.sum(axis=1, keepdims=True) / n.sum(axis=1, keepdims=True))
    spans = scanning.worst(n, x, e, n * rate * (1 - rate))
    alarms = sum(span is not None and span.chance <= 0.01 for span in spans)
    assert alarms <= 30, "three standard deviations above 1 %"
