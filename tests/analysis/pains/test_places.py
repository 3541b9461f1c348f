"""Where journeys stood and whether they went on: the serving table and the counts the detectors
take from it, against plain loops over random worlds."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from journey.analysis.pains.places import PLACES, cases
from journey.metrics.filters import SEGMENTS, Filters
from tests.oracle import CART_WINDOW, DEPTH, Journey, Oracle
from tests.random_worlds import built, case
from tests.world import Business, people

Standing = tuple[int, datetime, datetime, datetime | None, bool, str]
"""Place, when it stood there, when it matures, when it went on, whether it ordered, device."""


def by_hand(journey: Journey) -> list[Standing]:
    """Where one journey stood, touch by touch."""
    got_to: dict[int, datetime] = {}
    checkout = order = None
    for touch in journey.touches:
        late = touch.stage == "post_purchase" and order is None
        for depth in range(1, 1 + (0 if late else DEPTH[touch.stage])):
            got_to.setdefault(depth, touch.at)
        if touch.touchpoint == "checkout_started" and checkout is None:
            checkout = touch
        if touch.is_order:
            order = touch
    end, device = journey.matures_at, journey.touches[0].device
    ordered = order.at if order else None
    steps = [
        (1, journey.started_at, got_to.get(2)),
        (2, got_to.get(2), got_to.get(3)),
        (3, got_to.get(3), checkout.at if checkout else ordered),
    ]
    found: list[Standing] = [
        (place, at, end, _by(end, further), _by(end, ordered) is not None, device)
        for place, at, further in steps
        if at is not None and at <= end
    ]
    if checkout is not None:
        end = checkout.at + CART_WINDOW
        on = _by(end, ordered)
        found.append((4, checkout.at, end, on, on is not None, checkout.device))
    return found


def _by(end: datetime, at: datetime | None) -> datetime | None:
    """The moment, where it came in time."""
    return at if at is not None and at <= end else None


def standings(business: Business) -> Counter[tuple[str, int, Standing]]:
    """The serving table."""
    names = {row["person_number"]: row["person_id"] for row in business.table("people")}
    found = Counter(
        (
            names[row["person_number"]],
            row["journey_number"],
            (
                row["place_number"], row["stood_at"], row["matures_at"], row["went_on_at"],
                row["ordered"], row["shown_device"],
            ),
        )
        for row in business.table("standings")
    )  # fmt: skip
    return found


@pytest.mark.parametrize("seed", range(4))
def test_random_worlds_by_plain_loops(seed: int) -> None:
    world = case(Random(seed), most_people=150, most_touches=25)
    with built(world) as business:
        oracle = business.oracle([row for part in world.deliveries for row in part])
        expected = Counter(
            (journey.person, journey.number, standing)
            for journey in oracle.journeys
            if not journey.is_orphan
            for standing in by_hand(journey)
        )
        assert standings(business) == expected
        for question in world.questions:
            filters = Filters(question.since, question.until, question.as_of, question.where)
            assert _counted(business, filters) == _counted_by_hand(oracle, question)


def _counted(business: Business, filters: Filters) -> dict[tuple[Any, ...], tuple[float, ...]]:
    """Place, day and segment to the people, those who went on and those who ordered."""
    found = {}
    for one in cases(business.engine, filters):
        for row in range(len(one)):
            who = tuple(one.values[name][one.segment[name][row]] for name in SEGMENTS)
            day = filters.since + timedelta(days=int(one.day[row]))
            key = (PLACES.index(one.place) + 1, day, who)
            assert key not in found
            found[key] = one.people[row], one.went_on[row], one.ordered[row]
    return found


def _counted_by_hand(oracle: Oracle, question: Any) -> dict[tuple[Any, ...], tuple[float, ...]]:
    """The same from the journeys."""
    people, on, ordered = Counter(), Counter(), Counter()
    for journey in oracle.journeys:
        if journey.is_orphan or not question.chosen(journey):
            continue
        for place, at, matures_at, went_on_at, has_ordered, device in by_hand(journey):
            day = oracle.day(at)
            if question.since <= day < question.until and matures_at <= question.as_of:
                who = tuple(
                    device if name == "device" else journey.segment(name) for name in SEGMENTS
                )
                people[place, day, who] += 1
                on[place, day, who] += went_on_at is not None
                ordered[place, day, who] += went_on_at is not None and has_ordered
    return {key: (number, on[key], ordered[key]) for key, number in people.items()}


def test_a_checkout_stands_on_the_device_it_was_shown_on(business: Business) -> None:
    business.deliver(
        people(
            ana="ad_clicked@0 product_added@1 checkout_started@2,device=mobile order_completed@4",
            ben="product_added@0 order_completed@0.5",
            cleo="checkout_started@0 product_viewed@1 order_completed@29",
        )
    )
    found = {(person, standing[0]): standing for person, _, standing in standings(business)}
    assert [standing for place, standing in sorted(found.items()) if place[0] == "ana"][-1][5] == (
        "mobile"
    )
    assert found["ana", 3][5] == "Unknown", "the journey's own elsewhere"
    assert found["ana", 4][4] is False, "two days are longer than the cart window"
    assert found["ana", 3][4] is True, "and shorter than the conversion window"
    assert found["ben", 3][3] == found["ben", 3][1] + timedelta(days=0.5), "an order will do"
    assert ("ben", 4) not in found
    assert found["cleo", 1][1] == found["cleo", 3][1], "it began further along"
