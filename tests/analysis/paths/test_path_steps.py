"""Paths against plain loops over random worlds, and what must hold of every step table."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journey.analysis.paths import lines as path_lines
from journey.analysis.paths.around import look_around
from journey.analysis.paths.asking import COUNTS, OVERS, Asked, Versus
from journey.analysis.paths.comparing import compare
from journey.analysis.paths.returning import returns
from journey.analysis.paths.steps import Edge, Kind, StepTable, ending, table
from journey.analysis.paths.walking import Walked, vocabulary, walk
from journey.analysis.paths.whole import OUTCOMES, Outcome, whole_journeys
from journey.cleaning import Cleaning, Rule
from journey.metrics.filters import Filters
from tests.oracle import WINDOW, Journey, Oracle, Question, Touch
from tests.random_worlds import TOUCHPOINTS, Case, case
from tests.world import Business

RULES = [
    *("ad_* -> Ads", "regex:^product -> Product", "order_completed -> Order"),
    *("page_viewed -> Ads", "s* -> Other", "regex:ed$ -> Left"),
]


@dataclass(frozen=True)
class Step:
    """One step of a line, worked out by hand."""

    name: str
    at: datetime
    journey: Journey


@contextmanager
def built(case: Case) -> Iterator[tuple[Business, Oracle]]:
    """The case taken in and built, and the same by hand."""
    with TemporaryDirectory() as folder:
        business = Business(Path(folder), time_zone=case.zone, currency="EUR")
        for rows in case.deliveries:
            business.deliver(rows)
        business.build()
        yield business, business.oracle([row for part in case.deliveries for row in part])
        business.close()


def any_asked(random: Random, names: dict[str, list[str]]) -> Asked:
    """A question drawn at random; its ends may be such that there is no path."""
    over = random.choice(["touchpoint", "touchpoint", *OVERS])
    rules = tuple(map(Rule.read, random.sample(RULES, random.choice([0, 0, 1, 3]))))
    cleaning = Cleaning(rules, random.choice([None, None, 1]), (), random.random() < 0.5)
    if over != "touchpoint":
        cleaning = Cleaning(collapse=random.random() < 0.5)
    known = sorted(set(cleaning.names(names[over]).values()))
    random.shuffle(known)
    start, end, *hide = (known * 2)[:4]
    if random.random() < 0.15:
        end = start
    hide = [name for name in hide if name not in (start, end)]
    hidden = tuple(hide) if random.random() < 0.3 else ()
    return Asked(
        start=start if random.random() < 0.5 else None,
        end=end if random.random() < 0.4 else None,
        over=over,
        count=random.choice(COUNTS),
        steps=random.randint(2, 6),
        top=random.choice([1, 2, 8]),
        cleaning=replace(cleaning, hide=hidden),
        versus=random.choice(
            [None, None, Versus("conversion"), Versus("device", "mobile", "desktop")]
        ),
    )


def lines(oracle: Oracle, asked: Asked, question: Question) -> dict[Any, list[Touch]]:
    """The known touches of the journeys of the period, by journey or by person."""
    found: dict[Any, list[Touch]] = defaultdict(list)
    for journey in sorted(oracle._started(question), key=lambda one: one.number):
        key = journey.person if asked.count == "people" else id(journey)
        found[key] += [touch for touch in journey.touches if touch.at <= question.as_of]
    return found


def cleaned(oracle: Oracle, asked: Asked, touches: list[Touch]) -> list[Step]:
    """A line's steps under the question's cleaning."""
    steps: list[Step] = []
    for touch in touches:
        raw = {"touchpoint": touch.touchpoint, "channel": touch.channel, "stage": touch.stage}
        name = asked.cleaning.names([raw[asked.over]])[raw[asked.over]]
        if name in asked.cleaning.hide:
            continue
        if asked.cleaning.collapse and steps and steps[-1].name == name:
            continue
        steps.append(Step(name, touch.at, oracle.journey_of[touch.event_id]))
    return steps


def paths(steps: list[Step], asked: Asked) -> Iterator[list[Step]]:
    """Every path of one line, as long as it goes."""
    if asked.is_backward:
        places = [place for place, step in enumerate(steps) if step.name == asked.end]
    elif asked.start is not None:
        places = [place for place, step in enumerate(steps) if step.name == asked.start]
    else:
        places = [0] if steps else []
    if asked.count != "occurrences":
        places = places[:1]
    for place in places:
        if asked.is_backward:
            yield steps[place::-1]
        elif asked.is_between:
            ends = [at for at in range(place + 1, len(steps)) if steps[at].name == asked.end]
            if ends:
                yield steps[place : ends[0] + 1]
        else:
            yield steps[place:]


def by_hand(oracle: Oracle, asked: Asked, question: Question) -> dict[int, list[list[Step]]]:
    """All paths of the question, by group: 0, or 1 for the second."""
    found: dict[int, list[list[Step]]] = {0: [], 1: []}
    for touches in lines(oracle, asked, question).values():
        side, kept = 0, touches
        if asked.versus and asked.versus.is_conversion:
            closes = min(oracle.journey_of[t.event_id].started_at for t in touches) + WINDOW
            if closes > question.as_of:
                continue
            orders = [place for place, touch in enumerate(touches) if touch.is_order]
            side = 0 if orders and touches[orders[0]].at <= closes else 1
            kept = [t for t in touches[: orders[0] if orders else None] if t.at <= closes]
        for path in paths(cleaned(oracle, asked, kept), asked):
            if asked.versus and not asked.versus.is_conversion:
                value = path[0].journey.segment(asked.versus.by)
                if value not in (asked.versus.first, asked.versus.second):
                    continue
                side = 0 if value == asked.versus.first else 1
            found[side].append(path)
    return found


def check(made: StepTable, expected: list[list[Step]], asked: Asked) -> None:
    """Every number of a step table against the paths themselves."""
    assert made.paths == len(expected)
    holds(made)
    shown = [{cell.name for cell in column if cell.kind is Kind.NAME} for column in made.columns]

    def lump(path: list[Step], step: int) -> tuple[str, Kind]:
        if len(path) < step:
            return ending(asked), Kind.ENDED
        name = path[step - 1].name
        return (name, Kind.NAME) if name in shown[step - 1] else ("Other", Kind.OTHER)

    for number, column in enumerate(made.columns, 1):
        counted = Counter(lump(path, number) for path in expected)
        assert {(cell.name, cell.kind): cell.count for cell in column if cell.count} == counted
    edges: dict[Any, list[tuple[bool, float]]] = defaultdict(list)
    for path in expected:
        for step in range(1, min(len(path), asked.steps - 1) + 1):
            here, there = lump(path, step), lump(path, step + 1)
            seconds, back = 0.0, False
            if len(path) > step:
                seconds = abs((path[step].at - path[step - 1].at).total_seconds())
                before = [one.name for one in path[:step]]
                back = path[step].name in before and path[step].name != before[-1]
            edges[step, here, there].append((back, seconds))
    assert {key(edge) for edge in made.edges} == set(edges)
    for edge in made.edges:
        cases = edges[key(edge)]
        assert (edge.count, edge.back) == (len(cases), sum(back for back, _ in cases))
        assert edge.overall == pytest.approx(edge.count / made.paths)
        assert edge.previous == pytest.approx(edge.count / edge.source.count)
        if Kind.ENDED in (edge.target.kind,) or Kind.OTHER in (edge.source.kind, edge.target.kind):
            assert edge.median_seconds is None
        elif asked.versus is None:
            times = pl.Series([seconds for _, seconds in cases])
            assert edge.median_seconds == pytest.approx(times.quantile(0.5, "linear"), abs=1e-5)
            assert edge.p95_seconds == pytest.approx(times.quantile(0.95, "linear"), abs=1e-5)


def key(edge: Edge) -> tuple[int, tuple[str, Kind], tuple[str, Kind]]:
    """What tells an edge from the others."""
    return (
        edge.step,
        (edge.source.name, edge.source.kind),
        (edge.target.name, edge.target.kind),
    )


def holds(made: StepTable) -> None:
    """What must hold of every step table: nothing is lost between two columns."""
    for column in made.columns:
        assert sum(cell.count for cell in column) == made.paths
        assert min(cell.count for cell in column) >= 0
        assert [cell.kind for cell in column[-2:]] == [Kind.OTHER, Kind.ENDED]
    for step, (here, there) in enumerate(zip(made.columns, made.columns[1:], strict=False), 1):
        edges = [edge for edge in made.edges if edge.step == step]
        for cell in here[:-1]:
            assert sum(e.count for e in edges if e.source == cell) == cell.count
        for cell in there[:-1]:
            assert sum(e.count for e in edges if e.target == cell) == cell.count
        left = sum(e.count for e in edges if e.target.kind is Kind.ENDED)
        assert there[-1].count == here[-1].count + left


def check_case(case: Case, random: Random, questions: int) -> None:
    """Random questions about a random world, each against the loops."""
    with built(case) as (business, oracle):
        names = {
            over: sorted(set(vocabulary(business.engine, _filters(case, 0), over).values()))
            for over in OVERS
        }
        for number in range(questions):
            question = case.questions[number % len(case.questions)]
            filters = _filters(case, number)
            asked = any_asked(random, names)
            walked = walk(business.engine, asked, filters)
            expected = by_hand(oracle, asked, question)
            check(table(walked, asked), expected[0] + expected[1], asked)
            for side in (0, 1):
                check(table(walked, asked, side), expected[side], asked)
            if asked.versus is None:
                _check_returns(walked, asked, expected[0])
                outcome = random.choice(OUTCOMES)
                _check_whole(business, oracle, asked, question, filters, outcome)
            else:
                _check_compared(walked, asked)


def _filters(case: Case, number: int) -> Filters:
    """The question's frame."""
    question = case.questions[number % len(case.questions)]
    return Filters(question.since, question.until, question.as_of, question.where)


