"""The removal effect against exact fractions, against walks, and what must hold of it."""

from collections import Counter
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.attribution import markov
from journey.analysis.attribution.finding import of_paths
from journey.analysis.attribution.models import Book
from journey.analysis.attribution.paths import Paths
from journey.analysis.attribution.settings import Settings
from journey.analysis.attribution.ways import Tally
from journey.errors import MetricError
from tests.analysis.attribution import by_hand
from tests.analysis.attribution.made import GOLDEN, Path, counted, made

NAMES = ["Direct", "Email", "Search"]
ways = st.lists(st.sampled_from(NAMES), min_size=1, max_size=6).map(tuple)
worlds = st.lists(st.tuples(ways, st.booleans()), min_size=1, max_size=14)


def removal(paths: Paths, order: int = 1, nulls: bool = True, loops: bool = True) -> markov.Removal:
    """The removal effects of everybody's paths."""
    book = Book(paths, Settings())
    chain = markov.chain(book.ledger.ways, order, loops)
    return markov.removal(chain, Tally(book.ledger, book.ledger.once), nulls)


def test_the_golden_fractions() -> None:
    """Definitions §9: the base rate, the removal effects and the credits, to the last digit."""
    found = of_paths(GOLDEN, Settings(with_nulls=True))
    assert found.channels == ("Email", "Search", "Social")
    assert found.effects is not None
    effects = [Fraction(5, 7), Fraction(39, 49), Fraction(39, 539)]
    assert found.effects.tolist() == pytest.approx([float(x) for x in effects], rel=1e-13)
    credit = [Fraction(2695, 853), Fraction(3003, 853), Fraction(273, 853)]
    assert found.orders.point["markov"].tolist() == pytest.approx(
        [float(x) for x in credit], rel=1e-13
    )
    assert removal(GOLDEN).base[0] == pytest.approx(7 / 18, rel=1e-14)


@given(worlds, st.sampled_from([1, 2, 3]), st.booleans(), st.booleans())
def test_effects_are_those_of_exact_algebra(
    world: list[tuple[tuple[str, ...], bool]], order: int, nulls: bool, loops: bool
) -> None:
    paths = made([Path(way, bought) for way, bought in world])
    found = removal(paths, order, nulls, loops)
    counts = [(way, int(bought), int(not bought)) for way, bought in world]
    base, effects = by_hand.removal_effects(counts, order, with_nulls=nulls, self_loops=loops)
    assert found.base[0] == pytest.approx(float(base), abs=1e-12)
    expected = [float(effects[channel]) for channel in paths.channels]
    assert found.effects[:, 0].tolist() == pytest.approx(expected, abs=1e-11)


@given(worlds, st.sampled_from([1, 2, 3]))
def test_stepping_agrees_with_inverting(
    world: list[tuple[tuple[str, ...], bool]], order: int
) -> None:
    paths = made([Path(way, bought) for way, bought in world])
    inverted = removal(paths, order)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markov, "_DIRECTLY", -1)
        stepped = removal(paths, order)
    assert stepped.base == pytest.approx(inverted.base, abs=1e-12)
    assert stepped.effects == pytest.approx(inverted.effects, abs=1e-11)


@given(worlds, st.sampled_from([1, 2, 3]))
def test_the_base_rate_is_the_share_of_paths_to_an_order(
    world: list[tuple[tuple[str, ...], bool]], order: int
) -> None:
    paths = made([Path(way, bought) for way, bought in world])
    share = sum(bought for _, bought in world) / len(world)
    assert removal(paths, order).base[0] == pytest.approx(share, abs=1e-12)


@given(worlds)
def test_at_order_1_repeats_in_a_row_make_no_difference(
    world: list[tuple[tuple[str, ...], bool]],
) -> None:
    paths = made([Path(way, bought) for way, bought in world])
    kept, dropped = removal(paths), removal(paths, loops=False)
    assert kept.effects == pytest.approx(dropped.effects, abs=1e-12)


