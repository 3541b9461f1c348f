"""Retention and lifecycle against plain loops over random worlds, and by example."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

import polars as pl
import pytest

from journey.analysis.retention.cohorts import Retention, retention
from journey.analysis.retention.lifecycle import STATES, lifecycle
from journey.analysis.retention.settings import (
    BUCKETS,
    COHORTS,
    MODES,
    REFERENCES,
    UNITS,
    Settings,
    parse_brackets,
)
from journey.errors import MetricError
from journey.metrics.filters import SEGMENTS, Filters
from tests.oracle import Oracle, Question, Touch
from tests.random_worlds import built, case
from tests.world import Business, day, people

EVENTS = ["order", "order", "touch", "product_viewed", "survey_answered"]


def is_one(touch: Touch, event: str) -> bool:
    """Whether a touch is this event."""
    return event == "touch" or (touch.is_order if event == "order" else touch.touchpoint == event)


@cache
def begin(on: date, unit: str, units: int = 0) -> date:
    """The first day of a calendar unit so many later, by counting up day by day."""
    while on.weekday() if unit == "week" else on.day > 1 if unit == "month" else False:
        on -= timedelta(days=1)
    for _ in range(units):
        on += timedelta(days=1)
        while on.weekday() if unit == "week" else on.day > 1 if unit == "month" else False:
            on += timedelta(days=1)
    return on


def by_hand(oracle: Oracle, asked: Question, s: Settings) -> list[dict[str, Any]]:
    """The cells, person by person."""
    members: dict[date, list[tuple[Touch, list[Touch]]]] = defaultdict(list)
    for touches in oracle.people.values():
        known = [touch for touch in touches if touch.at <= asked.as_of]
        starts = [touch for touch in known if is_one(touch, s.start)]
        chosen = [
            touch
            for touch in (starts[:1] if s.cohorts == "first" else starts)
            if asked.chosen(oracle.journey_of[touch.event_id])
            and asked.since <= oracle.day(touch.at) < asked.until
        ]
        seen = set()
        for start in chosen:
            cohort = begin(oracle.day(start.at), s.every)
            if cohort in seen:
                continue
            seen.add(cohort)
            later = known[known.index(start) + 1 :]
            members[cohort].append((start, [t for t in later if is_one(t, s.back)]))

    def start_of(start: Touch, edge: int) -> datetime:
        """The moment that a bucket begins for someone."""
        if s.buckets == "rolling":
            return start.at + edge * timedelta(days=UNITS[s.unit])
        local = datetime.combine(begin(oracle.day(start.at), s.unit, edge), time(), oracle.zone)
        return local.astimezone(UTC).replace(tzinfo=None)

    cells = []
    for cohort, own in sorted(members.items()):
        before = len(own)
        for low, high in zip(s.edges, s.edges[1:], strict=False):
            if not any(start_of(start, low) <= asked.as_of for start, _ in own):
                break
            came = 0
            for start, backs in own:
                first, last = start_of(start, low), start_of(start, high)
                came += any(
                    (s.mode == "before" or back.at >= first)
                    and (s.mode == "after" or back.at < last)
                    for back in backs
                )
            cells.append(
                {
                    "cohort": cohort,
                    "size": len(own),
                    "from_unit": low,
                    "to_unit": high,
                    "came_back": came,
                    "of": before if s.reference == "previous" else len(own),
                    "is_complete": all(start_of(start, high) <= asked.as_of for start, _ in own),
                }
            )
            before = came
    return cells


def settings_of(random: Random) -> Settings:
    """Any settings at all."""
    return Settings(
        start=random.choice(EVENTS),
        back=random.choice(EVENTS),
        cohorts=random.choice(list(COHORTS)),
        mode=random.choice(list(MODES)),
        unit=random.choice(list(UNITS)),
        buckets=random.choice(list(BUCKETS)),
        edges=random.choice([tuple(range(9)), (0, 1, 3, 7, 14, 30), (0, 2, 3), (0, 5)]),
        every=random.choice(list(UNITS)),
        reference=random.choice(list(REFERENCES)),
        by=random.choice([None, *SEGMENTS]),
    )


@pytest.mark.parametrize("seed", range(6))
def test_all_ways_of_asking(seed: int) -> None:
    random = Random(seed)
    world = case(random, most_people=90, most_touches=25)
    with built(world) as business:
        oracle = business.oracle([row for part in world.deliveries for row in part])
        happened = {touch.touchpoint for touch in oracle.touches}
        for question in world.questions:
            filters = Filters(question.since, question.until, question.as_of, question.where)
            for _ in range(12):
                asked = settings_of(random)
                if not {asked.start, asked.back} <= {"order", "touch"} | happened:
                    with pytest.raises(MetricError, match="There is no event"):
                        retention(business.engine, filters, asked)
                    continue
                found = retention(business.engine, filters, asked)
                expected = by_hand(oracle, question, asked)
                names = list(expected[0]) if expected else []
                assert found.cells.select(names).to_dicts() == expected, (question, asked)
                adds_up(found)


def adds_up(found: Retention) -> None:
    """Means are sums over complete cells; modes keep their order; parts make the whole."""
    s, complete = found.settings, found.cells.filter("is_complete")
    for mean in found.means.to_dicts():
        own = complete.filter(pl.col("from_unit") == mean["from_unit"])
        assert (mean["came_back"], mean["of"]) == (own["came_back"].sum(), own["of"].sum())
        assert mean["cohorts"] == own.height
        assert mean["share"] == mean["came_back"] / mean["of"]
    if s.by and s.reference == "zero" and found.by is not None:
        # A part whose own last member came early may be complete where the whole is not.
        parts = found.by.group_by("from_unit").agg(pl.sum("came_back"), pl.sum("of"))
        both = found.means.join(parts, on="from_unit", suffix="_parts")
        assert both.height == found.means.height
        assert (both["came_back"] <= both["came_back_parts"]).all()
        assert (both["of"] <= both["of_parts"]).all()


@pytest.mark.parametrize("seed", range(100, 104))
def test_the_modes_agree_with_each_other(seed: int) -> None:
    world = case(Random(seed), most_people=120, most_touches=25)
    with built(world) as business:
        filters = Filters(date(2026, 1, 1), date(2029, 1, 1), datetime(2027, 1, 1))
        ways = {
            mode: retention(
                business.engine, filters, Settings(mode=mode, unit="week", every="week")
            )
            for mode in MODES
        }
        columns = {mode: ways[mode].cells["came_back"] for mode in MODES}
        assert (columns["on"] <= columns["after"]).all()
        assert (columns["on"] <= columns["before"]).all()
        for cohort in ways["on"].cells["cohort"].unique():
            own = {m: ways[m].cells.filter(pl.col("cohort") == cohort)["came_back"] for m in MODES}
            assert own["on"][0] == own["before"][0]
            assert own["before"].is_sorted()
            assert own["after"].is_sorted(descending=True)
            # Whoever came back at all, came back by the last bucket or after it.
            assert own["after"][0] >= own["before"][-1]


def ask(business: Business, as_of: float = 728, **settings: Any) -> Retention:
    """Retention of a declared business, as of so many days after its first."""
    filters = Filters(date(2026, 1, 1), date(2028, 1, 1), day(as_of))
    return retention(business.engine, filters, Settings(**settings))


def came(found: Retention) -> list[tuple[int, int]]:
    """The cells of the only cohort."""
    assert found.cells["cohort"].n_unique() == 1
    return list(found.cells.select("came_back", "of").rows())


@pytest.fixture
def three(business: Business) -> Business:
    """Three buyers of one week; day 0 is a Monday."""
    business.deliver(
        people(
            ana="order_completed@0 order_completed@7 order_completed@15",
            ben="order_completed@3 order_completed@4",
            cleo="order_completed@6.9 order_completed@7",
        )
    )
    business.build()
    return business


WEEKS = {"unit": "week", "every": "week", "edges": (0, 1, 2, 3)}


def test_rolling_weeks_begin_with_each_one(three: Business) -> None:
    assert came(ask(three, **WEEKS)) == [(2, 3), (1, 3), (1, 3)]


def test_calendar_weeks_begin_on_monday(three: Business) -> None:
    assert came(ask(three, buckets="calendar", **WEEKS)) == [(1, 3), (2, 3), (1, 3)]


def test_on_or_after_is_what_is_not_lost_yet(three: Business) -> None:
    assert came(ask(three, mode="after", **WEEKS)) == [(3, 3), (1, 3), (1, 3)]


def test_on_or_before_gathers(three: Business) -> None:
    assert came(ask(three, mode="before", **WEEKS)) == [(2, 3), (3, 3), (3, 3)]


def test_the_period_before_is_another_whole(three: Business) -> None:
    found = ask(three, reference="previous", **WEEKS)
    assert came(found) == [(2, 3), (1, 2), (1, 1)]
    assert found.means["low"].null_count() == 3, "not parts of the whole: no interval"


def test_recurring_cohorts_take_people_again(three: Business) -> None:
    found = ask(three, cohorts="recurring", **WEEKS)
    sizes = found.cells.unique("cohort", maintain_order=True)["size"].to_list()
    assert sizes == [3, 2, 1], "ana in three weeks, cleo in two"


def test_brackets(three: Business) -> None:
    found = ask(three, unit="day", edges=parse_brackets("1,7,8,30"), every="week")
    assert came(found) == [(1, 3), (1, 3), (1, 3), (1, 3)]
    assert found.cells["bucket"].to_list() == ["day 0", "days 1 to 6", "day 7", "days 8 to 29"]


def test_a_cell_is_complete_once_its_time_is_over_for_everyone(three: Business) -> None:
    for as_of, complete in (
        (13.89, [False, False]),
        (13.9, [True, False]),
        (20.9, [True, True, False]),
    ):
        assert ask(three, as_of, **WEEKS).cells["is_complete"].to_list() == complete
    for as_of, complete in ((6.99, [False]), (7, [True, False]), (14, [True, True, False])):
        found = ask(three, as_of, buckets="calendar", **WEEKS)
        assert found.cells["is_complete"].to_list() == complete


def test_incomplete_cells_are_in_no_mean(business: Business) -> None:
    business.deliver(
        people(
            ana="order_completed@0 order_completed@8",
            ben="order_completed@1",
            cleo="order_completed@7 order_completed@14",
        )
    )
    found = ask(business, 15, **WEEKS)
    assert found.means.select("cohorts", "came_back", "of").rows() == [(2, 0, 3), (1, 1, 2)]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"start": "order_complete"}, "Did you mean 'order_completed'"),
        ({"mode": "of"}, "There is no mode 'of'"),
        ({"edges": (0, 3, 3)}, "do not rise"),
        ({"edges": (0,)}, "do not rise"),
        ({"edges": tuple(range(99))}, "more than anyone can read"),
        ({"by": "colour"}, "There is no segment 'colour'"),
    ],
)
def test_what_makes_no_sense_is_refused(three: Business, given: dict[str, Any], says: str) -> None:
    with pytest.raises(MetricError, match=says):
        ask(three, **given)


def test_brackets_that_are_none() -> None:
    with pytest.raises(MetricError, match="no list of brackets"):
        parse_brackets("1;2")


def test_the_words_say_the_rules() -> None:
    said = Settings(mode="after", buckets="calendar", unit="week", reference="previous").in_words()
    for word in ("an order", "or later", "one of the calendar", "of the week before", "hatched"):
        assert word in said


# ---- lifecycle ------------------------------------------------------------------------------


def lifecycle_by_hand(
    oracle: Oracle, asked: Question, unit: str, event: str
) -> dict[date, dict[str, int]]:
    """Interval to the number of people in each state."""
    active: dict[str, set[date]] = {}
    for person, touches in oracle.people.items():
        own = [t for t in touches if is_one(t, event) and t.at <= asked.as_of]
        if own and asked.chosen(oracle.journey_of[own[0].event_id]):
            active[person] = {begin(oracle.day(touch.at), unit) for touch in own}
    counts: dict[date, dict[str, int]] = {}
    today = oracle.day(asked.as_of)
    if not active:
        return counts
    interval = min(min(own) for own in active.values())
    end = max(max(own) for own in active.values())
    while interval <= min(begin(end, unit, 1), today):
        before = begin(interval - timedelta(days=1), unit)
        state = dict.fromkeys(STATES, 0)
        for own in active.values():
            if interval in own:
                known = before in own
                name = "new" if min(own) == interval else "returning" if known else "resurrected"
                state[name] += 1
            elif before in own:
                state["dormant"] += 1
        following = begin(interval, unit, 1)
        if asked.since < following and interval < asked.until:
            counts[interval] = {**state, "is_complete": following <= today}
        interval = following
    return counts


@pytest.mark.parametrize("seed", range(200, 206))
def test_lifecycle(seed: int) -> None:
    random = Random(seed)
    world = case(random, most_people=90, most_touches=25)
    with built(world) as business:
        oracle = business.oracle([row for part in world.deliveries for row in part])
        for question in world.questions:
            filters = Filters(question.since, question.until, question.as_of, question.where)
            for unit in UNITS:
                event = random.choice(["order", "touch", "order_completed"])
                found = lifecycle(business.engine, filters, unit, event)
                assert {
                    row["interval"]: {name: row[name] for name in (*STATES, "is_complete")}
                    for row in found.to_dicts()
                } == lifecycle_by_hand(oracle, question, unit, event), (question, unit, event)


@pytest.mark.parametrize("seed", range(300, 304))
def test_the_identities_of_the_lifecycle(seed: int) -> None:
    world = case(Random(seed), most_people=150, most_touches=25)
    with built(world) as business:
        whole = Filters(date(2020, 1, 1), date(2030, 1, 1), datetime(2030, 1, 1))
        for unit in UNITS:
            rows = lifecycle(business.engine, whole, unit, "touch")
            active = rows["new"] + rows["returning"] + rows["resurrected"]
            assert (rows["active"] == active).all()
            before = rows["active"].shift(1, fill_value=0)
            assert (rows["dormant"] == before - rows["returning"]).all()
            assert rows["new"].sum() == len(business.table("people"))


def test_lifecycle_by_example(business: Business) -> None:
    business.deliver(
        people(
            ana="order_completed@0 order_completed@8 order_completed@22",
            ben="order_completed@1 order_completed@9",
            cleo="order_completed@15",
        )
    )
    filters = Filters(date(2026, 1, 1), date(2028, 1, 1), day(23))
    rows = lifecycle(business.engine, filters, "week")
    assert rows.select("new", "returning", "resurrected", "dormant", "is_complete").rows() == [
        (2, 0, 0, 0, True),
        (0, 2, 0, 0, True),
        (1, 0, 0, 2, True),
        (0, 0, 1, 1, False),
    ]
    with pytest.raises(MetricError, match="There is no unit 'yaer'"):
        lifecycle(business.engine, filters, "yaer")
