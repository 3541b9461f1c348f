"""What is made of a funnel's tries: rates, times, breakdowns, money, drivers, and who left."""

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import chain, count
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any

import polars as pl
import pytest

from journey.analysis.funnel import (
    breakdown,
    compare,
    course,
    drivers,
    duration,
    joining,
    leavers,
    maturity,
    money,
    report,
    segment,
)
from journey.analysis.funnel import rows as touch_rows
from journey.analysis.funnel.carried import NUMBERED
from journey.analysis.funnel.names import known
from journey.analysis.funnel.query import Query
from journey.analysis.funnel.spec import Count, Entry, Funnel, Mode
from journey.analysis.funnel.steps import parse_step
from journey.errors import MetricError
from journey.intake.sources import queries_folder
from journey.metrics import segments, statistics
from journey.metrics.filters import Filters
from tests.funnel_oracle import HandFunnel, HandStep, tries
from tests.oracle import Oracle, Question
from tests.random_worlds import case
from tests.world import MONDAY, Business, people

ALL = Filters(date(2020, 1, 1), date(2040, 1, 1), datetime(2041, 1, 1))
MONTH = timedelta(days=30)


def funnel(*steps: str, **settings: Any) -> Funnel:
    return Funnel(tuple(map(parse_step, steps)), **settings)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Business, Oracle]]:
    """A random crowd, built, and the same by hand."""
    business = Business(tmp_path_factory.mktemp("crowd"), currency="EUR", time_zone="Europe/Berlin")
    worlds = (case(Random(seed), 400, 30).deliveries for seed in count())
    rows = next(rows for parts in worlds if len(rows := [*chain(*parts)]) > 5_000)
    business.deliver(rows)
    business.build()
    yield business, business.oracle(rows)
    business.close()


