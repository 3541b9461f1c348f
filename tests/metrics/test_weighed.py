"""Weighted samples against published figures and what scipy's own tests compute."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from journey.metrics import weighed
from journey.metrics.weighed import Sample

FIRST_DRUG = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
SECOND_DRUG = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
"""Hours of extra sleep (Student 1908), the data of R's `t.test` example."""


def sample(values, weights=None) -> Sample:
    """The sums over some values."""
    x = np.asarray(values, dtype=float)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=float)
    return Sample(len(x), w.sum(), (w**2).sum(), (w * x).sum(), (w * x**2).sum())


def test_welch_as_r_prints_it() -> None:
    test = weighed.means_differ(sample(FIRST_DRUG), sample(SECOND_DRUG))
    assert test.difference == pytest.approx(-1.58)
    assert (test.low, test.high) == pytest.approx((-3.3654832, 0.2054832), abs=1e-7)
    assert test.p == pytest.approx(0.07939, abs=5e-6)


@given(
    st.lists(st.integers(1, 5), min_size=3, max_size=40).filter(lambda x: len(set(x)) > 1),
    st.lists(st.integers(1, 7), min_size=3, max_size=40).filter(lambda x: len(set(x)) > 1),
)
def test_means_as_scipy_computes_them(one: list[int], other: list[int]) -> None:
    test = weighed.means_differ(sample(one), sample(other))
    theirs = stats.ttest_ind(one, other, equal_var=False)
    assert test.p == pytest.approx(theirs.pvalue)
    ends = theirs.confidence_interval()
    assert (test.low, test.high) == pytest.approx((ends.low, ends.high))
    own = weighed.mean(sample(one))
    expected = stats.t.interval(0.95, len(one) - 1, np.mean(one), stats.sem(one))
    assert (own.low, own.high) == pytest.approx(expected)


def test_the_golden_share_and_net_score() -> None:
    satisfied = weighed.share(sample([1] * 30 + [0] * 170))
    assert [round(100 * v, 1) for v in (satisfied.value, satisfied.low, satisfied.high)] == [
        *(15.0, 10.7, 20.6)
    ]
    answers = sample([1] * 100 + [0] * 60 + [-1] * 40)
    score = weighed.net(answers)
    assert score.value == pytest.approx(30)
    assert round(weighed.net_error(answers), 2) == 5.52
    assert round(score.high - score.value, 1) == 10.8


def test_the_change_of_a_net_score() -> None:
    now, before = sample([1] * 100 + [0] * 60 + [-1] * 40), sample([1] * 80 + [0] * 70 + [-1] * 50)
    test = weighed.nets_differ(now, before)
    errors = [100 * np.sqrt((p + d - (p - d) ** 2) / 200) for p, d in ((0.5, 0.2), (0.4, 0.25))]
    z = 15 / np.hypot(*errors)
    assert test.difference == pytest.approx(15)
    assert test.p == pytest.approx(2 * stats.norm.sf(z))


def test_two_shares_as_the_chi_square_test_without_correction() -> None:
    test = weighed.shares_differ(sample([1] * 56 + [0] * 14), sample([1] * 48 + [0] * 32))
    table = [[56, 14], [48, 32]]
    assert test.p == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)
    # Newcombe 1998, table II, (a), method 10.
    assert [round(v, 4) for v in (test.difference, test.low, test.high)] == [0.2, 0.0524, 0.3339]


def test_the_effective_size() -> None:
    assert sample([1, 0, 1], [1, 1, 2]).size == pytest.approx(16 / 6)
    assert sample([1, 0, 1], [0, 0, 0]).size == 0


@given(st.lists(st.integers(-1, 1), min_size=2, max_size=30), st.floats(0.01, 100))
def test_equal_weights_weigh_nothing(values: list[int], weight: float) -> None:
    plain, heavy = sample(values), sample(values, [weight] * len(values))
    for measure in (weighed.net, weighed.mean):
        a, b = measure(plain), measure(heavy)
        assert (a.value, a.low, a.high) == pytest.approx((b.value, b.low, b.high), abs=1e-6)


@given(
    st.lists(st.tuples(st.integers(0, 1), st.floats(0.1, 10)), min_size=2, max_size=30),
)
def test_unequal_weights_make_it_less_sure(answers: list[tuple[int, float]]) -> None:
    values, weights = zip(*answers, strict=True)
    own = sample(values, weights)
    assert own.size <= len(values) + 1e-9
    found = weighed.share(own)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


def test_without_any_spread() -> None:
    same, other = sample([5] * 40), sample([4] * 40)
    assert weighed.means_differ(same, same).p == 1
    assert weighed.means_differ(same, other).p == 0
    assert weighed.mean(same).low == weighed.mean(same).high == 5
    assert weighed.mean(sample([3])).low == 3
