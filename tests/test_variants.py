"""Whole journeys: which way each took, counted against plain loops over random worlds."""

import shutil
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journey import ROOT
from tests.oracle import WINDOW, Journey, Oracle, Question
from tests.random_worlds import Case, case
from tests.world import FIRST_DAY, TOWN, YEAR_LATER, Business, day, people


@settings(
    max_examples=3,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.randoms(use_true_random=False))
def test_small_worlds(random: Random) -> None:
    _check(case(random, most_people=16, most_touches=25))


@pytest.mark.parametrize("seed", range(3))
def test_crowds(seed: int) -> None:
    _check(case(Random(seed), most_people=300, most_touches=6))


def _check(case: Case) -> None:
    """The metric says of each question what the loops say."""
    with TemporaryDirectory() as folder:
        business = Business(Path(folder), time_zone=case.zone, currency="EUR")
        for rows in case.deliveries:
            business.deliver(rows)
        oracle = business.oracle([row for part in case.deliveries for row in part])
        numbers: dict[tuple[str, ...], set[int]] = defaultdict(set)
        variant_of = {
            (row["person_id"], row["journey_number"]): row["variant"]
            for row in business.table("ways join people using (person_number)")
        }
        for journey in oracle.journeys:
            if not journey.is_orphan:
                numbers[_way(journey)].add(variant_of.pop((journey.person, journey.number)))
        assert not variant_of
        assert sorted(n for found in numbers.values() for n in found) == list(
            range(1, len(numbers) + 1)
        )
        for question in case.questions:
            answer = business.ask(
                "variants", question.since, question.until, question.as_of, **question.where
            )
            assert _told(answer.iter_rows(named=True)) == _by_hand(oracle, question)
        business.close()


def _way(journey: Journey) -> tuple[str, ...]:
    """What was touched, in order."""
    return tuple(touch.touchpoint for touch in journey.touches)


def _told(rows: Iterator[dict[str, Any]]) -> dict[str, tuple[Any, ...]]:
    """Each way with its counts."""
    return {
        row["way"]: (
            *(row[name] for name in ("touches", "journeys", "bought")),
            *(row[name] for name in ("converted", "mature_journeys")),
            round(float(row["revenue"]), 4),
            *(row[name] for name in ("satisfied", "responses")),
            round(row["median_days"], 6),
            *(row[name] for name in ("all_ways", "all_journeys")),
        )
        for row in rows
    }


def _by_hand(oracle: Oracle, question: Question) -> dict[str, tuple[Any, ...]]:
    """The 200 commonest at most; where 200 cut through ties, any of them would do, so the worlds
    are kept smaller than that."""
    known = defaultdict(list)
    for journey, touch, _ in oracle.payments:
        known[id(journey)].append(touch.at)
    taken: dict[tuple[str, ...], list[Journey]] = defaultdict(list)
    for journey in oracle._started(question):
        moments = [journey.touches[-1].at, *known[id(journey)]]
        if max(moments) <= question.as_of:
            taken[_way(journey)].append(journey)
    assert len(taken) <= 200
    return {
        " > ".join(way): _row(journeys, question, len(taken), sum(map(len, taken.values())))
        for way, journeys in taken.items()
    }


def _row(
    journeys: list[Journey], question: Question, all_ways: int, all_journeys: int
) -> tuple[Any, ...]:
    """The counts of one way."""
    mature = [journey for journey in journeys if journey.started_at + WINDOW <= question.as_of]
    answers = [
        touch
        for journey in journeys
        for touch in journey.touches
        if touch.survey == "csat" and touch.score is not None
    ]
    lengths = sorted(
        (journey.touches[-1].at - journey.started_at).total_seconds() / 86_400
        for journey in journeys
    )
    middle = len(lengths) // 2
    median = (lengths[middle] + lengths[~middle]) / 2
    return (
        len(journeys[0].touches),
        len(journeys),
        sum(journey.order is not None for journey in journeys),
        sum(journey.depth(journey.matures_at) >= 4 for journey in mature),
        len(mature),
        round(float(sum(journey.revenue for journey in journeys)), 4),
        sum(touch.score >= (touch.scale or (1, 5))[1] - 1 for touch in answers),
        len(answers),
        round(median, 6),
        all_ways,
        all_journeys,
    )


def test_a_repeat_and_an_exchange_make_another_way(business: Business) -> None:
    business.deliver(
        people(
            ana="ad_clicked@0 page_viewed@1",
            ben="ad_clicked@3 page_viewed@5",
            cleo="page_viewed@0 ad_clicked@1",
            dan="ad_clicked@0 ad_clicked@1 page_viewed@2",
        )
    )
    rows = business.ask("variants").select("way", "journeys").rows()
    assert rows == [
        ("ad_clicked > page_viewed", 2),
        ("ad_clicked > ad_clicked > page_viewed", 1),
        ("page_viewed > ad_clicked", 1),
    ]


def test_ways_that_only_differ_far_along_are_told_apart(business: Business) -> None:
    """Sums of place times touchpoint, of squares and of cubes of the place, are all equal here."""
    steps = {
        "ana": "page_viewed product_viewed product_viewed page_viewed",
        "ben": "product_viewed page_viewed page_viewed product_viewed",
    }
    for _ in range(4):  # Prouhet, Tarry and Escott: each doubling evens out one more power
        steps = {"ana": f"{steps['ana']} {steps['ben']}", "ben": f"{steps['ben']} {steps['ana']}"}
    business.deliver(
        people(
            **{
                person: " ".join(
                    f"{name}@{place / 100}" for place, name in enumerate(names.split())
                )
                for person, names in steps.items()
            }
        )
    )
    assert [row["touches"] for row in business.table("ways")] == [64, 64]
    assert business.ask("variants")["journeys"].to_list() == [1, 1]


def test_rare_ways_are_told_by_a_journey_that_took_them(
    town: Business, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a store has more ways than are told when it is built."""
    queries = tmp_path / "queries"
    shutil.copytree(ROOT / "queries", queries)
    mart = queries / "marts" / "61_ways_told.sql"
    mart.write_text(mart.read_text().replace("variant <= 20000", "variant <= 2"))
    monkeypatch.setenv("JOURNEY_QUERIES", str(queries))
    business = Business(tmp_path, currency="EUR")
    business.deliver(TOWN)
    assert len({row["variant"] for row in business.table("ways_told")}) == 2
    assert business.ask("variants").equals(town.ask("variants"))
    assert business.ask("variants", channel=["Email"]).equals(
        town.ask("variants", channel=["Email"])
    )
    business.close()


def test_money_known_only_later_leaves_its_journey_out(business: Business) -> None:
    business.deliver(
        people(
            ana="""order_completed@0,order_id=o1,revenue=50 order_completed@2,order_id=o2,revenue=9
                order_refunded@9,order_id=o1,revenue=-50"""
        )
    )
    asked = {"since": FIRST_DAY, "until": YEAR_LATER}
    known = business.ask("variants", **asked, as_of=day(8))
    assert known.is_empty()
    rows = business.ask("variants", **asked, as_of=day(9)).select("way", "revenue").rows()
    assert sorted((way, float(revenue)) for way, revenue in rows) == [
        ("order_completed", 0.0),
        ("order_completed > order_refunded", 9.0),
    ]