@pytest.fixture
def queries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of queries/ to save segments into."""
    copy = tmp_path / "queries"
    shutil.copytree(queries_folder(), copy)
    monkeypatch.setenv("JOURNEY_QUERIES", str(copy))
    return copy


TO_ORDER = ("product_viewed", "product_added", "order_completed")


# Open entry


def test_with_open_entry_everyone_counts_from_where_they_came_in(tmp_path: Path) -> None:
    """Ana goes the whole way, Ben comes in at the cart, Cleo at the order; Dan's view comes after
    his cart, so he came in there and a view is no step on; Eve is too slow for the window."""
    business = Business(tmp_path)
    business.deliver(
        people(
            ana="product_viewed@0 product_added@1 order_completed@2",
            ben="product_added@0 order_completed@1",
            cleo="order_completed@0",
            dan="product_added@0 product_viewed@1 product_added@2",
            eve="product_added@0 order_completed@31",
        )
    )
    asked = funnel(*TO_ORDER, window=MONTH)
    found = joining.ask(business.engine, asked, ALL)
    assert [one.entered for one in found] == [1, 3, 1]
    assert [one.came for one in found] == [0, 1, 2]
    assert [one.count for one in found] == [1, 4, 3]
    assert [one.previous for one in found] == [None, 1.0, 0.5]
    assert found[-1].overall == pytest.approx(3 / 5)
    assert "coming in at whichever of these steps comes first" in joining.open_rule(asked, ALL)
    assert joining.table(found).height == 3
    business.close()


def test_whoever_did_any_step_came_in_somewhere(crowd: tuple[Business, Oracle]) -> None:
    """All that came in are those with any of the steps, and those at the first step who came in
    there go on as in the closed funnel, which holds no fewer."""
    engine = crowd[0].engine
    either = funnel(",".join(TO_ORDER), ",".join(TO_ORDER), window=MONTH)
    asked = funnel(*TO_ORDER, window=MONTH)
    found = joining.ask(engine, asked, ALL)
    assert sum(one.entered for one in found) == report.ask(engine, either, ALL).steps[0].count
    assert found[0].entered <= report.ask(engine, asked, ALL).steps[0].count


# Rates and maturity


def test_with_everybody_mature_the_estimate_is_the_plain_share(
    crowd: tuple[Business, Oracle],
) -> None:
    asked = funnel(*TO_ORDER, window=MONTH)
    table = report.table(crowd[0].engine, asked, ALL)
    steps = report.ask(crowd[0].engine, asked, ALL).steps
    for step, estimate in zip(steps, maturity.estimates(table, asked, ALL.as_of), strict=True):
        assert estimate.share == pytest.approx(step.overall)


def test_the_estimate_lies_above_what_counts_the_immature_as_gone(
    crowd: tuple[Business, Oracle],
) -> None:
    asked = funnel("product_viewed", "product_added", window=MONTH)
    moments = sorted(touch.at for touch in crowd[1].touches)
    early = Filters(ALL.since, ALL.until, moments[len(moments) // 2])
    table = report.table(crowd[0].engine, asked, early)
    over = table.filter(maturity.is_mature(asked, early.as_of))
    assert 0 < over.height < table.height
    counted = report.ask(crowd[0].engine, asked, early).steps[1].overall
    estimate = maturity.estimates(table, asked, early.as_of)[1]
    assert estimate.share is not None
    assert counted is not None
    assert estimate.share > counted
    mature = report.ask(crowd[0].engine, asked, early, mature_only=True).steps
    assert mature[0].count == over.height
    assert mature[1].count == over["at_2"].count()


def test_without_a_window_there_is_no_estimate(crowd: tuple[Business, Oracle]) -> None:
    asked = funnel(*TO_ORDER)
    assert maturity.estimates(report.table(crowd[0].engine, asked, ALL), asked, ALL.as_of) == []


# Times


def test_times_between_steps_are_those_of_the_hand(crowd: tuple[Business, Oracle]) -> None:
    asked = funnel(*TO_ORDER)
    table = report.table(crowd[0].engine, asked, ALL)
    by_hand = HandFunnel(
        [HandStep(frozenset({name})) for name in TO_ORDER],
        *("ordered", None, "people", "first", [], [], True, timedelta(0), frozenset()),
    )
    everything = Question(ALL.since, ALL.until, ALL.as_of)
    took = sorted(
        (two.at - one.at).total_seconds()
        for one, two, _ in tries(crowd[1], by_hand, everything, datetime.max)
        if one and two
    )
    found = duration.duration(table, asked, ALL.as_of, 1, 2)
    assert found.tries == len(took) > 30
    cuts = quantiles(took, n=20, method="inclusive")
    assert found.percentiles == pytest.approx(
        {25: cuts[4], 50: cuts[9], 75: cuts[14], 90: cuts[17]}
    )
    assert found.bars["tries"].sum() == len(took)
    for start, end, number in found.bars.iter_rows():
        assert number == sum(start <= one and (end is None or one < end) for one in took)
    edges = found.bars["from_seconds"].to_list()[1:]
    assert edges == found.bars["to_seconds"].to_list()[: len(edges)], "no gap between the bars"


def test_times_of_nobody(crowd: tuple[Business, Oracle]) -> None:
    asked = funnel("review_written", "review_written", "ad_clicked:channel=nowhere")
    table = report.table(crowd[0].engine, asked, ALL)
    found = duration.duration(table, asked, ALL.as_of, 1, 3)
    assert (found.tries, found.percentiles, found.bars.height) == (0, {}, 0)
    assert found.waiting_median is None


# Breakdowns, course, comparison


@pytest.mark.parametrize("by", breakdown.COLUMNS)
@pytest.mark.parametrize("at", ["first", "last", "2"])
def test_the_values_of_a_breakdown_sum_to_the_whole(
    by: str, at: str, crowd: tuple[Business, Oracle]
) -> None:
    asked = funnel(*TO_ORDER)
    table = report.table(crowd[0].engine, asked, ALL, also=[breakdown.column_of(by)])
    found = breakdown.breakdown(table, asked, by, at).rows
    counts = [step.count for step in report.ask(crowd[0].engine, asked, ALL).steps]
    if at == "2":
        counts[0] = counts[1]
    assert [found[f"step_{n}"].sum() for n in (1, 2, 3)] == counts
    assert found["value"].is_unique().all()


@pytest.mark.parametrize("where", [{}, {"device": ("mobile",)}])
@pytest.mark.parametrize("name", NUMBERED)
def test_what_is_read_as_a_number_is_what_the_touch_carries(
    name: str, where: dict[str, tuple[str, ...]], crowd: tuple[Business, Oracle]
) -> None:
    """As the wide table of touches has it, which no funnel that is asked so reads."""
    asked, frame = funnel(*TO_ORDER), replace(ALL, where=where)
    table = report.table(crowd[0].engine, asked, frame, also=[name, "touch_number"])
    carried = {
        (touch["person_number"], touch["touch_number"]): touch[name]
        for touch in crowd[0].table("touches", f"person_number, touch_number, {name}")
    }
    assert table["at_3"].count() > 5
    for step in (1, 2, 3):
        reached = table.filter(pl.col(f"at_{step}").is_not_null())
        rows = reached.select("person", f"touch_number_{step}", f"{name}_{step}").iter_rows()
        for person, touch, value in rows:
            assert value == carried[person, touch]
        assert table[f"{name}_{step}"].count() == reached.height


@pytest.mark.parametrize("mode", list(Mode))
def test_tries_tell_the_report_that_is_counted(mode: Mode, crowd: tuple[Business, Oracle]) -> None:
    engine, asked = crowd[0].engine, funnel(*TO_ORDER, mode=mode, window=MONTH)
    for mature_only in (False, True):
        table = report.table(engine, asked, ALL, mature_only=mature_only)
        counted = report.ask(engine, asked, ALL, mature_only=mature_only)
        assert counted.steps[-1].count > 0
        assert report.told(table, asked, ALL, mature_only=mature_only) == counted


def test_a_breakdown_takes_the_value_of_its_step(tmp_path: Path) -> None:
    business = Business(tmp_path)
    business.deliver(
        people(
            ana="product_viewed@0,device=mobile product_added@1,device=tablet",
            ben="product_viewed@0,device=mobile",
        )
    )
    asked = funnel("product_viewed", "product_added")
    table = report.table(business.engine, asked, ALL, also=["touch_device"])

    def found(at: str) -> dict[str, int]:
        rows = breakdown.breakdown(table, asked, "touch_device", at).rows
        return dict(rows.select("value", "step_1").iter_rows())

    assert found("first") == {"mobile": 2}
    assert found("last") == {"mobile": 1, "tablet": 1}
    assert found("2") == {"tablet": 1}
    for at in ("3", "0", "middle"):
        with pytest.raises(MetricError, match="no step"):
            found(at)
    with pytest.raises(MetricError, match="broken down by 'devise'"):
        breakdown.column_of("devise")
    business.close()


def test_at_most_twelve_values_stand_for_themselves(tmp_path: Path) -> None:
    business = Business(tmp_path)
    lines = {
        f"p{number}": f"product_viewed@0,category=c{number % 15:02}" for number in range(15 * 4)
    }
    business.deliver(people(**lines))
    asked = funnel("product_viewed", "product_added")
    table = report.table(business.engine, asked, ALL, also=["category"])
    rows = breakdown.breakdown(table, asked, "category").rows
    assert rows["value"].to_list() == [*(f"c{n:02}" for n in range(12)), "Other"]
    assert rows["step_1"].to_list() == [4] * 12 + [12]
    business.close()


def test_verdicts_need_cases_on_both_sides_and_stand_among_many() -> None:
    sizes = {"good": (90, 100), "bad": (30, 100), "usual": (60, 100), "few": (29, 29)}
    rows = [
        {"at_1": MONDAY, "at_2": MONDAY if n < part else None, "persona_1": value}
        for value, (part, whole) in sizes.items()
        for n in range(whole)
    ]
    table = pl.DataFrame(rows, schema_overrides={"at_2": pl.Datetime})
    found = breakdown.breakdown(table, funnel("a", "b"), "persona").rows
    verdicts = dict(found.select("value", "verdict").iter_rows())
    assert verdicts == {
        "good": "higher", "bad": "lower", "usual": "within chance", "few": "no call"
    }  # fmt: skip
    good = found.row(by_predicate=pl.col("value") == "good", named=True)
    assert (good["low"], good["high"]) == statistics.wilson(90, 100)
    rest = (119, 229)
    assert good["difference"] == pytest.approx(0.9 - 119 / 229)
    assert good["difference_low"] == statistics.difference(90, 100, *rest)[1]
    assert good["chance"] == statistics.two_shares(90, 100, *rest)


@pytest.mark.parametrize("grain", course.GRAINS)
def test_the_course_sums_to_the_whole(grain: str, crowd: tuple[Business, Oracle]) -> None:
    asked = funnel(*TO_ORDER)
    table = report.table(crowd[0].engine, asked, ALL)
    rows = course.course(table, asked, "Europe/Berlin", grain)
    steps = report.ask(crowd[0].engine, asked, ALL).steps
    assert (rows["reached"].sum(), rows["entered"].sum()) == (steps[2].count, steps[0].count)
    assert rows[grain].is_sorted()


def test_the_course_counts_days_where_the_business_is() -> None:
    at = datetime(2026, 3, 1, 23, 30)
    table = pl.DataFrame({"at_1": [at], "at_2": [at]})
    asked = funnel("a", "b")
    assert course.course(table, asked, "UTC", "day").row(0) == (date(2026, 3, 1), 1, 1)
    assert course.course(table, asked, "Europe/Berlin", "day").row(0) == (date(2026, 3, 2), 1, 1)


def test_shifts_carry_newcombe_s_interval_and_call_only_enough() -> None:
    now = report.reached(funnel("a", "b", "c"), [70, 56, 20])
    before = report.reached(funnel("a", "b", "c"), [80, 48, 24])
    found = compare.shifts(now, before)
    assert [(one.step, one.of) for one in found] == [
        *(("b", "overall"), ("c", "overall"), ("b", "previous"), ("c", "previous"))
    ]
    assert (round(found[0].difference, 4), round(found[0].low, 4)) == (0.2, 0.0524)
    assert found[0].verdict == "higher"
    assert found[1].verdict == "within chance"
    few = compare.shifts(report.reached(funnel("a", "b"), [29, 29]), before[:2])
    assert {one.verdict for one in few} == {"no call"}
    assert compare.shifts(report.reached(funnel("a", "b"), [0, 0]), before[:2]) == []
    assert compare.rows(found).height == 4


# Money


def test_money_is_what_the_steps_touches_carried(tmp_path: Path) -> None:
    business = Business(tmp_path, currency="EUR")
    business.deliver(
        people(
            ana="product_viewed@0 product_viewed@1 order_completed@2,revenue=40,currency=EUR",
            ben="product_viewed@0 order_completed@2,revenue=10.50",
            cleo="product_viewed@0 order_completed@2,revenue=99,currency=USD",
            dan="product_viewed@0",
        )
    )
    asked = funnel("product_viewed", "order_completed")
    entries = funnel("product_viewed", "order_completed", count=Count.ENTRIES)
    for one, entered in ((asked, 4), (entries, 5)):
        table = report.table(business.engine, one, ALL, also=money.COLUMNS)
        rows = money.money(business.engine, one, ALL, table).rows()
        assert rows[0][1:] == (0, 0.0, 0.0, 0)
        assert rows[1][1:] == (2, 50.5, 50.5 / entered, 1), "Ana's order is counted once"
    business.close()


# Parts


@pytest.mark.parametrize("asked", [
    funnel(*TO_ORDER, window=MONTH),
    funnel(*TO_ORDER, mode=Mode.STRICT),
    funnel(*TO_ORDER, count=Count.SESSIONS),
])  # fmt: skip
def test_in_parts_it_is_the_same(
    asked: Funnel, crowd: tuple[Business, Oracle], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = crowd[0].engine
    whole = report.table(engine, asked, ALL)
    told = drivers.drivers(engine, asked, ALL, 1, 2)
    monkeypatch.setattr(report, "STEP_TOUCHES", 800)
    monkeypatch.setattr(report, "ALL_TOUCHES", 600)
    monkeypatch.setattr(report, "SLICE", 150)
    parts = list(report.follow(engine, asked, ALL))
    assert len(parts) > 5
    assert pl.concat([part.table() for part in parts]).equals(whole)
    assert drivers.drivers(engine, asked, ALL, 1, 2).rows.equals(told.rows)


@pytest.mark.parametrize("entry", [Entry.FIRST, Entry.BEST])
@pytest.mark.parametrize("mode", [Mode.ORDERED, Mode.FLEXIBLE])
def test_entries_in_a_row_are_left_out_without_a_change(
    entry: Entry, mode: Mode, crowd: tuple[Business, Oracle], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, moments = crowd[0].engine, sorted(touch.at for touch in crowd[1].touches)
    goal = ("product_added", "order_completed")
    steps = (",".join(sorted({touch.touchpoint for touch in crowd[1].touches} - {*goal})), *goal)
    asked = funnel(*steps, mode=mode, entry=entry, window=MONTH)
    middle = moments[len(moments) // 2].date()
    frames = [ALL, replace(ALL, until=middle), replace(ALL, since=middle)]
    left_out = []

    def noted(one: Funnel, query: Query, found: pl.DataFrame) -> pl.DataFrame:
        kept = touch_rows.thinned(one, query, found)
        left_out.append(len(found) - len(kept))
        return kept

    monkeypatch.setattr(report, "thinned", noted)
    thin = [report.table(engine, asked, frame) for frame in frames]
    monkeypatch.setattr(report, "thinned", lambda one, query, found: found)
    assert min(left_out) > 0
    assert all(a.equals(report.table(engine, asked, b)) for a, b in zip(thin, frames, strict=True))


@pytest.mark.parametrize("mode", list(Mode))
def test_ten_steps_of_which_the_last_never_came_in(
    mode: Mode, crowd: tuple[Business, Oracle]
) -> None:
    engine = crowd[0].engine
    known_names = known(engine, ALL)
    never = [name for name in known_names.stages if name not in known_names.known][:2]
    assert len(never) == 2
    asked = funnel(*["product_viewed"] * 8, *never, mode=mode)
    found = report.ask(engine, asked, ALL).steps
    assert found[0].count > 0
    assert [step.count for step in found[8:]] == [0, 0]


# Drivers


def test_drivers_are_counted_as_by_hand(crowd: tuple[Business, Oracle]) -> None:
    business, oracle = crowd
    moments = sorted(touch.at for touch in oracle.touches)
    asked = Filters(ALL.since, ALL.until, moments[len(moments) * 3 // 4])
    window = timedelta(days=20)
    told = drivers.drivers(
        business.engine,
        funnel("product_viewed", "order_completed", window=window),
        asked,
        *(1, 2),
        minimum_n=5,
    )
    by_hand = HandFunnel(
        [HandStep(frozenset({"product_viewed"})), HandStep(frozenset({"order_completed"}))],
        *("ordered", window, "people", "first", [], [], True, timedelta(0), frozenset()),
    )
    question = Question(asked.since, asked.until, asked.as_of)
    did: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    sizes: Counter[bool] = Counter()
    for one, order in tries(oracle, by_hand, question, asked.as_of - window):
        assert one is not None
        sizes[bool(order)] += 1
        end = order.place if order else None
        between = {
            touch.touchpoint
            for touch in oracle.people[one.person]
            if touch.place > one.place
            and touch.at <= min(one.at + window, asked.as_of)
            and (end is None or touch.place < end)
        }
        device = f"device: {one.device}"
        did[bool(order)].update({*between, device, f"persona: {_persona(oracle, one)}"})
    assert (told.went_on, told.left) == (sizes[True], sizes[False])
    assert min(sizes.values()) > 30
    checked = 0
    for row in told.rows.iter_rows(named=True):
        what = row["what"]
        if row["kind"] == "was" and not what.startswith(("device: ", "persona: ")):
            continue
        both, only = did[True][what], did[False][what]
        cells = (both, only, sizes[True] - both, sizes[False] - only)
        assert row["n"] == both + only, what
        assert row["went_on_did"] == pytest.approx(both / sizes[True])
        assert row["left_did"] == pytest.approx(only / sizes[False])
        assert (row["odds_ratio"], row["low"], row["high"]) == drivers.odds_ratio(*cells)
        assert row["phi"] == pytest.approx(drivers.phi(*cells))
        checked += 1
    assert checked > 10
    assert {"product_viewed", "order_completed"} & set(told.rows["what"]) == set()


def _persona(oracle: Oracle, touch: Any) -> str:
    return str(oracle.journey_of[touch.event_id].persona)


def test_what_is_possible_only_after_the_goal_is_left_out(tmp_path: Path) -> None:
    business = Business(tmp_path)
    business.deliver(
        people(
            **{
                f"buyer{n}": "checkout_started@0 coupon_entered@0.1 order_completed@1 "
                "order_shipped@2 checkout_started@3 order_completed@4"
                for n in range(40)
            },
            **{f"other{n}": "checkout_started@0 support_contacted@1" for n in range(40)},
        )
    )
    asked = funnel("checkout_started", "order_completed", window=MONTH, count=Count.ENTRIES)
    told = drivers.drivers(business.engine, asked, ALL, 1, 2)
    assert told.left_out == ("order_shipped",)
    what = dict(told.rows.filter(pl.col("kind") == "did").select("what", "verdict").iter_rows())
    assert what == {"coupon_entered": "for", "support_contacted": "against"}
    business.close()


@pytest.mark.parametrize(
    ("asked", "steps", "said"),
    [
        (funnel("a", "b", mode=Mode.ANY), (1, 2), "any order"),
        (funnel("a", "b"), (2, 1), "two steps that must happen"),
        (funnel("a", "b?", "c"), (1, 2), "Choose two of 1, 3"),
        (funnel("a", "b"), (1, 3), "two steps that must happen"),
    ],
)
def test_drivers_need_two_steps_in_order(
    asked: Funnel, steps: tuple[int, int], said: str, crowd: tuple[Business, Oracle]
) -> None:
    with pytest.raises(MetricError, match=said):
        drivers.drivers(crowd[0].engine, asked, ALL, *steps)


# Who left


def test_who_left_is_who_did_not_go_on(crowd: tuple[Business, Oracle]) -> None:
    asked = funnel(*TO_ORDER, window=MONTH)
    table = report.table(crowd[0].engine, asked, ALL)
    counts = [step.count for step in report.ask(crowd[0].engine, asked, ALL).steps]
    for step in (2, 3):
        gone = leavers.leavers(table, asked, ALL, step)
        assert gone.tries == gone.people.height == counts[step - 2] - counts[step - 1]
        assert gone.undecided == 0
    moment = table["at_1"].sort()[table.height // 2]
    early = Filters(ALL.since, ALL.until, moment + timedelta(days=15))
    seen = report.table(crowd[0].engine, asked, early)
    gone = leavers.leavers(seen, asked, early, 2)
    assert gone.undecided > 0
    assert gone.tries + gone.undecided == seen["at_2"].null_count()
    for step in (1, 4):
        with pytest.raises(MetricError, match="Nobody can leave"):
            leavers.leavers(table, asked, ALL, step)


RULES = [
    funnel(*TO_ORDER, window=MONTH),
    funnel(*TO_ORDER),
    funnel("ad_clicked,page_viewed", "consideration", "decision:device=mobile,desktop"),
    funnel("product_viewed:channel!=Email", "product_added?", "order_completed:revenue=20..60"),
    funnel("product_viewed", "product_added:gap=1m..3d", "order_completed:gap=..30d"),
    funnel("product_viewed:online=yes", "order_completed", window="session"),
    funnel("product_added", "order_completed", hold=("cart",), entry=Entry.FIRST),
    funnel("product_viewed", "order_completed", hold=("session", "product"), entry=Entry.FIRST),
    funnel("product_viewed", "product_viewed", "product_viewed", mode=Mode.FLEXIBLE, window=MONTH),
    funnel("product_viewed", "product_viewed", "order_completed", window=timedelta(days=3)),
]
BY_IDS = [
    funnel(*TO_ORDER, mode=Mode.STRICT),
    funnel(*TO_ORDER, entry=Entry.BEST, window=MONTH),
    funnel(*TO_ORDER, grace=timedelta(minutes=1)),
    funnel(*TO_ORDER, count=Count.JOURNEYS),
]


@pytest.mark.parametrize("asked", [*RULES, *BY_IDS])
@pytest.mark.parametrize("where", [{}, {"channel": ("Email",), "device": ("mobile", "Unknown")}])
def test_a_saved_segment_holds_those_who_left(
    asked: Funnel,
    where: dict[str, tuple[str, ...]],
    crowd: tuple[Business, Oracle],
    queries: Path,
) -> None:
    business, oracle = crowd
    engine = business.engine
    moments = sorted(touch.at for touch in oracle.touches)
    filters = Filters(date(2026, 3, 1), date(2026, 11, 15), moments[len(moments) * 3 // 4], where)
    last = len(asked.steps)
    gone = leavers.leavers(report.table(engine, asked, filters), asked, filters, last)
    left = set(segment.identified(engine, filters, gone.people)["person_id"])
    made = segment.segment_file(engine, asked, filters, known(engine, filters), gone)
    assert made.is_rule == (asked in RULES)
    path = segment.save("who_left", made)
    saved = segments.find("who_left")
    frame = Filters(filters.since, filters.until, filters.as_of)
    assert set(engine.people(saved, frame)["person_id"]) == left
    assert saved.title.startswith("Left between")
    assert saved.question.endswith("?")
    assert "select" in path.read_text()
    assert left or where


def test_a_segment_is_saved_once_and_under_a_name(
    town: Business, queries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = funnel("product_viewed", "order_completed")
    table = report.table(town.engine, asked, ALL)
    gone = leavers.leavers(table, asked, ALL, 2)
    made = segment.segment_file(town.engine, asked, ALL, known(town.engine, ALL), gone)
    path = segment.save("left", made)
    assert path.read_text() == made.text
    assert path == queries / "segments" / "left.sql"
    assert not list(path.parent.glob("*.saving"))
    with pytest.raises(MetricError, match="There is a segment 'left' already"):
        segment.save("left", made)
    for name in ("", "Left", "1st", "a-b", "../etc", "a" * 65):
        with pytest.raises(MetricError, match="no name for a segment"):
            segment.save(name, made)
    monkeypatch.setattr(segment, "MOST_IDS", 0)
    strict = funnel("product_viewed", "order_completed", mode=Mode.STRICT)
    with pytest.raises(MetricError, match="too many to list"):
        segment.segment_file(town.engine, strict, ALL, known(town.engine, ALL), gone)


def test_hostile_names_stay_text_in_a_segment(tmp_path: Path, queries: Path) -> None:
    hostile = "x') or true --"
    business = Business(tmp_path / "shop")
    rows = people(ana="product_viewed@0 order_completed@1", ben="product_viewed@0")
    rows.append(rows[0] | {"event_id": "h", "customer_id": "cleo", "touchpoint": hostile})
    business.deliver(rows)
    engine = business.engine
    for mode in (Mode.ORDERED, Mode.STRICT):
        asked = Funnel((parse_step(hostile), parse_step("order_completed")), mode=mode)
        gone = leavers.leavers(report.table(engine, asked, ALL), asked, ALL, 2)
        made = segment.segment_file(engine, asked, ALL, known(engine, ALL), gone)
        segment.save(f"mine_{mode}", made)
        found = engine.people(segments.find(f"mine_{mode}"), ALL)
        assert found["person_id"].to_list() == ["cleo"]
    business.close()
