"""Every funnel mode and option against the same funnel worked out by hand, over random worlds.

The worlds tie, cross midnights and windows to the microsecond, come late and twice; the funnels
repeat steps, overlap them, bound them by gaps, hold things constant, exclude and forgive.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from journey.analysis.funnel import joining, report
from journey.analysis.funnel.rule import closes_after
from journey.analysis.funnel.spec import (
    HELD,
    Count,
    Entry,
    Exclusion,
    Funnel,
    Mode,
    OnExclusion,
)
from journey.analysis.funnel.steps import Condition, Gap, Step
from journey.errors import MetricError
from journey.metrics.filters import Filters
from tests.funnel_oracle import HandFunnel, HandStep, Try, joined, tries
from tests.oracle import STAGE, Oracle, Question
from tests.random_worlds import Case, case
from tests.world import Business

POINTS = [
    *("ad_clicked", "page_viewed", "product_viewed", "product_viewed", "product_added"),
    *("product_added", "checkout_started", "order_completed", "support_contacted"),
    *("qr_code_scanned", "survey_answered", "awareness", "consideration", "decision", "unmapped"),
]
SPANS = [timedelta(minutes=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=3)]
WINDOWS = [None, "session", timedelta(0, 1), *SPANS, timedelta(days=30), timedelta(days=90)]

UNKNOWN = Funnel((Step(("ad_clicked",)), Step(("qr_code_scanned",))))

CARRIED = {"channel": "channel", "device": "device", "cart": "cart_id", "product": "product_id"}
VALUES = {
    "channel": ["Email", "Direct", "in_store"],
    "device": ["mobile", "desktop", "Unknown"],
    "cart": ["k1", "k2", "k-p1"],
    "product": ["lamp", "chair"],
}


@settings(
    max_examples=4,
    # A failure names the funnel and the question; to shrink the world takes minutes.
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.randoms(use_true_random=False), st.integers(0, 2**32))
def test_small_worlds(random: Random, seed: int) -> None:
    _check(case(random, most_people=8, most_touches=18), Random(seed), funnels=40)


@pytest.mark.parametrize("seed", range(4))
def test_crowds(seed: int) -> None:
    random = Random(f"funnels {seed}")
    _check(case(random, most_people=120, most_touches=25), random, funnels=60)


def _check(case: Case, random: Random, funnels: int) -> None:
    """Whatever the product finds, the hand finds too."""
    with TemporaryDirectory() as folder:
        business = Business(Path(folder), time_zone=case.zone, currency="EUR")
        for rows in case.deliveries:
            business.deliver(rows, kind="parquet")
        business.build()
        oracle = business.oracle([row for part in case.deliveries for row in part])
        if not any(touch.touchpoint == "qr_code_scanned" for touch in oracle.touches):
            with pytest.raises(MetricError, match="no touchpoint or stage 'qr_code_scanned'"):
                _compare(business, oracle, UNKNOWN, case.questions[0], random)
            funnels = 0
        for funnel in _funnels(random, funnels):
            _compare(business, oracle, funnel, random.choice(case.questions), random)
        business.close()


def _compare(
    business: Business, oracle: Oracle, funnel: Funnel, asked: Question, random: Random
) -> None:
    """One funnel, by both; and the same with open entry, where that has a meaning."""
    filters = Filters(asked.since, asked.until, asked.as_of, asked.where)
    mature_only = closes_after(funnel) is not None and random.random() < 0.3
    table = report.table(business.engine, funnel, filters, mature_only=mature_only)
    time = closes_after(funnel)
    entered_by = asked.as_of - time if mature_only and time else datetime.max
    by_hand = tries(oracle, _by_hand(funnel), asked, entered_by)
    counts = [sum(one[n] is not None for one in by_hand) for n in range(len(funnel.steps))]
    settings = (funnel, asked, mature_only)
    found = report.ask(business.engine, funnel, filters, mature_only=mature_only)
    assert [step.count for step in found.steps] == counts, settings
    assert found.rule.endswith(".")
    if funnel.mode is not Mode.ANY:
        people = {row["person_number"]: row["person_id"] for row in business.table("people")}
        assert Counter(_times(table, people)) == Counter(map(_moments, by_hand)), settings
    plain = not (funnel.exclusions or any(step.optional for step in funnel.steps))
    once = funnel.count is not Count.ENTRIES and funnel.entry in (None, Entry.FIRST)
    if not (plain and once and funnel.mode in (Mode.ORDERED, Mode.STRICT)):
        with pytest.raises(MetricError):
            joining.ask(business.engine, funnel, filters, mature_only=mature_only)
        return
    steps = joining.ask(business.engine, funnel, filters, mature_only=mature_only)
    both = [one.entered for one in steps], [one.came for one in steps]
    assert both == joined(oracle, _by_hand(funnel), asked, entered_by), settings


def _times(table: pl.DataFrame, people: dict[int, str]) -> Iterator[tuple[Any, ...]]:
    """Person and the moment of each step."""
    columns = [name for name in table.columns if name.startswith("at_")]
    for person, *moments in table.select("person", *columns).iter_rows():
        yield (people[person], *moments)


def _moments(one: Try) -> tuple[Any, ...]:
    assert one[0] is not None
    return (one[0].person, *(touch.at if touch else None for touch in one))


def _funnels(random: Random, number: int) -> Iterator[Funnel]:
    """Random funnels; settings that contradict are drawn again."""
    made = 0
    while made < number:
        try:
            funnel = _funnel(random)
        except MetricError:
            continue
        made += 1
        yield funnel


def _funnel(random: Random) -> Funnel:
    """A random funnel; raises MetricError where its settings contradict."""
    mode = random.choice([Mode.ORDERED, Mode.ORDERED, *Mode])
    steps = [_step(random, gaps=mode is not Mode.ANY) for _ in range(random.choice([2, 3, 3, 4]))]
    if random.random() < 0.2:
        steps[-1] = steps[0]
    exclusions = []
    if random.random() < 0.3:
        for _ in range(random.choice([1, 1, 2])):
            after, before = sorted(random.sample(range(1, len(steps) + 1), 2))
            ends = random.choice([(None, None), (after, before)])
            exclusions.append(Exclusion(Step((random.choice(POINTS),)), *ends))
    return Funnel(
        steps=tuple(steps),
        mode=mode,
        window=random.choice(WINDOWS),
        count=random.choice([Count.PEOPLE, *Count]),
        entry=random.choice([None, *Entry]),
        hold=tuple(random.sample([*HELD], random.choice([0, 0, 1, 2]))),
        exclusions=tuple(exclusions),
        on_exclusion=random.choice([*OnExclusion]),
        grace=random.choice([timedelta(0), timedelta(0), *SPANS[:2]]),
        ignore=tuple(random.sample(POINTS[:10], 2)) if random.random() < 0.2 else (),
    )  # fmt: skip


def _step(random: Random, gaps: bool) -> Step:
    """A random step."""
    names = tuple(dict.fromkeys(random.choices(POINTS, k=random.choice([1, 1, 1, 2]))))
    conditions = []
    if random.random() < 0.25:
        name = random.choice(list(CARRIED))
        values = tuple(random.sample(VALUES[name], random.choice([1, 2])))
        conditions.append(Condition(name, values, negated=random.random() < 0.3))
    if random.random() < 0.1:
        conditions.append(Condition("revenue", low=random.choice([None, 20.0]), high=60.0))
    gap = None
    if gaps and random.random() < 0.2:
        least, most = sorted(random.sample(SPANS, 2))
        gap = random.choice([Gap(least), Gap(None, most), Gap(least, most)])
    return Step(names, tuple(conditions), random.random() < 0.15, gap)


def _by_hand(funnel: Funnel) -> HandFunnel:
    """The settings in plain values."""
    return HandFunnel(
        steps=[_hand_step(step) for step in funnel.steps],
        mode=str(funnel.mode),
        window=funnel.window,
        count=str(funnel.count),
        entry=str(funnel.chosen),
        hold=list(funnel.hold),
        exclusions=[
            (_hand_step(one.step), (one.after or 1) - 1, (one.before or len(funnel.steps)) - 1)
            for one in funnel.exclusions
        ],
        drops=funnel.on_exclusion is OnExclusion.DROP,
        grace=funnel.grace,
        ignore=frozenset(funnel.ignore),
    )


def _hand_step(step: Step) -> HandStep:
    points = set()
    for name in step.names:
        members = {point for point, stage in STAGE.items() if stage == name}
        points |= {"qr_code_scanned"} if name == "unmapped" else members or {name}
    carries, revenue = {}, None
    for one in step.conditions:
        if one.name == "revenue":
            revenue = (one.low, one.high)
        else:
            carries[CARRIED[one.name]] = (frozenset(one.values), not one.negated)
    least, most = (step.gap.least, step.gap.most) if step.gap else (None, None)
    return HandStep(frozenset(points), carries, revenue, step.optional, least, most)
