"""Models by rule against their definitions, the published example, and sums."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.attribution.finding import Found, of_paths
from journey.analysis.attribution.models import MODELS
from journey.analysis.attribution.settings import Settings
from tests.analysis.attribution import by_hand
from tests.analysis.attribution.made import GOLDEN, Path, made

NAMES = ["Direct", "Display", "Email", "Search"]
BY_WAY = ["first", "last", "last_non_direct", "linear", "u_shaped", "j_shaped", "inverse_j"]
BY_WAY += ["custom", "participation", "shapley"]

ways = st.lists(st.sampled_from(NAMES), min_size=1, max_size=7)
paths = st.builds(
    Path,
    channels=ways,
    bought=st.booleans(),
    value=st.integers(0, 400).map(lambda cents: cents / 4),
    person=st.sampled_from(["ana", "ben", "cleo", "dan"]),
    own=st.sampled_from([None, *NAMES]),
)
worlds = st.lists(paths, max_size=12)


def given_to(found: Found, model: str, measure: str = "orders") -> dict[str, float]:
    """Channel to credit, where there is some."""
    credit = getattr(found, measure).point[model]
    return {c: float(x) for c, x in zip(found.channels, credit, strict=True) if x}


@given(worlds, st.sampled_from([(1, 1, 1), (0.5, 0.25, 0.25), (0, 1, 0), (3, 0, 1)]))
def test_each_rule_gives_what_its_definition_says(
    world: list[Path], weights: tuple[float, float, float]
) -> None:
    found = of_paths(made(world), Settings(weights=weights))
    bought = [path for path in world if path.bought]
    for model in BY_WAY:
        for measure in ("orders", "values"):
            worths = [
                Fraction(1) if measure == "orders" else Fraction(path.value) for path in bought
            ]
            by_way = [(tuple(p.channels), worth) for p, worth in zip(bought, worths, strict=True)]
            expected = by_hand.credit(model, by_way, weights)
            assert given_to(found, model, measure) == pytest.approx(
                {channel: float(worth) for channel, worth in expected.items() if worth}, abs=1e-12
            ), (model, measure)


@given(worlds, st.booleans())
def test_credits_sum_to_the_orders_and_to_their_value(world: list[Path], nulls: bool) -> None:
    found = of_paths(made(world), Settings(with_nulls=nulls), intervals=True, count=3)
    assert found.total_orders == sum(path.bought for path in world)
    assert found.total_value == pytest.approx(sum(path.value for path in world if path.bought))
    for model in found.models:
        if not MODELS[model].splits or (model == "shapley_rate" and found.total_orders == 0):
            continue
        orders, values = found.orders.point[model], found.values.point[model]
        if model == "shapley_rate" and orders.sum() == 0:
            continue  # no coalition gained by any channel
        assert orders.sum() == pytest.approx(found.total_orders), model
        assert values.sum() == pytest.approx(found.total_value), model
        assert (orders >= 0).all()


@given(worlds)
def test_same_touch_is_the_order_s_own_channel_or_none(world: list[Path]) -> None:
    found = of_paths(made(world), Settings())
    own = [path.own for path in world if path.bought and path.own]
    assert given_to(found, "same_touch") == {name: own.count(name) for name in set(own)}


def decayed(channels: Sequence[str], days: Sequence[float], half_life: float = 7) -> list[float]:
    """Time decay's credit in percent, for visits through different channels."""
    world = [Path(channels, days=days, value=50)]
    found = of_paths(made(world), Settings(half_life_days=half_life))
    values = given_to(found, "time_decay", "values")
    return [100 * values[channel] / 50 for channel in channels]


def test_time_decay_as_adobe_publishes_it() -> None:
    """Visits 0, 0, 6 and 9 days before an order of $50, half-life 7 days (Adobe, attribution)."""
    found = decayed("ABCD", [0, 0, 6, 9])
    assert [round(share, 2) for share in found] == [33.76, 33.76, 18.64, 13.85]


@given(
    st.lists(st.floats(0, 3000), min_size=1, max_size=8),
    st.floats(0.1, 60),
    st.data(),
)
def test_time_decay_halves_with_each_half_life(
    days: list[float], half_life: float, data: st.DataObject
) -> None:
    channels = [f"c{place}" for place in range(len(days))]
    weights = [2.0 ** (-(day - min(days)) / half_life) for day in days]
    expected = [100 * weight / sum(weights) for weight in weights]
    world = [Path(channels, days=days, value=50)]
    found = of_paths(made(world), Settings(half_life_days=half_life))
    given_ = dict(zip(found.channels, found.values.point["time_decay"], strict=True))
    assert [2 * given_[channel] for channel in channels] == pytest.approx(expected, abs=1e-9)


def test_time_decay_survives_visits_longer_ago_than_a_number_can_say() -> None:
    assert decayed("AB", [3000, 3007], half_life=1)[0] == pytest.approx(100 * 128 / 129)


@pytest.mark.parametrize(
    ("model", "one", "two", "four"),
    [
        ("first", [1], [1, 0], [1, 0, 0, 0]),
        ("last", [1], [0, 1], [0, 0, 0, 1]),
        ("linear", [1], [0.5, 0.5], [0.25] * 4),
        ("participation", [1], [1, 1], [1, 1, 1, 1]),
        ("u_shaped", [1], [0.5, 0.5], [0.4, 0.1, 0.1, 0.4]),
        ("j_shaped", [1], [0.25, 0.75], [0.2, 0.1, 0.1, 0.6]),
        ("inverse_j", [1], [0.75, 0.25], [0.6, 0.1, 0.1, 0.2]),
    ],
)
def test_the_table_of_models(
    model: str, one: list[float], two: list[float], four: list[float]
) -> None:
    for shares in (one, two, four):
        channels = "ABCD"[: len(shares)]
        found = of_paths(made([Path(channels)]), Settings())
        assert found.orders.point[model].tolist() == pytest.approx(shares)


def test_golden_shapley_is_linear_over_different_channels() -> None:
    found = of_paths(GOLDEN, Settings())
    exact = {"Search": Fraction(23, 6), "Email": Fraction(17, 6), "Social": Fraction(1, 3)}
    assert given_to(found, "shapley") == pytest.approx({c: float(x) for c, x in exact.items()})
    ways = [("Search", "Email")] * 3 + [("Search",)] * 2
    ways += [("Social", "Search", "Email"), ("Email",)]
    worth = by_hand.inside(list(exact), [(way, 1) for way in ways])
    assert by_hand.shapley(list(exact), worth) == exact


def test_nothing_at_all_is_no_error() -> None:
    found = of_paths(made([]), Settings(), intervals=True, count=2)
    assert found.channels == ()
    assert found.total_orders == 0
    assert all(np.size(credit) == 0 for credit in found.orders.point.values())
