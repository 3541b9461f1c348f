"""Who was asked, who answered, and how they differ: against plain loops over random worlds."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from journey.analysis.experience import silence
from journey.metrics.filters import Filters
from tests.random_worlds import case
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, Rows, day

ALL = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)
FORTNIGHT = timedelta(days=14)


def touch(number: str, touchpoint: str, at: float, **more: Any) -> dict[str, Any]:
    """One touch of a person named before the dash."""
    person = number.partition("-")[0]
    return {
        "event_id": number,
        "touchpoint": touchpoint,
        "occurred_at": day(at),
        "customer_id": person,
        "channel": "Direct",
        **more,
    }


def score(number: str, about: str, at: float, **more: Any) -> dict[str, Any]:
    """One satisfied answer."""
    return touch(number, "survey_answered", at, survey="csat", score=5, about=about, **more)


def rates(business: Business, rows: Rows, **asked: Any) -> dict[str, tuple[int, int]]:
    """Touchpoint to answered and asked."""
    business.deliver(rows)
    business.build()
    return {
        name: (part, whole) for name, part, whole in business.ask("response_rate", **asked).rows()
    }


def test_touches_are_asked_where_no_requests_are_recorded(business: Business) -> None:
    rows = [touch(f"p{n}-1", "order_delivered", 1) for n in range(4)]
    rows += [score("p0-2", "order_delivered", 2), score("p0-3", "order_delivered", 3)]
    rows += [score("p1-2", "order_delivered", 14.9), score("p2-2", "order_delivered", 15.1)]
    assert rates(business, rows) == {"order_delivered": (2, 4)}, "twice is once; too late is silent"


def test_requests_are_asked_where_they_are_recorded(business: Business) -> None:
    rows = [touch(f"p{n}-1", "order_delivered", 1) for n in range(4)]
    rows += [touch(f"p{n}-2", "survey_sent", 2, about="order_delivered") for n in range(2)]
    rows += [score("p0-3", "order_delivered", 3)]
    assert rates(business, rows) == {"order_delivered": (1, 2)}


def test_a_request_without_a_subject_is_about_the_touch_before_it(business: Business) -> None:
    rows = [touch("p0-1", "store_visited", 1), touch("p0-2", "survey_sent", 2)]
    assert rates(business, rows) == {"store_visited": (0, 1)}


def test_an_answer_belongs_to_the_latest_touch_before_it(business: Business) -> None:
    rows = [touch("p0-1", "store_visited", 1), touch("p0-2", "store_visited", 5)]
    rows += [score("p0-3", "store_visited", 6)]
    assert rates(business, rows, until=day(4).date()) == {"store_visited": (0, 1)}
    later = business.ask("response_rate", since=day(4).date(), until=day(9).date())
    assert later.rows() == [("store_visited", 1, 1)]


def test_only_what_had_its_fortnight_counts(business: Business) -> None:
    rows = [touch("p0-1", "store_visited", 1), touch("p0-2", "store_visited", 5)]
    rows += [score("p0-3", "store_visited", 6)]
    assert rates(business, rows, as_of=day(16)) == {"store_visited": (0, 1)}


def asked_by_hand(
    business: Business, frame: Filters
) -> tuple[dict[str, list[dict[str, Any]]], set[str]]:
    """Touchpoint to the touches that count as asked, and the touches that were answered."""
    touches = business.table("touches", order="person_id, touch_number")
    answers = [
        row
        for row in business.table("responses")
        if row["survey"] and row["score"] is not None and row["kind"] == "transactional"
    ]
    answered = set()
    for answer in answers:
        if answer["answered_at"] > frame.as_of:
            continue
        before = [
            row
            for row in touches
            if row["person_id"] == answer["person_id"]
            and row["touchpoint"] == answer["about_touchpoint"]
            and timedelta() <= answer["answered_at"] - row["occurred_at"] < FORTNIGHT
        ]
        if before:
            answered.add(before[-1]["event_id"])
    last = (frame.as_of - FORTNIGHT).date()
    asked: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in touches:
        about = {answer["about_touchpoint"] for answer in answers}
        counts = frame.since <= row["occurred_on"] < min(frame.until, last)
        if row["touchpoint"] in about and counts:
            asked[row["touchpoint"]].append(row)
    return asked, answered


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_random_worlds_by_plain_loops(business: Business, seed: int) -> None:
    world = case(Random(seed), most_people=90, most_touches=18)
    for rows in world.deliveries:
        business.deliver(rows)
    business.build()
    frame = Filters(date(2026, 3, 20), date(2026, 12, 20), day(300))
    asked, answered = asked_by_hand(business, frame)
    rows = business.ask("response_rate", frame.since, frame.until, frame.as_of).rows()
    assert {name: (part, whole) for name, part, whole in rows} == {
        name: (sum(row["event_id"] in answered for row in theirs), len(theirs))
        for name, theirs in asked.items()
    }
    # Each person once, at the first time: means of both sides and counts.
    traits = silence.silence(business.engine, replace(business.config, minimum_n=1), frame)
    orders = business.table("orders")
    compared = 0
    for trait in traits:
        firsts: dict[str, dict[str, Any]] = {}
        for row in asked[trait.touchpoint]:
            firsts.setdefault(row["person_id"], row)
        sides: dict[bool, list[float]] = {True: [], False: []}
        for person, row in firsts.items():
            value = _value(trait, row, [o for o in orders if o["person_id"] == person], frame)
            if value is not None:
                sides[row["event_id"] in answered].append(value)
        assert (len(sides[True]), len(sides[False])) == (trait.answered_people, trait.silent_people)
        assert trait.answered == pytest.approx(sum(sides[True]) / len(sides[True]))
        assert trait.silent == pytest.approx(sum(sides[False]) / len(sides[False]))
        compared += 1
    assert compared > 10


def _value(trait: silence.Trait, row: dict[str, Any], orders: Rows, frame: Filters) -> float | None:
    """What a person brings to a comparison at the first time asked; None where not to be told."""
    at, journey = row["occurred_at"], row["journey_number"]
    before = [o for o in orders if o["ordered_at"] < at and o["journey_number"] != journey]
    own = [o for o in orders if o["journey_number"] == journey and o["ordered_at"] <= at]
    if trait.name == "orders_before":
        return len(before)
    if trait.name == "value_before":
        return float(sum(o["gross_revenue"] for o in before))
    if trait.name == "order_value":
        return float(own[0]["gross_revenue"]) if own else None
    if trait.name == "delivery_days":
        of_journey = [o for o in orders if o["journey_number"] == journey]
        delivered = of_journey[0]["delivered_at"] if of_journey else None
        if delivered is None or delivered > at:
            return None
        return (delivered - of_journey[0]["ordered_at"]) / timedelta(days=1)
    if trait.name == "ordered_again":
        if not own or own[0]["repeat_matures_at"] > frame.as_of:
            return None
        again = own[0]["next_order_at"]
        return float(again is not None and again <= own[0]["repeat_matures_at"])
    column = {"channel": "entry_channel"}.get(trait.name, trait.name)
    return float(row[column] == trait.of)


def test_too_few_on_a_side_are_not_compared(business: Business) -> None:
    rows = [touch(f"p{n}-1", "store_visited", 1) for n in range(100)]
    rows += [score(f"p{n}-2", "store_visited", 2) for n in range(29)]
    business.deliver(rows)
    business.build()
    assert silence.silence(business.engine, business.config, ALL) == ()


def test_a_difference_stands_out(business: Business) -> None:
    """Of two hundred, those who come by mail answer, those who come directly do not."""
    rows = []
    for n in range(200):
        channel = "Email" if n % 2 else "Direct"
        rows.append(touch(f"p{n}-1", "store_visited", 1, channel=channel))
        if n % 2 and n % 8 != 1:
            rows.append(score(f"p{n}-2", "store_visited", 2, channel=channel))
    business.deliver(rows)
    business.build()
    first = silence.silence(business.engine, business.config, ALL)[0]
    assert (first.touchpoint, first.name) == ("store_visited", "channel")
    assert first.stands_out
    email = next(
        one for one in silence.silence(business.engine, business.config, ALL) if one.of == "Email"
    )
    assert (email.answered, email.silent) == (1.0, 25 / 125)
    assert email.test.low > 0


def test_a_group_in_which_nobody_answers_is_told(business: Business) -> None:
    rows = [touch(f"p{n}-1", "store_visited", 1, channel="Email") for n in range(3)]
    rows += [touch("q0-1", "store_visited", 1), score("q0-2", "store_visited", 2)]
    assert rates(business, rows, channel=["Email"]) == {"store_visited": (0, 3)}


def test_several_occasions_of_a_day_are_one_row_and_all_count(business: Business) -> None:
    rows = [touch(f"p0-{n}", "store_visited", 1 + n / 10) for n in range(3)]
    rows += [score("p0-3", "store_visited", 1.15), score("p0-4", "store_visited", 2)]
    assert rates(business, rows) == {"store_visited": (2, 3)}
    (row,) = business.table("occasions")
    assert (row["asked"], row["answered"], row["event_id"]) == (3, 2, "p0-0")
    assert row["answered_at"] is None, "the answers belong to the second and the third"


def test_an_occasion_has_its_fortnight_in_every_time_zone(tmp_path: Path) -> None:
    business = Business(tmp_path, time_zone="America/Los_Angeles")
    # On the evening of the 15th there, and the morning of the 16th in UTC.
    business.deliver([touch("p0-1", "store_visited", 15.2), score("p0-2", "store_visited", 29.1)])
    business.build()
    assert business.ask("response_rate", as_of=day(29)).is_empty()
    assert business.ask("response_rate", as_of=day(30)).rows() == [("store_visited", 1, 1)]
    business.close()