def _check_returns(walked: Walked, asked: Asked, expected: list[list[Step]]) -> None:
    """Loops and returns, counted by hand."""
    found: Counter[tuple[str, str]] = Counter()
    leaving: Counter[str] = Counter()
    for path in expected:
        for step, one in enumerate(path[: asked.steps - 1]):
            leaving[one.name] += 1
            after = path[step + 1].name if step + 1 < len(path) else None
            if after in [before.name for before in path[: step + 1]]:
                found[one.name, str(after)] += 1
    made = returns(walked, asked)
    assert {(one.source, one.target): one.count for one in made} == found
    assert all(one.leaving == leaving[one.source] for one in made)


def _check_compared(walked: Walked, asked: Asked) -> None:
    """Differences are those of the two tables, and the two tables are all."""
    compared = compare(walked, asked, minimum_n=1)
    both = table(walked, asked)
    assert compared.first.paths + compared.second.paths == both.paths
    for difference in (*compared.differences, *compared.turns):
        gap = difference.first_share - difference.second_share
        assert difference.change == pytest.approx(gap)
        assert difference.low <= difference.change <= difference.high
        assert -1 <= difference.low <= difference.high <= 1
    if min(compared.first.paths, compared.second.paths) < 30:
        assert not compare(walked, asked, minimum_n=30).differences


