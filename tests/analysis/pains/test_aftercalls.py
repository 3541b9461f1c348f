"""Calls for help after an order: counted by plain loops, told where there are more."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from journey.analysis.pains.aftercalls import PLACE, calls, more_calls
from journey.analysis.pains.cases import Cases
from journey.metrics.filters import SEGMENTS, Filters
from tests.analysis.pains.crowds import crowd
from tests.random_worlds import built, case


@pytest.mark.parametrize("seed", range(2))
def test_random_worlds_by_plain_loops(seed: int) -> None:
    world = case(Random(seed + 90), most_people=150, most_touches=25)
    with built(world) as business:
        orders, month = business.table("orders"), timedelta(days=30)
        for question in world.questions:
            filters = Filters(question.since, question.until, question.as_of, question.where)
            expected: Counter = Counter()
            for row in orders:
                if any(row[SEGMENTS[name]] not in values for name, values in filters.where.items()):
                    continue
                closed = row["ordered_at"] + month <= filters.as_of
                if filters.since <= row["ordered_on"] < filters.until and closed:
                    who = tuple(row[column] for column in SEGMENTS.values())
                    key = ((row["ordered_on"] - filters.since).days, who)
                    at = row["support_at"]
                    expected[(*key, "orders")] += 1
                    expected[(*key, "called")] += at is not None and at <= row["ordered_at"] + month
            found: Counter = Counter()
            for cases in calls(business.engine, filters):
                for row in range(len(cases)):
                    who = tuple(cases.values[name][cases.segment[name][row]] for name in SEGMENTS)
                    people, spared = int(cases.people[row]), int(cases.went_on[row])
                    found[int(cases.day[row]), who, "orders"] += people
                    found[int(cases.day[row]), who, "called"] += people - spared
            assert +found == +expected
            asked = (question.since, question.until, question.as_of)
            weeks = business.ask("called_after", *asked, **question.where)
            for name, column in (("orders", "orders"), ("called", "called")):
                counted = sum(n for key, n in expected.items() if key[-1] == name)
                assert weeks[column].sum() == counted


def after(seed: int, factor: float = 1.0, who: dict | None = None, **more: object) -> Cases:
    """Orders after which some call, more of a segment or on some days."""
    befell = [("needed_help", 0.08, who or {}, more.get("span"), factor)]
    cases = crowd(seed, a_day=25, befell=befell)
    spared = cases.people - cases.counts["needed_help"]
    return replace(cases, place=PLACE, went_on=spared, ordered=spared)


def test_more_calls_of_a_country_or_on_some_days_are_told() -> None:
    (found,) = more_calls([after(1, 2.5, {"country": "FR"})], 120, 30)
    assert (dict(found.who), found.first) == ({"country": "FR"}, None)
    (found,) = more_calls([after(2, 5.0, span=(50, 70))], 120, 30)
    assert found.first in range(48, 53)


def test_where_all_are_alike_false_alarms_are_held() -> None:
    """Two comparisons of 1 %: about one world of 40."""
    assert sum(bool(more_calls([after(seed)], 120, 30)) for seed in range(40)) <= 3
    assert more_calls([], 120, 30) == []
