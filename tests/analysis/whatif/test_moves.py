"""Where journeys stepped and what became of checkouts, against plain loops over touches."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from random import Random

import pytest

from journey.analysis.whatif import chain as chains
from journey.analysis.whatif.chain import state
from journey.analysis.whatif.flows import BACK, NEW, ORDER, TARGETS, read
from journey.metrics import metric as registry
from journey.metrics.filters import Filters
from tests.oracle import DEPTH, Journey
from tests.random_worlds import Case, built, case
from tests.world import Business

START, LEAVES, ORDERS, CHECKOUT, DECISION = 0, 9, 5, 4, 3


@pytest.fixture(scope="module")
def world() -> Case:
    """A crowd of random people."""
    return case(Random(11), 150, 25)


@pytest.fixture(scope="module")
def crowd(world: Case) -> Iterator[Business]:
    """The crowd's business."""
    with built(world) as business:
        yield business


@pytest.fixture(scope="module")
def frames(world: Case) -> list[Filters]:
    """All time and parts of it."""
    return [Filters(q.since, q.until, q.as_of, q.where) for q in world.questions]


def by_hand(journey: Journey, sessions: dict[str, str]) -> Counter[tuple[int, int]]:
    """How often one journey took each step."""
    places: list[int] = []
    last: dict[str, int] = {}
    """Session to where it last stood; the decision that follows a checkout stays there."""
    for touch in journey.touches:
        if touch.at > journey.matures_at or DEPTH[touch.stage] not in (1, 2, 3, 4):
            continue
        visit = sessions[touch.event_id]
        place = ORDERS if touch.is_order else DEPTH[touch.stage]
        if touch.touchpoint == "checkout_started" or (
            place == DECISION and last.get(visit) == CHECKOUT
        ):
            place = CHECKOUT
        last[visit] = place if place != DECISION else last.get(visit, DECISION)
        if not places or places[-1] != place:
            places.append(place)
    if not places or places[-1] != ORDERS:
        places.append(LEAVES)
    return Counter(pairwise([START, *places]))


def test_every_step_is_counted(crowd: Business, world: Case) -> None:
    oracle = crowd.oracle([row for part in world.deliveries for row in part])
    names = {row["person_number"]: row["person_id"] for row in crowd.table("people")}
    found: dict[tuple[str, int], Counter[tuple[int, int]]] = {}
    passes: Counter[tuple[str, int, int]] = Counter()
    for row in crowd.table("moves"):
        key = (names[row["person_number"]], row["journey_number"])
        found.setdefault(key, Counter())[row["from_place"], row["to_place"]] += row["moves"]
        passes[*key, row["from_place"]] += row["passes"]
    expected = {
        (journey.person, journey.number): by_hand(journey, oracle.session_of)
        for journey in oracle.journeys
        if not journey.is_orphan
    }
    assert found == expected
    assert set(passes.values()) == {1}, "a journey passes a place once, however often it steps"


def test_every_checkout_is_told_with_the_order_after_it(crowd: Business, world: Case) -> None:
    oracle = crowd.oracle([row for part in world.deliveries for row in part])
    expected = []
    seen: set[tuple[str, str]] = set()
    for place, touch in enumerate(oracle.touches):
        key = (touch.person, oracle.session_of[touch.event_id])
        if touch.touchpoint != "checkout_started" or key in seen:
            continue
        seen.add(key)
        orders = [
            later.at
            for later in oracle.touches[place + 1 :]
            if later.person == touch.person and later.is_order
        ]
        journey = oracle.journey_of[touch.event_id].number
        ordered_at = orders[0] if orders else None
        expected.append((touch.person, journey, touch.at, oracle.day(touch.at), ordered_at))
    columns = ("person_id", "journey_number", "started_at", "started_on", "ordered_at")
    found = [tuple(row[name] for name in columns) for row in crowd.table("checkouts")]
    assert Counter(found) == Counter(expected)


def test_who_came_back_is_told_by_the_next_journey(crowd: Business) -> None:
    journeys = {
        (row["person_number"], row["journey_number"]): row
        for row in crowd.table("journeys")
        if not row["is_orphan"]
    }
    bought = next(row for row in journeys.values() if row["purchase_at"])
    window = bought["loyalty_matures_at"] - bought["purchase_at"]
    for row in crowd.table("moves"):
        person, number = row["person_number"], row["journey_number"]
        own = journeys[person, number]
        earlier = [
            journeys[person, before]["purchase_at"]
            for before in range(1, number)
            if journeys[person, before]["purchase_at"]
        ]
        assert row["is_back"] == bool(earlier and own["started_at"] <= max(earlier) + window)
        if row["to_place"] == ORDERS:
            after = journeys.get((person, number + 1))
            came = bool(after and after["started_at"] <= own["loyalty_matures_at"])
            assert row["came_back"] == came


def test_each_layer_orders_as_often_as_its_journeys_did(
    crowd: Business, frames: list[Filters]
) -> None:
    for filters in frames:
        flows = read(crowd.engine, filters)
        converted = crowd.engine.run(registry.find("conversion_rate"), filters).total
        assert converted is not None
        if flows is None:
            assert converted.whole == 0
            continue
        once = flows.once
        chain = chains.chain(once)
        orders = started = 0.0
        for layer in (NEW, BACK):
            journeys = float(once.moves[0, layer, 0].sum())
            share = float(chain.orders_of_journey[0, state(layer, "start")])
            counted = float(once.moves[0, layer, :, TARGETS.index(ORDER)].sum())
            assert share * journeys == pytest.approx(counted)
            orders, started = orders + share * journeys, started + journeys
        assert (orders, started) == pytest.approx((converted.part, converted.whole))


def test_the_metric_of_the_chain_counts_the_same_steps(
    crowd: Business, frames: list[Filters]
) -> None:
    for filters in frames:
        flows = read(crowd.engine, filters)
        rows = crowd.ask(
            "chain_steps", filters.since, filters.until, filters.as_of, **filters.where
        )
        if flows is None:
            assert rows.is_empty()
            continue
        assert rows["steps_there"].sum() == flows.once.moves.sum()
