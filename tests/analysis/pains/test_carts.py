"""Carts left: counted as the tables hold them, kinds never mixed, journeys never told twice."""

from collections import Counter, defaultdict
from dataclasses import replace
from random import Random

import numpy as np
import pytest

from journey.analysis.pains.carts import NAMED, UNNAMED, abandoned, carts
from journey.analysis.pains.cases import Cases
from journey.analysis.pains.finding import losses
from journey.metrics.filters import SEGMENTS, Filters
from tests.analysis.pains.crowds import VALUES, crowd
from tests.random_worlds import built, case

MOBILE = {"device": "mobile"}
BROKEN = (40, 52)


@pytest.mark.parametrize("seed", range(2))
def test_random_worlds_by_plain_loops(seed: int) -> None:
    world = case(Random(seed + 50), most_people=150, most_touches=25)
    with built(world) as business:
        number = {row["person_id"]: row["person_number"] for row in business.table("people")}
        stood = {
            (row["person_number"], row["journey_number"], row["place_number"]): row
            for row in business.table("standings")
        }
        everything = sorted(
            business.table("carts"),
            key=lambda row: (row["created_at"], row["cart_id"] is None, row["cart_id"] or ""),
        )
        for question in world.questions:
            filters = Filters(question.since, question.until, question.as_of, question.where)
            first: dict = {}
            for row in everything:
                chosen = all(
                    row[SEGMENTS[name]] in values for name, values in question.where.items()
                )
                if row["journey_number"] and chosen and row["created_at"] <= question.as_of:
                    first.setdefault((row["person_id"], row["journey_number"]), row)
            expected: Counter = Counter()
            for (person, journey), row in first.items():
                if not question.since <= row["created_on"] < question.until:
                    continue
                if row["matures_at"] > question.as_of:
                    continue
                decided, checked = (stood.get((number[person], journey, place)) for place in (3, 4))
                in_time = row["bought_at"] is not None and row["bought_at"] <= row["matures_at"]
                closed = decided is not None and decided["matures_at"] <= question.as_of
                key = (
                    row["cart_id"] is None,
                    (row["created_on"] - question.since).days,
                    tuple(row[column] for column in SEGMENTS.values()),
                    (decided["stood_on"] - question.since).days if decided else None,
                    (checked["stood_on"] - question.since).days if checked else None,
                )
                expected[(*key, "people")] += 1
                expected[(*key, "bought")] += in_time
                expected[(*key, "left_closed")] += not in_time and closed
                expected[(*key, "won_back")] += not in_time and closed and decided["ordered"]
            found: Counter = Counter()
            for cases in carts(business.engine, filters):
                for row in range(len(cases)):
                    days = [cases.counts[f"{name}_day"][row] for name in ("decision", "checkout")]
                    key = (
                        cases.place == UNNAMED,
                        int(cases.day[row]),
                        tuple(cases.values[name][cases.segment[name][row]] for name in SEGMENTS),
                        *(None if np.isnan(day) else int(day) for day in days),
                    )
                    for name in ("people", "bought", "left_closed", "won_back"):
                        found[(*key, name)] += int(cases.counts[name][row])
            assert +found == +expected


def left(seed: int, **more: object) -> Cases:
    """Carts of a crowd, each of which stood at the decision and the checkout on its own day."""
    cases = crowd(seed, **more)
    day = cases.day.astype(np.float64)
    counts = {
        "decision_day": day, "checkout_day": day,
        "checkout_device": cases.segment["device"].astype(np.float64),
    }  # fmt: skip
    return replace(cases, place=NAMED, counts=counts)


def test_more_carts_left_on_a_device_are_told_in_orders() -> None:
    cases = left(1, holes=[(MOBILE, None, 0.8)])
    (found,), beside = abandoned([cases], [], 120, 30)
    assert beside == []
    assert (dict(found.who), found.place.detector) == (MOBILE, "abandoned_carts")
    own, others = defaultdict(lambda: [0.0, 0.0]), defaultdict(lambda: [0.0, 0.0])
    for row in range(len(cases)):
        kind = tuple(cases.segment[name][row] for name in ("channel", "persona", "country"))
        is_own = VALUES["device"][cases.segment["device"][row]] == "mobile"
        side = own if is_own else others
        side[kind][0] += cases.people[row]
        side[kind][1] += cases.went_on[row]
    missing = sum(n * others[kind][1] / others[kind][0] - x for kind, (n, x) in own.items())
    chosen = cases.of(MOBILE)
    for_good = cases.ordered[chosen].sum() / cases.went_on[chosen].sum()
    assert found.orders == pytest.approx(missing * for_good)
    assert found.orders == pytest.approx(
        found.people * (found.comparable - found.observed) * found.onward
    )


def test_carts_with_and_without_an_id_are_not_compared() -> None:
    """Carts without one end with their session, so far fewer of them are bought; all come from
    countries that send none. Held against the others, these countries would stand out at once."""
    with_id = left(2)
    without = replace(left(3, holes=[({}, None, 0.3)]), place=UNNAMED)
    of_two = with_id.of({"country": "DE"}) | with_id.of({"country": "FR"})
    asked = [with_id.at(of_two), without.at(without.of({"country": "AT"}))]
    assert abandoned(asked, [], 120, 30)[0] == []


def test_carts_of_journeys_in_a_loss_are_its_evidence() -> None:
    checkout = crowd(4, holes=[(MOBILE, BROKEN, 0.2)])
    (lost,) = losses([checkout], 120, 30)
    cases = left(5, holes=[(MOBILE, BROKEN, 0.3), ({"country": "FR"}, None, 0.75)])
    own, (evidence,) = abandoned([cases], [lost], 120, 30)
    assert [(dict(one.who), one.first) for one in evidence] == [(MOBILE, BROKEN[0])]
    assert [dict(one.who) for one in own] == [{"country": "FR"}]
    told = cases.of(MOBILE) & (cases.day >= BROKEN[0]) & (cases.day < BROKEN[1])
    assert not np.isin(cases.number[told], own[0].rows).any()


def test_a_journey_that_met_the_loss_later_is_left_out_too() -> None:
    (lost,) = losses([crowd(4, holes=[(MOBILE, BROKEN, 0.2)])], 120, 30)
    cases = left(6, holes=[({"country": "FR"}, None, 0.7)])
    moved = np.where(cases.day == 30, 45.0, cases.counts["checkout_day"])
    cases = replace(cases, counts={**cases.counts, "checkout_day": moved})
    (own,), _ = abandoned([cases], [lost], 120, 30)
    later = (cases.day == 30) & cases.of(MOBILE)
    assert later.any()
    assert not np.isin(cases.number[later], own.rows).any()


def test_where_nothing_happened_false_alarms_are_held() -> None:
    """Two comparisons of 1 %: one or two worlds of 80."""
    assert sum(bool(abandoned([left(seed)], [], 120, 30)[0]) for seed in range(500, 580)) <= 5


def test_no_carts_no_words() -> None:
    assert abandoned([], [], 120, 30) == ([], [])