def _check_whole(
    business: Business,
    oracle: Oracle,
    asked: Asked,
    question: Question,
    filters: Filters,
    outcome: Outcome,
) -> None:
    """The commonest whole journeys under the same cleaning."""
    settled: dict[int, list[datetime]] = defaultdict(list)
    for journey, touch, _ in oracle.payments:
        settled[id(journey)].append(touch.at)
    known = [
        journey
        for journey in oracle._started(question)
        if max([journey.touches[-1].at, *settled[id(journey)]]) <= question.as_of
    ]
    expected: Counter[str] = Counter()
    money: dict[str, float] = defaultdict(float)
    by_person: dict[Any, list[Journey]] = defaultdict(list)
    for journey in sorted(known, key=lambda one: one.number):
        by_person[journey.person if asked.count == "people" else id(journey)].append(journey)
    started = lines(oracle, asked, question)
    for unit, journeys in by_person.items():
        steps = cleaned(oracle, asked, started[unit])
        bought = any(journey.order for journey in journeys)
        if steps and outcome in ("all", "bought" if bought else "left"):
            way = " > ".join(step.name for step in steps)
            expected[way] += 1
            money[way] += float(sum(journey.revenue for journey in journeys))
    rows = whole_journeys(business.engine, asked, filters, 10_000, outcome)
    if len(expected) <= 200:
        assert dict(rows.select("way", "journeys").iter_rows()) == expected
        assert dict(rows.select("way", pl.col("revenue").cast(pl.Float64)).iter_rows()) == (
            pytest.approx(money)
        )


@settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(st.randoms(use_true_random=False))
def test_small_worlds(random: Random) -> None:
    check_case(case(random, most_people=15, most_touches=20), random, questions=12)


@pytest.mark.parametrize("seed", range(2))
def test_crowds(seed: int) -> None:
    random = Random(seed)
    check_case(case(random, most_people=200, most_touches=20), random, questions=40)


def test_in_parts_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(7)
    world = case(random, most_people=60, most_touches=12)
    filters = _filters(world, 0)
    with built(world) as (business, oracle):
        names = {"touchpoint": sorted({touch.touchpoint for touch in oracle.touches})}
        names |= {"channel": ["Direct", "Email"] * 2, "stage": ["awareness", "purchase"] * 2}
        asked = [one for one in (any_asked(random, names) for _ in range(40))
                 if one.over == "touchpoint"]  # fmt: skip
        whole = [walk(business.engine, one, filters) for one in asked]
        assert sum(one.anchored for one in whole) > 100
        monkeypatch.setattr(path_lines, "TOUCHES", 40)
        parts = [walk(business.engine, one, filters) for one in asked]
    for one, other in zip(whole, parts, strict=True):
        assert one.anchored == other.anchored
        assert one.tally.equals(other.tally)


def test_around_is_both_sides_of_every_occurrence() -> None:
    random = Random(5)
    world = case(random, most_people=60, most_touches=12)
    with built(world) as (business, oracle):
        question = world.questions[0]
        for name in sorted({touch.touchpoint for touch in oracle.touches} & set(TOUCHPOINTS)):
            around = look_around(business.engine, name, Asked(), _filters(world, 0))
            before: Counter[str] = Counter()
            after: Counter[str] = Counter()
            for touches in lines(oracle, Asked(), question).values():
                steps = cleaned(oracle, Asked(), touches)
                for place, step in enumerate(steps):
                    if step.name == name:
                        before[steps[place - 1].name if place else "Began"] += 1
                        last = place + 1 == len(steps)
                        after["Left" if last else steps[place + 1].name] += 1
            assert around.occurrences == around.before.paths == before.total()
            for edges, counted in ((around.comes_from, before), (around.goes_to, after)):
                named = {
                    edge.target.name: edge.count
                    for edge in edges
                    if edge.target.kind is not Kind.OTHER
                }
                assert all(counted[name] == count for name, count in named.items())
                assert sum(edge.count for edge in edges) == around.occurrences
                assert [edge.target.kind for edge in edges] == sorted(
                    (edge.target.kind for edge in edges), key=list(Kind).index
                )
