"""Where journeys stood and whether they went on: the serving table and the counts the detectors
take from it, against plain loops over random worlds."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from journey.analysis.pains.places import cases
from journey.metrics.filters import SEGMENTS, Filters
from tests.oracle import CART_WINDOW, DEPTH, Journey, Oracle, Touch
from tests.random_worlds import built, case
from tests.world import Business, people

Standing = tuple[int, datetime, datetime, datetime | None, bool, str, frozenset[str]]
"""Place, when it stood there, when it matures, when it went on, whether it ordered, device, and
what befell it."""

SIGNS = ("met_error", "needed_help", "went_back", "circled")
ERRORS = ("error_shown", "payment_failed", "page_not_found")


def befell(journey: Journey, oracle: Oracle, place: int, after: datetime, by: datetime) -> set[str]:
    """What happened to a journey while it stood somewhere."""
    found, ordered = set(), False
    session: list[Touch] = []
    for touch in oracle.people[journey.person]:
        same = [one for one in session if _session(oracle, one) == _session(oracle, touch)]
        session.append(touch)
        if oracle.journey_of[touch.event_id] is not journey:
            continue
        late = touch.stage == "post_purchase" and not ordered
        reached = 0 if late else DEPTH[touch.stage]
        ordered |= touch.is_order
        if not after < touch.at <= by:
            continue
        if touch.touchpoint in ERRORS:
            found.add("met_error")
        if touch.touchpoint == "support_contacted":
            found.add("needed_help")
        if 0 < reached < min(place, 3):
            found.add("went_back")
        alike = [(one.touchpoint, one.product_id) for one in (*same[-2:], touch)]
        if len(alike) == 3 and len(set(alike)) == 1:
            found.add("circled")
    return found


def _session(oracle: Oracle, touch: Touch) -> str:
    return oracle.session_of[touch.event_id]


def by_hand(journey: Journey, oracle: Oracle) -> list[Standing]:
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
    found = [
        (place, at, end, _by(end, further), _by(end, ordered) is not None, device)
        for place, at, further in steps
        if at is not None and at <= end
    ]
    if checkout is not None:
        end = checkout.at + CART_WINDOW
        on = _by(end, ordered)
        found.append((4, checkout.at, end, on, on is not None, checkout.device))
    return [
        (*one, frozenset(befell(journey, oracle, one[0], one[1], one[3] or one[2])))
        for one in found
    ]


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
                frozenset(name for name in SIGNS if row[name]),
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
            for standing in by_hand(journey, oracle)
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
            key = (one.place.number, day, who)
            assert key not in found
            found[key] = (
                *(one.people[row], one.went_on[row], one.ordered[row]),
                *(one.counts[name][row] for name in SIGNS),
            )
    return found


def _counted_by_hand(oracle: Oracle, question: Any) -> dict[tuple[Any, ...], tuple[float, ...]]:
    """The same from the journeys."""
    people, on, ordered, signs = Counter(), Counter(), Counter(), Counter()
    for journey in oracle.journeys:
        if journey.is_orphan or not question.chosen(journey):
            continue
        for place, at, matures_at, went_on_at, has_ordered, device, own in by_hand(journey, oracle):
            day = oracle.day(at)
            if question.since <= day < question.until and matures_at <= question.as_of:
                who = tuple(
                    device if name == "device" else journey.segment(name) for name in SEGMENTS
                )
                people[place, day, who] += 1
                on[place, day, who] += went_on_at is not None
                ordered[place, day, who] += went_on_at is not None and has_ordered
                signs.update((place, day, who, name) for name in own)
    return {
        key: (number, on[key], ordered[key], *(signs[*key, name] for name in SIGNS))
        for key, number in people.items()
    }


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


def test_what_befalls_a_journey_counts_where_it_stood(business: Business) -> None:
    business.deliver(
        people(
            ana="product_viewed@0 product_added@1 product_viewed@1.1 checkout_started@2 "
            "payment_failed@2.1 support_contacted@2.2 order_completed@2.5 support_contacted@2.6",
            ben="product_viewed@0,product_id=a product_viewed@0.001,product_id=a "
            "product_viewed@0.002,product_id=b product_viewed@0.003,product_id=b "
            "product_viewed@0.004,product_id=b",
            cleo="product_viewed@0 product_viewed@0.001 product_viewed@3",
            # Two sessions that a source gave, one in between the other's touches.
            dora="product_viewed@0,session_id=s1,product_id=a "
            "product_viewed@0.001,session_id=s2,product_id=b "
            "product_viewed@0.002,session_id=s1,product_id=a "
            "product_viewed@0.003,session_id=s2,product_id=b "
            "product_viewed@0.004,session_id=s1,product_id=a",
        )
    )
    found = {
        (person, standing[0]): standing[6]
        for person, _, standing in standings(business)
        if standing[6]
    }
    assert found == {
        ("ana", 3): {"went_back"},
        ("ana", 4): {"met_error", "needed_help"},
        ("ben", 2): {"circled"},
        ("dora", 2): {"circled"},
    }
