"""The chain and what comes of changing it, against following every walk step by step."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey.analysis.pains.worth import Value
from journey.analysis.whatif import chain as chains
from journey.analysis.whatif import stepping
from journey.analysis.whatif.chain import Chain, moved, state
from journey.analysis.whatif.effect import Effect
from journey.analysis.whatif.flows import (
    BACK,
    LEFT,
    NEW,
    ORDER,
    PLACES,
    SOURCES,
    TARGETS,
    Flows,
)
from journey.errors import MetricError

VALUE = Value(50.0, 2.0, 30.0, 200)


def journeys(random: Random, count: int, may_return: float) -> Flows:
    """The flows of walks drawn one by one, so that all that goes into a place comes out."""
    shape = (8, 2, len(SOURCES), len(TARGETS))
    moves, passes, ordered = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    closed, came_back = np.zeros((8, 2)), np.zeros((8, 2))
    tilt = [[random.random() + 0.05 for _ in TARGETS] for _ in SOURCES]
    for person in range(count):
        crowd, layer = person % 8, NEW
        while True:
            steps = _walk(random, tilt)
            first: set[int] = set()
            for source, target in steps:
                moves[crowd, layer, source, target] += 1
                if source not in first:
                    passes[crowd, layer, source, target] += 1
                    ordered[crowd, layer, source, target] += steps[-1][1] == TARGETS.index(ORDER)
                first.add(source)
            if steps[-1][1] != TARGETS.index(ORDER):
                break
            closed[crowd, layer] += 1
            if random.random() > may_return:
                break
            came_back[crowd, layer] += 1
            layer = BACK
    return Flows(moves, passes, ordered, closed, came_back, 3.0)


def _walk(random: Random, tilt: list[list[float]]) -> list[tuple[int, int]]:
    """One journey's steps."""
    steps, at = [], 0
    while True:
        weights = [0.0 if place + 1 == at else w for place, w in enumerate(tilt[at])]
        target = random.choices(range(len(TARGETS)), weights)[0]
        steps.append((at, target))
        if target >= len(PLACES):
            return steps
        at = target + 1


@st.composite
def flows(draw: st.DrawFn) -> Flows:
    """The flows of some hundred walks."""
    seed = draw(st.integers(0, 10_000))
    return journeys(Random(seed), 150, draw(st.sampled_from([0.0, 0.3, 0.7])))


def change(flows: Flows, source: str, target: str, points: float) -> Effect:
    """What comes of a step moved."""
    return stepping.effect(flows, source, target, points, VALUE, "EUR", 1)


def followed(chain: Chain) -> float:
    """Orders a month, by following everybody step by step until nobody is under way."""
    steps = [list(row) for row in chain.steps[0]]
    at = [0.0] * len(steps)
    at[state(NEW, "start")] = float(chain.starts[0])
    orders = 0.0
    while sum(at) > 1e-12:
        orders += at[state(NEW, "order")] + at[state(BACK, "order")]
        at = [
            sum(at[here] * steps[here][there] for here in range(len(steps)))
            for there in range(len(steps))
        ]
    return orders


STEPS = [(source, target) for source in PLACES for target in TARGETS if source != target]


@settings(max_examples=20)
@given(flows(), st.sampled_from(STEPS), st.floats(-3, 3))
def test_the_effect_is_that_of_following_every_walk(
    flows: Flows, step: tuple[str, str], points: float
) -> None:
    before = chains.chain(flows.once)
    try:
        found = change(flows, *step, points)
    except MetricError:
        return  # a chance would leave 0 to 100 %
    after = moved(before, *step, points)
    assert found.before == pytest.approx(followed(before))
    assert found.orders.value == pytest.approx(followed(after) - followed(before), abs=1e-8)
    whole = found.naive + sum(part.orders for part in found.parts)
    assert whole == pytest.approx(found.orders.value, abs=1e-8)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from(STEPS))
def test_where_nobody_comes_back_the_parts_within_a_journey_are_all(
    seed: int, step: tuple[str, str]
) -> None:
    found = change(journeys(Random(seed), 150, 0.0), *step, 0.5)
    assert "again" not in {part.name for part in found.parts}


@settings(max_examples=15)
@given(flows(), st.sampled_from(STEPS))
def test_no_change_has_no_effect(flows: Flows, step: tuple[str, str]) -> None:
    found = change(flows, *step, 0.0)
    ends = (found.orders.value, found.orders.low, found.orders.high, found.naive)
    assert ends == pytest.approx((0, 0, 0, 0), abs=1e-9)
    assert found.parts == ()