def test_at_order_2_repeats_in_a_row_do_make_one() -> None:
    paths = counted(B_A_A=(3, 1), D_A_A=(0, 3))
    assert abs(removal(paths, 2).effects - removal(paths, 2, loops=False).effects).max() > 0.01


def test_a_channel_that_leads_to_nothing_only_is_worth_nothing() -> None:
    found = removal(counted(A_Dead=(0, 5), A=(3, 1), Dead=(0, 2)))
    assert found.effects[:, 0].tolist() == [1.0, 0.0]


def test_the_only_way_in_is_worth_everything() -> None:
    found = removal(counted(Door_B=(3, 2), Door_C_B=(1, 4), Door=(1, 1)))
    assert found.effects[2, 0] == pytest.approx(1.0)


def test_a_chain_may_walk_around_a_channel_that_was_on_every_path() -> None:
    """So being on every path is not the same as being worth everything."""
    found = removal(counted(A_B_C=(1, 0), C_B_A=(1, 0)))
    assert (found.effects[:, 0] < 1).all()


@pytest.mark.parametrize("nulls", [True, False])
def test_walking_the_chain_gives_the_same(nulls: bool) -> None:
    """200,000 walks from START, with and without each channel, on the golden paths."""
    random = Random(7)
    steps: dict[str, Counter[str]] = {}
    for way, orders, none in [
        (("Search", "Email"), 3, 1), (("Search",), 2, 4), (("Social", "Search", "Email"), 1, 0),
        (("Social",), 0, 5), (("Email",), 1, 1),
    ]:  # fmt: skip
        times = orders + none * nulls
        for here, onward in zip(("START", *way), (*way, None), strict=True):
            if onward:
                steps.setdefault(here, Counter())[onward] += times
            else:
                steps.setdefault(here, Counter()).update({"ORDER": orders, "NULL": none * nulls})

    def walks(removed: str | None, times: int = 50_000) -> float:
        bought = 0
        for _ in range(times):
            at = "START"
            while at not in ("ORDER", "NULL"):
                at = random.choices(list(steps[at]), list(steps[at].values()))[0]
                at = "NULL" if at == removed else at
            bought += at == "ORDER"
        return bought / times

    found = removal(GOLDEN, nulls=nulls)
    base = walks(None)
    assert base == pytest.approx(found.base[0], abs=0.01)
    for channel, effect in zip(GOLDEN.channels, found.effects[:, 0], strict=True):
        assert 1 - walks(channel) / base == pytest.approx(effect, abs=0.02), channel


def test_each_draw_has_its_own_effects() -> None:
    """Many draws at once give what one at a time gives, also where a draw has no order."""
    book = Book(GOLDEN, Settings())
    random = np.random.default_rng(3)
    weights = random.poisson(1, (len(book.ledger.people), 40)).astype(float)
    weights[:, 0] = 0
    chain = markov.chain(book.ledger.ways, 2)
    together = markov.removal(chain, Tally(book.ledger, weights), True)
    for draw in range(40):
        alone = markov.removal(chain, Tally(book.ledger, weights[:, [draw]]), True)
        assert together.effects[:, [draw]] == pytest.approx(alone.effects, abs=1e-12)
    assert together.effects[:, 0].tolist() == [0, 0, 0]
    assert together.shares[:, 0].tolist() == [0, 0, 0]


def test_paths_in_long_circles_are_inverted_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = made([Path(("A", "B") * 4_000 + ("C",)), Path(("C", "A"), bought=False)])
    expected = removal(paths, 2).effects
    monkeypatch.setattr(markov, "_DIRECTLY", -1)
    assert removal(paths, 2).effects == pytest.approx(expected)
    monkeypatch.setattr(markov, "MOST_INVERTED", 1)
    with pytest.raises(MetricError, match="circles"):
        removal(paths, 2)
