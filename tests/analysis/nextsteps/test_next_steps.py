"""Next steps in small worlds by hand, in random ones by plain loops, and where the answer is
planted: a confounder that fools the plain difference."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from fractions import Fraction
from random import Random

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journey.analysis.nextsteps import counting, finding, wording
from journey.analysis.nextsteps.finding import EVERYONE, FEW, LESS, MORE, NONE, WAY
from journey.errors import MetricError
from journey.metrics.filters import Filters
from tests.oracle import DEPTH
from tests.random_worlds import built, case
from tests.world import FIRST_DAY, MONDAY, TWO_YEARS_LATER, YEAR_LATER, Business, people

WINDOW, REPEAT = timedelta(days=30), timedelta(days=90)
STAGES = {number: stage for stage, number in DEPTH.items()}
YEAR = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)


def places(business: Business) -> dict[tuple[str, str], dict]:
    """Person and stage to the row."""
    names = {row["person_number"]: row["person_id"] for row in business.table("people")}
    rows = business.table("crossroads")
    return {(names[row["person_number"]], row["stage"]): row for row in rows}


def test_where_journeys_stand_and_what_comes_next(business):
    business.deliver(
        people(
            straight="ad_clicked@0 product_viewed@1 product_added@2 order_completed@3",
            slow="product_viewed@0 ad_clicked@29.9 product_added@30.001",
            stops="product_viewed@0 reviews_read@31",
            calls="product_viewed@0 support_contacted@0.5 product_added@1",
            again="order_completed@0 order_shipped@1 page_viewed@20 order_completed@89",
        )
    )
    found = places(business)

    def told(person: str, stage: str) -> tuple:
        row = found[person, stage]
        on = row["went_on_at"]
        days = (on - MONDAY).total_seconds() / 86400 if on else None
        return row["next_touchpoint"], row["is_next_further"], row["touches"], days

    assert told("straight", "awareness") == ("product_viewed", True, 1, 1)
    assert told("straight", "decision") == ("order_completed", True, 3, 3)
    assert told("slow", "consideration") == ("ad_clicked", False, 1, None), "past the window"
    assert ("slow", "awareness") not in found, "it was further along already"
    assert told("stops", "consideration") == (None, False, 1, None), "another journey by then"
    assert told("calls", "consideration") == ("support_contacted", False, 1, 1)
    rows = [row for row in business.table("crossroads") if row["stage"] == "purchase"]
    (row,) = (row for row in rows if row["next_touchpoint"])
    assert (row["next_touchpoint"], row["is_next_further"]) == ("order_shipped", False)
    assert (row["went_on_at"] - MONDAY).days == 89


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.randoms(use_true_random=False))
def test_random_worlds_by_plain_loops(random: Random) -> None:
    world = case(random, most_people=30, most_touches=12)
    with built(world) as business:
        oracle = business.oracle([row for part in world.deliveries for row in part])
        for question in world.questions:
            filters = Filters(question.since, question.until, question.as_of, question.where)
            for over in counting.OVER:
                for by_persona in (False, True):
                    found = finding.next_steps(
                        business.engine, business.config, filters, over, by_persona
                    )
                    expected, stood = _by_hand(oracle, question, over, by_persona)
                    assert found.stood == stood
                    assert {
                        (step.persona, step.stage, step.next): (
                            step.journeys, step.matched, step.controls, _round(step.naive),
                        )
                        for step in found.steps
                    } == expected  # fmt: skip
                    way = _on_the_way(oracle) if over == "touchpoint" else set()
                    assert {
                        (step.stage, step.next) for step in found.steps if step.verdict == WAY
                    } == {(s.stage, s.next) for s in found.steps} & way


def _on_the_way(oracle) -> set[tuple[str, str]]:
    """Stages and what at least half of all who went on from there did in between."""
    gone: Counter = Counter()
    passed: Counter = Counter()
    for journey in oracle.journeys:
        if journey.is_orphan:
            continue
        for stage in (1, 2, 3):
            ordered, deepest, inside, start = False, 0, None, None
            for touch in journey.touches:
                late = touch.stage == "post_purchase" and not ordered
                reached = 0 if late else DEPTH[touch.stage]
                ordered |= touch.is_order
                if inside is not None and reached > stage:
                    if touch.at <= start + WINDOW:
                        gone[stage] += 1
                        passed.update((stage, name) for name in inside)
                    break
                if inside is not None:
                    inside.add(touch.touchpoint)
                if deepest < stage == reached:
                    inside, start = set(), touch.at
                deepest = max(deepest, reached)
    return {
        (STAGES[stage], name)
        for (stage, name), number in passed.items()
        if 2 * number >= gone[stage]
    }


def _round(value):
    """Near enough to compare."""
    return None if value is None else round(float(value), 9)


def _by_hand(oracle, question, over, by_persona):
    """The counts of every candidate, journey by journey."""
    cells = defaultdict(list)
    for journey in oracle.journeys:
        if journey.is_orphan:
            continue
        chosen = all(journey.segment(n) in values for n, values in question.where.items())
        reached, ordered, deepest = [], False, 0
        for touch in journey.touches:
            late = touch.stage == "post_purchase" and not ordered
            reached.append(0 if late else DEPTH[touch.stage])
            ordered |= touch.is_order
        for place, touch in enumerate(journey.touches):
            if reached[place] <= deepest:
                continue
            deepest = reached[place]
            window = REPEAT if deepest >= 4 else WINDOW
            day = oracle.day(touch.at)
            mature = touch.at + window <= question.as_of
            if not (chosen and mature and question.since <= day < question.until):
                continue
            further = next(
                (t.at for t, r in zip(journey.touches, reached, strict=True) if r > deepest), None
            )
            if deepest >= 4:
                further = oracle.loyal_at(journey)
            went_on = further is not None and further <= touch.at + window
            after = journey.touches[place + 1] if place + 1 < len(journey.touches) else None
            what = None
            if after is not None and after.at <= touch.at + window:
                straight = deepest < 4 and reached[place + 1] > deepest
                hidden = deepest < 4 and after.stage == "post_purchase"
                if not straight and not hidden:
                    other = oracle.session_of[after.event_id] != oracle.session_of[touch.event_id]
                    what = after.touchpoint
                    if over == "channel":
                        what = after.channel if other else None
            so_far = place + 1
            band = so_far if so_far < 3 else 3 if so_far < 5 else 5 if so_far < 9 else 9
            who = journey.persona if by_persona else EVERYONE
            segments = tuple(journey.segment(name) for name in ("persona", "channel", "device"))
            stage = STAGES[deepest]
            key = (who, stage, *segments, band, oracle.month(touch.at))
            cells[key].append((what, went_on))
    found = defaultdict(lambda: [0, 0, 0, 0, 0, 0])
    for (who, stage, *_), rows in cells.items():
        for what in {what for what, _ in rows if what is not None}:
            with_it = [on for own, on in rows if own == what]
            without = [on for own, on in rows if own != what]
            counts = found[who, stage, what]
            counts[0] += len(with_it)
            counts[1] += len(with_it) if without else 0
            counts[2] += len(without)
            counts[3] += sum(with_it)
            counts[4] += len(without)
            counts[5] += sum(without)
    told = {}
    for key, (n, matched, controls, on, rest, rest_on) in found.items():
        naive = Fraction(on, n) - Fraction(rest_on, rest) if rest else None
        told[key] = (n, matched, controls, _round(naive))
    return told, sum(map(len, cells.values()))


def wandering(seed: int, extra: float, crowd: int = 2500) -> list[dict]:
    """People who look at a product and then, step by step, leave, put it into the cart, read
    reviews or compare. On a desktop they read more and decide more, whatever they read; after
    reviews `extra` more than otherwise go on."""
    random = Random(seed)
    lines = {}
    for number in range(crowd):
        desktop = random.random() < 0.5
        leave, decide, read = (0.15, 0.35, 0.35) if desktop else (0.45, 0.15, 0.05)
        at = float(number % 25)
        line = f"product_viewed@{at}"
        while True:
            at += 0.05
            luck = random.random()
            if luck < leave:
                break
            if luck < leave + decide:
                line += f" product_added@{at:.3f}"
                break
            if luck < leave + decide + read:
                line += f" reviews_read@{at:.3f}"
                if random.random() < extra:
                    line += f" product_added@{at + 0.01:.3f}"
                    break
            else:
                line += f" products_compared@{at:.3f}"
        lines[f"p{number}"] = f"{line} device={'desktop' if desktop else 'mobile'}"
    return people(**lines)


@pytest.fixture(scope="module")
def null_world(tmp_path_factory):
    """Reading changes nothing."""
    business = Business(tmp_path_factory.mktemp("nothing"))
    business.deliver(wandering(3, extra=0.0), "parquet")
    business.build()
    yield business
    business.close()


def step(business: Business, what: str) -> finding.Step:
    """What is told of a touch after looking at a product."""
    found = finding.next_steps(business.engine, business.config, YEAR)
    return next(s for s in found.at(stage="consideration") if s.next == what)


def test_where_a_confounder_fools_the_plain_difference_matching_does_not(null_world):
    told = step(null_world, "reviews_read")
    assert told.naive > 0.2, "who reads is on a desktop, and decides more anyway"
    assert told.effect is not None
    value, low, high = told.effect
    assert low < 0 < high
    assert abs(value) < 0.08
    assert told.against_others is not None
    assert told.against_others[1] < 0 < told.against_others[2]
    assert told.verdict == NONE
    assert step(null_world, "products_compared").verdict == NONE


def test_what_reading_really_does_is_found(business):
    """After reviews a third more go on at once: the true difference is extra (1 - P)."""
    business.deliver(wandering(4, extra=0.33), "parquet")
    told = step(business, "reviews_read")
    assert told.verdict == MORE
    assert told.effect is not None
    assert 0.10 < told.effect[1] < told.effect[0] < 0.33
    assert told.needed is not None
    assert told.weeks == pytest.approx(told.needed / (7 * 2500 / 25))
    said = wording.sentence(told)
    assert "more went on" in said
    assert "were the effect as large" in said


def walked(random: Random, crowd: int, hidden: bool) -> pl.DataFrame:
    """Counted journeys of people for whom the next touch changes nothing: step by step they leave,
    go on, or do one of three things. How willing they are shows in their device; or, `hidden`,
    in nothing that is recorded."""
    counts: Counter = Counter()
    for _ in range(crowd):
        willing = random.random() < 0.5
        leave, decide = (0.1, 0.2) if willing else (0.6, 0.1)
        device = "all" if hidden else "desktop" if willing else "mobile"
        first = what = None
        while what not in ("leave", "decide"):
            luck = random.random()
            what = "leave" if luck < leave else "decide" if luck < leave + decide else None
            what = what or random.choice(["read", "compare", "search"])
            first = first or what
        kind = {"leave": "none", "decide": "further"}.get(str(first), "candidate")
        counts[device, kind, first if kind == "candidate" else None, what == "decide"] += 1
    rows = [
        {
            "stage": "consideration", "persona": "p", "entry_channel": "c", "device": device,
            "band": 1, "month": MONDAY.date(), "kind": kind, "next": what,
            "is_return": False, "stood": number, "went_on": number if on else 0,
            "first_on": MONDAY.date(), "last_on": MONDAY.date(),
        }
        for (device, kind, what, on), number in counts.items()
    ]  # fmt: skip
    return pl.DataFrame(rows)


def test_where_nothing_matters_little_is_called():
    """Sixty such worlds, three steps each: both comparisons are right in the middle."""
    random = Random(17)
    steps = [
        step
        for _ in range(60)
        for step in finding.judge(walked(random, 1200, hidden=False), 30).steps
    ]
    assert len(steps) == 180
    for sides in ("effect", "against_others"):
        told = [getattr(step, sides) for step in steps]
        assert abs(sum(value for value, _, _ in told) / len(told)) < 0.01
        missed = sum(not low <= 0 <= high for _, low, high in told)
        assert missed / len(told) < 0.09
    assert sum(step.verdict in (MORE, LESS) for step in steps) <= 6


def test_hidden_willingness_does_not_make_every_step_look_good():
    """Who is willing stays, so that any touch goes with more than leaving does. Held against
    others who did something else, none is called."""
    random = Random(23)
    steps = [
        step
        for _ in range(40)
        for step in finding.judge(walked(random, 2000, hidden=True), 30).steps
    ]
    ahead = [step for step in steps if step.effect is not None and step.effect[1] > 0]
    assert len(ahead) > 0.8 * len(steps)
    assert sum(step.verdict == MORE for step in steps) < 0.06 * len(steps)
    assert sum(step.verdict == finding.SAME for step in steps) > 0.75 * len(steps)


def test_a_channel_is_held_against_other_ways_back(business):
    """Who comes back goes on more, whichever way; so no channel is the better one."""
    random, lines = Random(31), {}
    for number in range(1500):
        at = number % 20
        line = f"product_viewed@{at}"
        if random.random() < 0.5:
            channel = random.choice(["Email", "Search"])
            line += f" page_viewed@{at + 1},channel={channel}"
            line += f" product_added@{at + 1.01},channel={channel}" * (random.random() < 0.7)
        else:
            line += f" products_compared@{at + 0.01}"
            line += f" product_added@{at + 0.015}" * (random.random() < 0.3)
        lines[f"p{number}"] = line
    business.deliver(people(**lines), "parquet")
    found = finding.next_steps(business.engine, business.config, YEAR, "channel")
    assert {s.next: s.verdict for s in found.at(stage="consideration")} == {
        "Email": finding.SAME,
        "Search": finding.SAME,
    }
    assert all(s.effect is not None and s.effect[1] > 0.2 for s in found.steps)


def test_touches_beyond_the_goal_are_no_candidates(null_world):
    found = finding.next_steps(null_world.engine, null_world.config, YEAR)
    assert {s.next for s in found.steps} == {"reviews_read", "products_compared"}


def test_what_most_who_go_on_do_anyway_is_no_advice(business):
    """Nobody orders without a checkout, and coupons change nothing."""
    lines = {}
    for number in range(400):
        at = number % 20
        line = f"product_added@{at}"
        line += f" coupon_entered@{at + 0.1}" * (number % 4 == 0)
        line += f" checkout_started@{at + 0.2} order_completed@{at + 0.3}" * (number % 3 == 0)
        lines[f"p{number}"] = line
    business.deliver(people(**lines))
    found = finding.next_steps(business.engine, business.config, YEAR)
    told = {s.next: s for s in found.at(stage="decision")}
    assert told["checkout_started"].verdict == WAY
    assert told["checkout_started"].needed is None
    assert "a step on the way" in wording.sentence(told["checkout_started"])
    assert told["coupon_entered"].verdict == NONE


def test_few_are_not_judged(business):
    business.deliver(wandering(3, extra=0.5, crowd=60), "parquet")
    found = finding.next_steps(business.engine, business.config, YEAR)
    assert {s.verdict for s in found.steps} <= {FEW, WAY}
    assert all(s.effect is None and s.needed is None for s in found.steps)
    assert "too few to tell" in wording.sentence(found.steps[0])


def test_nobody_is_no_trouble(business):
    business.deliver(people(ana="page_viewed@0"))
    nobody = Filters(date(1999, 1, 1), date(1999, 2, 1), datetime(2030, 1, 1))
    found = finding.next_steps(business.engine, business.config, nobody)
    assert (found.steps, found.stood) == ((), 0)
    assert wording.table(()).is_empty()


def test_a_misspelt_place_is_refused(null_world):
    with pytest.raises(MetricError, match="Did you mean 'decision'"):
        finding.check(null_world.engine, None, "decison")
    with pytest.raises(MetricError, match="There is no persona 'Nobody'"):
        finding.check(null_world.engine, "Nobody", None)


def test_the_called_come_first(null_world):
    found = finding.next_steps(null_world.engine, null_world.config, YEAR, by_persona=True)
    order = (MORE, LESS, finding.SAME, NONE, WAY, FEW)
    ranks = [order.index(s.verdict) for s in found.steps]
    assert ranks == sorted(ranks)
    assert found.at("Unknown") == found.steps
