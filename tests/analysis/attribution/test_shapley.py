"""Shapley values against every order in which channels may join."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.attribution import shapley
from journey.analysis.attribution.finding import of_paths
from journey.analysis.attribution.models import Book
from journey.analysis.attribution.settings import Settings
from journey.analysis.attribution.ways import Tally
from journey.errors import MetricError
from tests.analysis.attribution import by_hand
from tests.analysis.attribution.made import GOLDEN, Path, counted, made

NAMES = ["Direct", "Display", "Email", "Search"]
ways = st.lists(st.sampled_from(NAMES), min_size=1, max_size=5).map(tuple)
worlds = st.lists(st.tuples(ways, st.booleans()), min_size=1, max_size=20)


def values(world: list[tuple[tuple[str, ...], bool]]) -> dict[str, float]:
    """The raw values by conversion rate."""
    book = Book(made([Path(way, bought) for way, bought in world]), Settings())
    assert book.coalitions is not None
    found = shapley.values(book.coalitions, Tally(book.ledger, book.ledger.once))
    return dict(zip(book.channels, found[:, 0].tolist(), strict=True))


@given(worlds)
def test_values_are_the_mean_of_what_a_channel_adds(
    world: list[tuple[tuple[str, ...], bool]],
) -> None:
    worth = by_hand.rates([(way, int(bought), int(not bought)) for way, bought in world])
    channels = sorted({channel for way, _ in world for channel in way})
    expected = by_hand.shapley(channels, worth)
    assert values(world) == pytest.approx({c: float(x) for c, x in expected.items()}, abs=1e-12)


@given(worlds)
def test_values_sum_to_the_worth_of_all_channels_together(
    world: list[tuple[tuple[str, ...], bool]],
) -> None:
    worth = by_hand.rates([(way, int(bought), int(not bought)) for way, bought in world])
    everybody = frozenset(channel for way, _ in world for channel in way)
    whole = float(worth.get(everybody, Fraction(0)))
    assert sum(values(world).values()) == pytest.approx(whole, abs=1e-12)


@given(st.lists(ways, min_size=1, max_size=20))
def test_the_closed_form_is_shapley_where_worth_is_the_orders_within(
    world: list[tuple[str, ...]],
) -> None:
    channels = sorted({channel for way in world for channel in way})
    worth = by_hand.inside(channels, [(way, 1) for way in world])
    found = of_paths(made([Path(way) for way in world]), Settings())
    closed = dict(zip(found.channels, found.orders.point["shapley"], strict=True))
    expected = by_hand.shapley(channels, worth)
    assert closed == pytest.approx({c: float(x) for c, x in expected.items()})


def test_negative_values_count_as_none_and_the_rest_shares_all() -> None:
    paths = counted(A=(9, 1), B=(1, 9), A_B=(1, 19))
    world = [(("A",), place < 9) for place in range(10)]
    world += [(("B",), place < 1) for place in range(10)]
    world += [(("A", "B"), place < 1) for place in range(20)]
    raw = values(world)
    assert raw["B"] == pytest.approx((0.1 + (0.05 - 0.9)) / 2)
    found = of_paths(paths, Settings())
    assert found.orders.point["shapley_rate"].tolist() == pytest.approx([11, 0])


def test_sparse_coalitions_are_counted_and_keep_the_model_out_of_the_range() -> None:
    found = of_paths(GOLDEN, Settings(), minimum_n=6)
    assert found.coalitions == (7, 1), "Search alone was seen six times"
    assert "shapley_rate" in found.models
    assert "shapley_rate" not in found.compared
    often = of_paths(counted(A=(9, 1), B=(1, 9), A_B=(1, 19)), Settings(), minimum_n=10)
    assert often.coalitions == (3, 3)
    assert "shapley_rate" in often.compared


def test_more_than_twelve_channels_are_refused() -> None:
    twelve = made([Path([f"c{place}" for place in range(12)])])
    assert "shapley_rate" in of_paths(twelve, Settings()).models
    many = made([Path([f"c{place}" for place in range(13)])])
    assert "shapley_rate" not in of_paths(many, Settings()).models
    with pytest.raises(MetricError, match="at most 12"):
        of_paths(many, Settings(model="shapley_rate"), ["shapley_rate"])
    for chosen in (Settings(model="shapley_rate"), Settings(baseline="shapley_rate")):
        with pytest.raises(MetricError, match="Choose shapley or markov"):
            of_paths(many, chosen)
