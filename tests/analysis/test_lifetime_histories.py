"""Buyers' histories and the weeks held out, against plain loops over random worlds."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from journey.analysis.lifetime import bgnbd
from journey.analysis.lifetime.buyers import Buyers, buyers, last_full_day, repeats_until
from journey.analysis.lifetime.fitting import Fit
from journey.analysis.lifetime.holdout import hold_out
from journey.analysis.lifetime.settings import EVERYONE
from journey.metrics.filters import Filters
from tests.oracle import Oracle, Question
from tests.random_worlds import built, case
from tests.world import Business, people

MODEL = Fit(bgnbd.NAMES, (0.243, 4.414, 0.793, 2.426), 0.01 * np.eye(4), 0.0, 2_357)
"""As published for the CDNOW sample."""


def by_hand(oracle: Oracle, question: Question, ends_on: date) -> dict[str, dict[str, Any]]:
    """Person to history, for people whose first order the question chooses."""
    spent: dict[tuple[str, date], float] = defaultdict(float)
    for journey, touch, amount in oracle.payments:
        if journey.order and oracle.day(touch.at) < ends_on:
            spent[journey.person, oracle.day(journey.order.at)] += float(amount)
    histories = {}
    for person, touches in oracle.people.items():
        orders = [touch for touch in touches if touch.is_order]
        if not orders or not question.chosen(oracle.journey_of[orders[0].event_id]):
            continue
        days = sorted({oracle.day(order.at) for order in orders if oracle.day(order.at) < ends_on})
        if not days or not question.since <= days[0] < question.until:
            continue
        worth = [spent[person, day] for day in days]
        histories[person] = {
            "first_on": days[0],
            "repeats": len(days) - 1,
            "recency_days": (days[-1] - days[0]).days,
            "age_days": (ends_on - days[0]).days - 1,
            "mean_value": sum(worth[1:]) / len(worth[1:]) if worth[1:] else 0,
            "spent": sum(worth),
        }
    return histories


@pytest.mark.parametrize("seed", range(6))
def test_histories(seed: int) -> None:
    world = case(Random(seed), most_people=150, most_touches=25)
    with built(world) as business:
        oracle = business.oracle([row for part in world.deliveries for row in part])
        for question in world.questions:
            filters = Filters(question.since, question.until, question.as_of, question.where)
            ends_on = last_full_day(filters, world.zone)
            assert ends_on == oracle.day(question.as_of)
            expected = by_hand(oracle, question, ends_on)
            found = buyers(business.engine, filters, ends_on)
            rows = {row["person_id"]: row for row in found.rows.to_dicts()}
            assert rows.keys() == expected.keys()
            for person, history in expected.items():
                assert {name: rows[person][name] for name in history} == pytest.approx(history)
            assert found.repeaters == sum(one["repeats"] > 0 for one in expected.values())
            if found.people:
                history = found.history()
                assert history.people.sum() == found.people
                assert history.repeats @ history.people == found.rows["repeats"].sum()


def test_people_known_by_a_cookie_alone_are_left_out_unless_asked_for(business: Business) -> None:
    rows = people(ana="order_completed@0 order_completed@9", ben="order_completed@0")
    for row in rows:
        if row["customer_id"] == "ben":
            row["anonymous_id"] = row.pop("customer_id")
    business.deliver(rows)
    filters = Filters(date(2026, 1, 1), date(2027, 1, 1), datetime(2026, 3, 1))
    assert buyers(business.engine, filters, date(2026, 3, 1)).people == 1
    assert buyers(business.engine, filters, date(2026, 3, 1), EVERYONE).people == 2


def test_a_day_that_has_not_ended_does_not_count() -> None:
    at = datetime(2026, 3, 1, 22, 30)
    filters = Filters(date(2026, 1, 1), date(2027, 1, 1), at)
    assert last_full_day(filters, "UTC") == date(2026, 3, 1)
    assert last_full_day(filters, "Europe/Berlin") == date(2026, 3, 1)
    assert last_full_day(filters, "Asia/Tokyo") == date(2026, 3, 2)
    assert at.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Tokyo")).day == 2


@pytest.mark.parametrize("seed", range(3))
def test_the_weeks_held_out(seed: int) -> None:
    """Counted and forecast person by person, week by week."""
    random = Random(seed)
    start = date(2026, 1, 5)
    days = {
        f"p{n}": sorted({random.randrange(200) for _ in range(random.choice([1, 1, 2, 3, 9]))})
        for n in range(120)
    }
    cut, ends_on = start + timedelta(days=120), start + timedelta(days=205)
    rows, repeats = [], []
    for person, bought in days.items():
        known = [day for day in bought if day < 120]
        if not known:
            continue
        first = start + timedelta(days=known[0])
        rows.append((person, "Email", first, len(known) - 1, known[-1] - known[0], 119 - known[0]))
        repeats += [(person, start + timedelta(days=day)) for day in bought[1:]]
    names = ["person_id", "channel", "first_on", "repeats", "recency_days", "age_days"]
    calibration = Buyers(pl.DataFrame(rows, schema=names, orient="row"), cut)
    bought = pl.DataFrame(repeats, schema=["person_id", "bought_on"], orient="row")
    model = MODEL
    found = hold_out(model, calibration, bought, ends_on)

    assert found.weeks == 85 / 7
    assert found.buyers == len(rows)
    assert found.actual == sum(when >= cut for _, when in repeats)
    each = {
        row[0]: float(bgnbd.expected(model, 85 / 7, row[3], row[4] / 7, row[5] / 7)) for row in rows
    }
    assert found.forecast == pytest.approx(sum(each.values()))
    assert found.forecast_low < found.forecast < found.forecast_high
    naive = sum(row[3] / (row[5] / 7) * 85 / 7 for row in rows if row[5])
    assert found.naive == pytest.approx(naive)

    begin = min(row[2] for row in rows)
    for week in found.weekly.to_dicts():
        end = begin + timedelta(weeks=week["week"])
        assert week["ends_on"] == end
        assert week["is_held_out"] == (end > cut)
        assert week["actual"] == sum(when < end for _, when in repeats)
        new = [((end - row[2]).days - 1) / 7 for row in rows if row[2] < end]
        assert week["forecast"] == pytest.approx(
            sum(float(bgnbd.expected_anew(model, weeks)) for weeks in new)
        )
    assert found.weekly.height == (ends_on - begin).days // 7

    for line in found.by_frequency.to_dicts():
        own = [r for r in rows if (str(r[3]) if r[3] < 7 else "7+") == line["repeats"]]
        later = [sum(p == r[0] and when >= cut for p, when in repeats) for r in own]
        assert (line["people"], line["actual"]) == (len(own), pytest.approx(sum(later) / len(own)))
        assert line["forecast"] == pytest.approx(sum(each[r[0]] for r in own) / len(own))
    assert found.by_frequency["people"].sum() == len(rows)


@pytest.mark.parametrize("seed", [20, 21])
def test_repeats_of_both_spans(seed: int) -> None:
    world = case(Random(seed), most_people=150, most_touches=25)
    with built(world) as business:
        oracle = business.oracle([row for part in world.deliveries for row in part])
        every = [order.at for order in oracle.orders]
        cut, ends_on = (oracle.day(every[len(every) * n // 4]) for n in (2, 3))
        question = Question(date(2026, 1, 1), date(2029, 1, 1), datetime(2030, 1, 1))
        filters = Filters(question.since, question.until, question.as_of)
        known, later = (by_hand(oracle, question, day) for day in (cut, ends_on))
        found = repeats_until(business.engine, filters, cut, ends_on)
        assert found.is_duplicated().sum() == 0
        assert dict(found.group_by("person_id").len().rows()) == {
            person: later[person]["repeats"] for person in known if later[person]["repeats"]
        }
