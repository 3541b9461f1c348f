"""Losses on the way to an order: counted by plain loops, adding up, none where there is none."""

from collections import defaultdict
from math import sqrt
from statistics import mean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey.analysis.pains.cases import Cases
from journey.analysis.pains.dropoff import standing
from journey.analysis.pains.finding import losses
from journey.analysis.pains.incidents import incidents
from journey.analysis.pains.loss import Loss
from journey.analysis.pains.standard import PRIOR, expected_rates, gap
from journey.analysis.pains.worth import Value, money
from tests.analysis.pains.crowds import VALUES, crowd

MOBILE = {"device": "mobile"}

who = st.one_of(
    st.just({}),
    st.sampled_from([{name: value} for name, values in VALUES.items() for value in values]),
    st.sampled_from(
        [{"device": "mobile", "country": "DE"}, {"device": "desktop", "country": "FR"}]
    ),
)
span = st.one_of(
    st.none(), st.tuples(st.integers(0, 90), st.integers(3, 25)).map(lambda s: (s[0], sum(s)))
)
holes = st.lists(st.tuples(who, span, st.floats(0.1, 0.9)), max_size=3)


@settings(max_examples=25)
@given(st.integers(0, 9_999), holes, holes)
def test_no_case_is_lost_twice_and_the_rows_add_up_to_all_that_is_missing(
    seed: int, at_cart: list, at_checkout: list
) -> None:
    places = [crowd(seed, holes=at_cart, place=2), crowd(seed + 1, holes=at_checkout)]
    found = losses(places, days=120, minimum_n=30)
    seen: set[tuple[str, int]] = set()
    union = 0.0
    for loss in found:
        cases = places[loss.place.number - 3]
        assert cases.place == loss.place
        own = {(loss.place.name, int(row)) for row in loss.rows}
        assert not own & seen, "a case is held once"
        seen |= own
        chosen = np.isin(cases.number, loss.rows)
        assert cases.of(loss.who)[chosen].all()
        n, x = float(cases.people[chosen].sum()), float(cases.went_on[chosen].sum())
        assert loss.people == n
        assert loss.observed == pytest.approx(x / n)
        assert loss.orders == pytest.approx(n * (loss.comparable - x / n) * loss.onward)
        assert loss.orders > 0
        union += float(loss.missing.sum())
    assert sum(loss.orders for loss in found) == pytest.approx(union)


@settings(max_examples=30)
@given(st.integers(0, 9_999), st.sampled_from(["device", "country"]), st.floats(0.3, 1.0))
def test_a_comparison_by_plain_loops(seed: int, name: str, factor: float) -> None:
    value = VALUES[name][1]
    cases = crowd(seed, days=30, a_day=20, holes=[({name: value}, None, factor)])
    stratum = cases.codes(("channel", "persona"))
    found = gap(cases.people, cases.went_on, stratum, cases.of({name: value}))
    own, others = defaultdict(lambda: [0.0, 0.0]), defaultdict(lambda: [0.0, 0.0])
    for row in range(len(cases)):
        side = own if VALUES[name][cases.segment[name][row]] == value else others
        kind = tuple(int(cases.segment[each][row]) for each in ("channel", "persona"))
        side[kind][0] += cases.people[row]
        side[kind][1] += cases.went_on[row]
    people = observed = expected = short = spread = 0.0
    for kind in set(own) & set(others):
        (n1, x1), (n0, x0) = own[kind], others[kind]
        n, m = n1 + n0, x1 + x0
        people, observed, expected = people + n1, observed + x1, expected + n1 * x0 / n0
        short += n1 * m / n - x1
        spread += n1 * n0 * m * (n - m) / (n * n * max(n - 1, 1))
    assert found is not None
    assert found.people == people
    assert found.observed == pytest.approx(observed / people)
    assert found.comparable == pytest.approx(expected / people)
    assert found.lost == pytest.approx(people * (found.comparable - found.observed))
    z = short / sqrt(spread) if spread else 0.0
    assert (found.chance < 0.5) == (z > 0) or z == 0


def test_expected_rates_by_plain_loops() -> None:
    cases = crowd(4, days=40, a_day=10)
    channel, both = cases.segment["channel"], cases.codes(("channel", "persona"))
    found = expected_rates(cases.people, cases.went_on, channel, both)
    whole = sum(cases.went_on) / sum(cases.people)

    def drawn(code: np.ndarray, row: int, towards: float) -> float:
        same = [other for other in range(len(cases)) if code[other] == code[row]]
        n, x = (sum(values[other] for other in same) for values in (cases.people, cases.went_on))
        return (x + PRIOR * towards) / (n + PRIOR)

    for row in range(0, len(cases), 37):
        assert found[row] == pytest.approx(drawn(both, row, drawn(channel, row, whole)))