@settings(max_examples=15)
@given(flows(), st.sampled_from(PLACES), st.floats(0.1, 2), st.floats(0.1, 2))
def test_more_orders_from_a_place_are_more_orders(
    flows: Flows, place: str, one: float, more: float
) -> None:
    less, much = (change(flows, place, ORDER, points) for points in (one, one + more))
    assert 0 < less.orders.value < much.orders.value
    assert change(flows, place, LEFT, -one).orders.value > 0


def test_the_chances_of_a_row_stay_chances() -> None:
    before = chains.chain(journeys(Random(3), 400, 0.4).once)
    after = moved(before, "decision", "checkout", 5)
    assert after.steps.sum(axis=2).max() <= 1 + 1e-12
    here = state(NEW, "decision")
    ratio = after.steps[0, here] / np.where(before.steps[0, here] > 0, before.steps[0, here], 1)
    others = [ratio[state(NEW, place)] for place in ("awareness", "consideration", "order")]
    assert others == pytest.approx([others[0]] * 3), "all others scaled alike"
    untouched = [number for number in range(12) if number not in (here, state(BACK, "decision"))]
    assert (after.steps[:, untouched] == before.steps[:, untouched]).all()


def test_it_agrees_with_walks_drawn_at_random() -> None:
    chain = moved(chains.chain(journeys(Random(5), 500, 0.5).once), "checkout", ORDER, 4)
    random, walkers, orders = Random(7), 6000, 0
    rows = [np.cumsum(row) for row in chain.steps[0]]
    for _ in range(walkers):
        at: int = state(NEW, "start")
        while True:
            at = int(np.searchsorted(rows[at], random.random(), side="right"))
            if at == len(rows):
                break
            orders += at in (state(NEW, "order"), state(BACK, "order"))
    expected = float(chain.orders[0, state(NEW, "start")])
    assert orders / walkers == pytest.approx(expected, rel=0.06)


def test_the_interval_holds_the_effect_of_the_whole_it_was_drawn_from() -> None:
    whole = journeys(Random(1), 20_000, 0.4)
    true = change(whole, "checkout", ORDER, 3).orders.value / float(whole.once.moves[0, 0, 0].sum())
    held = 0
    for seed in range(20):
        # The same walks' chances, so the same random tilt first: another crowd of the same town.
        part = _sample(Random(1), Random(seed), 600)
        found = change(part, "checkout", ORDER, 3).orders
        people = float(part.once.moves[0, 0, 0].sum())
        held += found.low / people <= true <= found.high / people
    assert held >= 16


def _sample(tilting: Random, random: Random, count: int) -> Flows:
    """A crowd whose chances are those of the walks that `tilting` draws."""

    class Both(Random):
        """The chances of one, then the walks of the other."""

        left = len(SOURCES) * len(TARGETS)

        def random(self) -> float:
            self.left -= 1
            return tilting.random() if self.left >= 0 else random.random()

    return journeys(Both(), count, 0.4)


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (("chekout", "order", 2), r"no place 'chekout'\. Did you mean 'checkout'"),
        (("checkout", "checkout", 2), "No step leads from checkout to 'checkout'"),
        (("checkout", "order", 70), "at most 50 points"),
        (("checkout", "order", float("nan")), "at most 50 points"),
        (("checkout", "left", -50), r"it is [\d.]+ % now, so it cannot be -50 points"),
    ],
)
def test_a_change_that_cannot_be_is_told(step: tuple[str, str, float], says: str) -> None:
    with pytest.raises(MetricError, match=says):
        change(journeys(Random(2), 300, 0.3), *step)


def test_too_few_at_a_place_are_told() -> None:
    found = journeys(Random(2), 20, 0.3)
    with pytest.raises(MetricError, match="too few to say what would come of a change there"):
        stepping.effect(found, "checkout", ORDER, 2, VALUE, "EUR", 300)


def test_without_a_currency_there_is_no_money() -> None:
    found = journeys(Random(2), 300, 0.3)
    assert stepping.effect(found, "checkout", ORDER, 2, VALUE, None, 1).money is None
    money = change(found, "checkout", ORDER, 2).money
    assert money is not None
    assert money.low < money.value < money.high
