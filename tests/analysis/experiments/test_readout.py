"""Read-outs of small worlds, told by hand; of random ones, by plain loops."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journey.analysis.experiments import arms, readout, wording
from journey.analysis.experiments.readout import BETTER, DISTRUST, EARLY, NONE, WORSE
from journey.errors import MetricError
from journey.experiments import Plan
from journey.metrics.filters import Filters
from journey.present import trials
from tests.random_worlds import built, case
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, people

WINDOW = timedelta(days=30)


def crowd(**arms_of: tuple[int, int]) -> list[dict]:
    """Arm to its buyers and its people, assigned on the first days of the year."""
    lines = {}
    for arm, (buyers, everyone) in arms_of.items():
        for number in range(everyone):
            at = number % 20
            lines[f"{arm}{number}"] = (
                f"page_viewed@{at},experiment=banner,variant={arm}"
                + (f" order_completed@{at + 1},revenue=10,currency=EUR" * (number < buyers))
                + f" persona={'new' if number % 3 else 'old'}"
            )
    return people(**lines)


def read(business: Business, experiment: str = "banner", as_of=TWO_YEARS_LATER, **asked):
    """The read-out over the first year."""
    filters = business.engine.filters(FIRST_DAY, YEAR_LATER, as_of)
    return readout.read(business.engine, business.config, filters, experiment, **asked)


def ask(business: Business, rows: list[dict], **asked):
    """Deliver, and read."""
    business.deliver(rows)
    return read(business, **asked)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ((90, 200), (50, 200), BETTER),
        ((50, 200), (90, 200), WORSE),
        ((55, 200), (50, 200), NONE),
        ((20, 25), (1, 25), EARLY),
        ((90, 300), (50, 200), DISTRUST),
    ],
)
def test_each_verdict(business, one, other, verdict):
    found = ask(business, crowd(B=one, A=other))
    (compared,) = found.comparisons
    assert (compared.arm.name, found.control, compared.verdict) == ("B", "A", verdict)
    assert (compared.arm.share, compared.control.share) == (one, other)
    said = " ".join(wording.told(found, "EUR"))
    if verdict == DISTRUST:
        assert said.startswith("Sample ratio: 200 in A and 300 in B, but 250 and 250 were planned")
        assert "points" not in said
    else:
        assert "It holds" in said


def test_a_planned_split_a_goal_and_a_control_of_ones_own(business):
    plan = Plan({"A": 2, "B": 3}, control="B", goal="order_completed", better="lower")
    business.config = replace(business.config, experiments={"banner": plan})
    found = ask(business, crowd(B=(90, 300), A=(100, 200)))
    (compared,) = found.comparisons
    assert found.ratio.holds
    assert (found.control, compared.verdict) == ("B", WORSE), "more of what should be less"


def test_the_young_do_not_count_and_most_of_them_make_it_early(business):
    found = ask(business, crowd(B=(90, 200), A=(50, 200)), as_of=datetime(2026, 2, 7))
    assert found.counted.assigned == 400
    assert found.people == 2 * 40, "assigned on the first four days"
    assert found.comparisons[0].verdict == EARLY
    assert "80 of 400 people have had 30 days" in wording.mature(found)


def test_nobody_mature_is_early_and_has_no_numbers(business):
    found = ask(business, crowd(B=(9, 40), A=(5, 40)), as_of=datetime(2026, 1, 26))
    (compared,) = found.comparisons
    assert (compared.verdict, compared.lift, compared.relative) == (EARLY, None, None)
    assert (compared.smallest, compared.needed, compared.revenue) == (None, None, None)
    said = " ".join(wording.told(found, "EUR"))
    assert "Nobody in one of the arms has had 30 days yet" in said
    assert "too few people to say what this experiment could show" in said


def test_a_control_that_never_converts_has_no_relative_lift(business):
    found = ask(business, crowd(B=(40, 200), A=(0, 200)))
    (compared,) = found.comparisons
    assert (compared.verdict, compared.relative) == (BETTER, None)
    assert compared.lift is not None
    assert compared.always_valid is None, "too few cases for it"
    assert "There are too few cases for it" in " ".join(wording.told(found, "EUR"))
    plate = trials.plate(found, compared, "B", "A")
    assert "relative" not in plate
    assert "· <" not in plate


def test_who_sees_two_arms_counts_in_the_first(business):
    rows = crowd(B=(90, 200), A=(50, 200))
    rows += people(
        zoe="page_viewed@0,experiment=banner,variant=A page_viewed@1,experiment=banner,variant=B "
        "order_completed@2"
    )
    found = ask(business, rows)
    assert {arm.name: (arm.assigned, arm.crossed) for arm in found.counted.arms} == {
        "A": (201, 1),
        "B": (200, 0),
    }
    (compared,) = found.comparisons
    assert compared.control.share == (51, 201)
    assert compared.control.kept == (50, 200)
    assert "1 people (0.25 %)" in wording.crossed(found)


def test_what_counts_lies_after_the_assignment_and_within_the_window(business):
    rows = people(
        before="order_completed@0,revenue=5 page_viewed@1,experiment=x,variant=A",
        itself="order_completed@0,experiment=x,variant=A,revenue=7",
        within="""page_viewed@0,experiment=x,variant=A page_viewed@0.01 page_viewed@3
            order_completed@30,order_id=o1,revenue=40 order_refunded@30.5,order_id=o1,revenue=-9""",
        late="page_viewed@0,experiment=x,variant=A order_completed@30.001,revenue=80",
        refunded="""page_viewed@0,experiment=x,variant=A order_completed@2,order_id=o2,revenue=40
            order_refunded@3,order_id=o2,revenue=-15""",
    )
    business.deliver(rows)
    told = {row["person_id"]: row for row in business.table("assignments")}
    assert {name: float(row["revenue"]) for name, row in told.items()} == {
        "before": 0, "itself": 0, "within": 40, "late": 0, "refunded": 25,
    }  # fmt: skip
    assert {name: row["visits"] for name, row in told.items()} == {
        "before": 0, "itself": 0, "within": 2, "late": 0, "refunded": 1,
    }  # fmt: skip
    found = read(business, "x")
    assert [(arm.converted, arm.people) for arm in found.counted.arms] == [(2, 5)]
    assert found.comparisons == ()
    assert "one arm only" in wording.told(found, None)[0]


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"experiment": "baner"}, "Did you mean 'banner'?"),
        ({"goal": "order_complete"}, "Did you mean 'order_completed'?"),
        ({"control": "C"}, "has no arm 'C'"),
    ],
)
def test_it_refuses_in_words(business, asked, says):
    business.deliver(crowd(A=(1, 2), B=(1, 2)))
    with pytest.raises(MetricError, match=says.replace("?", r"\?")):
        read(business, **asked)


@pytest.mark.parametrize(
    ("names", "control"),
    [("B A", "A"), ("treatment control", "control"), ("mens womens none", "none"), ("x y", "x")],
)
def test_the_control_is_the_arm_whose_name_says_so(names, control):
    assert arms.control_of(names.split(), None, "banner") == control


def test_groups_add_up_and_are_held_to_the_false_discovery_rate(business):
    found = ask(business, crowd(B=(120, 300), A=(60, 300)))
    (compared,) = found.comparisons
    assert sum(group.arm[1] for group in compared.groups) == compared.arm.people
    assert sum(group.control[0] for group in compared.groups) == compared.control.converted
    assert {group.name for group in compared.groups} == {"new", "old"}
    assert all(group.is_real for group in compared.groups)
    assert compared.differ is not None


@settings(max_examples=5, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.randoms(use_true_random=False))
def test_random_worlds_by_plain_loops(random: Random) -> None:
    world = case(random, most_people=20, most_touches=15)
    labels: dict[str, tuple[str | None, str | None]] = {}
    for row in (row for part in world.deliveries for row in part):
        label = labels.setdefault(
            row["event_id"],
            (random.choice([None, "one", "two"]), random.choice([None, "A", "B", "C"])),
        )
        row["experiment"], row["variant"] = label
    with built(world) as business:
        oracle = business.oracle([row for part in world.deliveries for row in part])
        for question in world.questions:
            filters = Filters(question.since, question.until, question.as_of, question.where)
            for by in (None, "channel", "device", "persona"):
                for goal in (None, "product_viewed"):
                    expected = _by_hand(oracle, labels, question, by, goal)
                    assert set(arms.names(business.engine, filters)) == set(expected)
                    if goal and "product_viewed" not in {t.touchpoint for t in oracle.touches}:
                        continue
                    for experiment, groups in expected.items():
                        found = arms.count(business.engine, filters, experiment, goal, by)
                        assert _told(found) == groups, (experiment, question, by, goal)


def _told(found):
    """Group and arm to what was counted."""
    return {
        (group, arm.name): (arm.assigned, arm.crossed, arm.people, arm.converted, *arm.kept)
        for group, counted in found.items()
        for arm in counted.arms
    }


def _by_hand(oracle, labels, question, by, goal):
    """Experiment to group and arm to the same counts, person by person."""
    found: dict[str, dict] = defaultdict(lambda: defaultdict(lambda: [0] * 6))
    for touches in oracle.people.values():
        for experiment in ("one", "two"):
            met = [
                touch
                for touch in touches
                if labels[touch.event_id][0] == experiment and labels[touch.event_id][1]
            ]
            if not met:
                continue
            first = met[0]
            journey = oracle.journey_of[first.event_id]
            day = oracle.day(first.at)
            chosen = all(journey.segment(name) in values for name, values in question.where.items())
            inside = question.since <= day < question.until
            if not (chosen and inside and first.at <= question.as_of):
                continue
            arm = labels[first.event_id][1]
            crossed = any(
                labels[touch.event_id][1] != arm and touch.at <= question.as_of for touch in met
            )
            after = touches[touches.index(first) + 1 :]
            converted = any(
                touch.at <= first.at + WINDOW
                and (touch.touchpoint == goal if goal else touch.is_order)
                for touch in after
            )
            mature = first.at + WINDOW <= question.as_of
            counts = found[experiment][(journey.segment(by) if by else "", arm)]
            kept = mature and not crossed
            for place, yes in enumerate(
                (True, crossed, mature, mature and converted, kept and converted, kept)
            ):
                counts[place] += yes
    return {name: {key: tuple(c) for key, c in rows.items()} for name, rows in found.items()}