def test_an_incident_by_plain_loops() -> None:
    cases = crowd(11, holes=[(MOBILE, (60, 71), 0.3)])
    (found,), rest = incidents([cases], 120, 30)
    assert dict(found.who) == MOBILE
    assert (found.first, found.after) == (60, 71)
    mobile = VALUES["device"].index("mobile")
    inside, outside = defaultdict(float), defaultdict(lambda: [0.0, 0.0])
    stood = went = ordered_of = went_all = 0.0
    for row in range(len(cases)):
        if cases.segment["device"][row] != mobile:
            continue
        kind = int(cases.segment["channel"][row]), int(cases.segment["persona"][row])
        went_all, ordered_of = went_all + cases.went_on[row], ordered_of + cases.ordered[row]
        if 60 <= cases.day[row] < 71:
            inside[kind] += cases.people[row]
            stood, went = stood + cases.people[row], went + cases.went_on[row]
        else:
            outside[kind][0] += cases.people[row]
            outside[kind][1] += cases.went_on[row]
    assert (found.people, found.observed) == (stood, pytest.approx(went / stood))
    expected = sum(n * outside[kind][1] / outside[kind][0] for kind, n in inside.items())
    # Strata of some hundreds are drawn but little towards the wider group.
    assert found.comparable == pytest.approx(expected / stood, abs=0.01)
    share = ordered_of / went_all
    assert found.orders == pytest.approx(stood * (found.comparable - went / stood) * share)
    assert not np.isin(rest[0].number, found.rows).any()
    assert len(rest[0]) + len(found.rows) == len(cases)


def test_one_broken_page_is_told_once_for_the_device_that_it_broke_on() -> None:
    for seed in range(1, 6):
        found = losses([crowd(seed, holes=[(MOBILE, (40, 52), 0.2)])], 120, 30)
        assert [(dict(loss.who), loss.first, loss.after) for loss in found] == [(MOBILE, 40, 52)]


def test_a_device_in_one_country_is_not_widened_to_the_device() -> None:
    who = {"device": "mobile", "country": "DE"}
    (found,) = losses([crowd(3, holes=[(who, (40, 52), 0.1)])], 120, 30)
    assert dict(found.who) == who


def test_a_device_and_a_country_share_no_people() -> None:
    cases = crowd(8, holes=[(MOBILE, None, 0.75), ({"country": "FR"}, None, 0.8)])
    found = {next(iter(loss.who.values())): loss for loss in standing([cases], 30)[0]}
    assert set(found) == {"mobile", "FR"}
    later = min(found.values(), key=lambda loss: loss.people)
    assert not set(found["mobile"].rows) & set(found["FR"].rows)
    both = cases.of({"device": "mobile", "country": "FR"})
    in_both = [np.isin(cases.number[both], loss.rows).any() for loss in found.values()]
    assert sorted(in_both) == [False, True]
    assert later.people < cases.people[cases.of(later.who)].sum()


def test_what_a_device_explains_is_told_with_it() -> None:
    """Nearly all who come from AT are on mobile: it stands out, and is no loss of its own."""
    cases = crowd(5, holes=[(MOBILE, None, 0.5)])
    keep = ~cases.of({"country": "AT"}) | cases.of({"device": "mobile", "country": "AT"})
    found, _ = standing([cases.at(keep)], 30)
    assert [dict(loss.who) for loss in found] == [MOBILE]


def _alarms(found: list[list[Loss]]) -> float:
    return mean(bool(one) for one in found)


def test_where_nothing_happened_false_alarms_are_held() -> None:
    """About one world in 100 for spans of days, and one in 100 for segments; 100 worlds."""
    worlds = [[crowd(seed, place=place) for place in (2, 3)] for seed in range(100)]
    assert _alarms([incidents(world, 120, 30)[0] for world in worlds]) <= 0.04
    assert _alarms([standing(world, 30)[0] for world in worlds]) <= 0.04


@given(st.floats(0, 500), st.floats(0, 60), st.floats(1, 400), st.floats(0, 20), st.floats(0, 300))
def test_money_is_orders_times_value(
    orders: float, error: float, mean: float, mean_error: float, spread: float
) -> None:
    found = money(orders, error, Value(mean, mean_error, spread, 100))
    assert found.value == pytest.approx(orders * mean)
    width = (found.high - found.low) / 2 / 1.959963984540054
    variance = (error * mean) ** 2 + (orders * mean_error) ** 2 + orders * spread**2
    assert width == pytest.approx(sqrt(variance), rel=1e-6, abs=1e-9)


def test_too_few_people_and_too_few_days_are_no_ground() -> None:
    tiny = crowd(1, days=20, a_day=40, holes=[(MOBILE, (5, 9), 0.05)])
    assert incidents([tiny], 20, 30)[0] == []
    assert losses([], 120, 30) == []
    thin: Cases = crowd(1, a_day=0.4, holes=[(MOBILE, None, 0.0)])
    assert standing([thin], 30)[0] == []
