"""The statistics of experiments against published numbers, other ways to reckon, and simulation."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from journey.analysis.experiments import lift, power
from journey.analysis.experiments.lift import Sums
from journey.analysis.experiments.readout import sample_ratio
from journey.metrics import statistics

COUNTS = st.tuples(st.integers(0, 400), st.integers(1, 400)).map(sorted).map(tuple)


@given(COUNTS, COUNTS)
def test_the_ends_of_a_ratio_are_where_the_difference_with_a_multiple_could_be_zero(one, other):
    """Donner and Zou's closed form against the equation it solves, by bisection."""
    first, second = (
        (part / whole, *statistics.wilson(part, whole)) for part, whole in (one, other)
    )
    found = statistics.ratio(first, second)
    if second[0] == 0:
        assert found is None
        return
    value, low, high = found
    assert value == pytest.approx(first[0] / second[0])

    def lowest(times: float) -> float:
        """The lower end of first - times * second."""
        spread = (first[0] - first[1]) ** 2 + times**2 * (second[2] - second[0]) ** 2
        return first[0] - times * second[0] - sqrt(spread)

    def highest(times: float) -> float:
        spread = (first[2] - first[0]) ** 2 + times**2 * (second[0] - second[1]) ** 2
        return first[0] - times * second[0] + sqrt(spread)

    assert low <= value + 1e-12
    assert lowest(low) == pytest.approx(0, abs=1e-7)
    if high is not None:
        assert high >= value - 1e-12
        assert highest(high) == pytest.approx(0, abs=1e-6)


def test_a_relative_lift_is_near_the_log_interval_of_katz_where_there_are_many():
    value, low, high = lift.share_ratio((3894, 21307), (2262, 21306))
    error = sqrt(1 / 3894 - 1 / 21307 + 1 / 2262 - 1 / 21306)
    assert value == pytest.approx(3894 / 21307 / (2262 / 21306) - 1)
    assert 1 + low == pytest.approx((1 + value) * np.exp(-1.96 * error), rel=0.002)
    assert 1 + high == pytest.approx((1 + value) * np.exp(1.96 * error), rel=0.002)


def test_an_interval_of_two_shares_is_newcombes():
    """Newcombe 1998, table II, method 10: 56/70 against 48/80, and 9/10 against 3/10."""
    assert lift.share_apart((56, 70), (48, 80))[1:] == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert lift.share_apart((9, 10), (3, 10))[1:] == pytest.approx((0.1705, 0.8090), abs=1e-4)


def test_several_arms_make_each_interval_wider():
    one, two = (lift.share_apart((56, 70), (48, 80), error) for error in (0.05, 0.05 / 3))
    assert two[1] < one[1] < one[2] < two[2]


@given(
    st.lists(st.floats(-50, 500), min_size=2, max_size=30),
    st.lists(st.floats(-50, 500), min_size=2, max_size=30),
)
def test_a_difference_of_means_is_welchs(one, other):
    sums = [Sums(len(own), sum(own), sum(value**2 for value in own)) for own in (one, other)]
    found = lift.mean_apart(*sums)
    assert found[0] == pytest.approx(np.mean(one) - np.mean(other), abs=1e-6)
    if min(np.var(one), np.var(other)) > 1:
        expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
        assert found[1:] == pytest.approx(tuple(expected), rel=1e-4, abs=1e-4)


def test_no_mean_without_two_people():
    assert lift.mean_apart(Sums(1, 5, 25), Sums(9, 45, 300)) is None
    assert lift.mean_apart(Sums(5, 0, 0), Sums(9, 0, 0)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("assigned", "split"),
    [
        ({"A": 580, "B": 570}, {}),
        ({"A": 300, "B": 100}, {"A": 3, "B": 1}),
        ({"a": 10, "b": 20, "c": 33}, {"a": 1, "b": 2, "c": 3}),
    ],
)
def test_the_sample_ratio_is_the_chi_square_test(assigned, split):
    found = sample_ratio(assigned, split)
    whole = sum(split.values()) or len(assigned)
    expected = [sum(assigned.values()) * split.get(arm, 1) / whole for arm in sorted(assigned)]
    observed = [assigned[arm] for arm in sorted(assigned)]
    assert found.chance == pytest.approx(stats.chisquare(observed, expected).pvalue)
    assert list(found.expected.values()) == expected
    assert found.holds


def test_an_arm_missing_or_unplanned_fails_the_check():
    assert not sample_ratio({"A": 500}, {"A": 1, "B": 1}).holds
    assert sample_ratio({"A": 50, "B": 50, "C": 1}, {"A": 1, "B": 1}).unplanned == ("C",)
    assert not sample_ratio({"A": 50, "B": 50, "C": 1}, {"A": 1, "B": 1}).holds
    assert sample_ratio({"A": 7}, {}).holds, "one arm has nothing to be out of proportion with"


def test_sizes_are_those_of_power_prop_test():
    """R's documentation: power.prop.test(p1 = .50, p2 = .75, power = .90) gives n = 76.7; 10
    against 12 % needs 3,841 an arm."""
    assert power.people_needed(0.50, 0.75, power=0.90) == 77
    assert power.people_needed(0.10, 0.12) == 3841
    assert power.people_needed(0.2, 0.2) is None


@given(st.floats(0.01, 0.9), st.integers(50, 50_000), st.floats(0.2, 5))
def test_the_smallest_effect_is_the_one_that_needs_just_these_people(base, people, ratio):
    others = round(people * ratio)
    effect = power.smallest_effect(base, people, others)
    if effect is None:
        assert power.people_needed(base, 1.0, others / people) > people
    else:
        assert power.people_needed(base, base + effect, others / people) <= people + 1
        assert power.people_needed(base, base + 0.98 * effect, others / people) >= people


def test_the_power_promised_is_the_power_found():
    """With the people needed, four of five experiments find the difference."""
    chance = np.random.default_rng(7)
    base, other = 0.30, 0.36
    people = power.people_needed(base, other)
    found = 0
    for _ in range(2000):
        parts = chance.binomial(people, other), chance.binomial(people, base)
        found += statistics.two_shares(parts[0], people, parts[1], people) < 0.05
    assert 0.77 < found / 2000 < 0.83


def test_looking_often_fools_the_usual_interval_but_not_the_always_valid_one():
    """A thousand experiments without any difference, each looked at forty times."""
    chance = np.random.default_rng(11)
    fooled, always_fooled, tests = 0, 0, 1000
    for _ in range(tests):
        parts = [np.cumsum(chance.binomial(100, 0.3, 40)) for _ in range(2)]
        once = always = False
        for look in range(40):
            people = 100 * (look + 1)
            one, other = ((int(part[look]), people) for part in parts)
            _, low, high = lift.share_apart(one, other)
            once |= low > 0 or high < 0
            if (valid := lift.always_valid(one, other)) is not None:
                always |= valid[1] > 0 or valid[2] < 0
        fooled += once
        always_fooled += always
    assert fooled / tests > 0.2
    assert always_fooled / tests < 0.05


def test_the_always_valid_interval_finds_what_is_there_and_needs_some_cases():
    value, low, high = lift.always_valid((3894, 21307), (2262, 21306))
    usual = lift.share_apart((3894, 21307), (2262, 21306))
    assert 0 < low < usual[1] < value < usual[2] < high
    assert lift.always_valid((19, 400), (30, 400)) is None
