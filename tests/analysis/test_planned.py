"""A plan against what is done, worked out once more in plain Python over random worlds."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journey.analysis.planned import Planned, planned
from journey.config import STAGES, Config, load
from journey.errors import MetricError
from journey.metrics.filters import Filters
from journey.metrics.statistics import difference
from journey.personas import read_personas
from journey.present.planned import plan_in_words
from tests.random_worlds import case
from tests.test_commands import Prompt, shop
from tests.world import Business, day

__all__ = ["shop"]

KNOWN = (
    *("ad_clicked", "product_viewed", "product_added", "order_completed", "survey_answered"),
    *("store_visited", "checkout_started", "order_delivered", "never_seen"),
)
PLANS = st.lists(st.sampled_from(KNOWN), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """Random people, most of them of one persona, some with whole journeys."""
    business = Business(tmp_path_factory.mktemp("crowd"), currency="EUR")
    rows = [row for lot in case(Random(5), 60, 25).deliveries for row in lot]
    for row in rows:
        row["persona"] = "Hunter" if row["customer_id"] < "p5" else "Loyalist"
    business.deliver(rows)
    business.build()
    yield business
    business.close()


def with_plan(plan: list[str]) -> Config:
    """The retail template with one persona's plan."""
    given = [{"name": "Hunter", "touchpoints": plan}]
    return replace(load(None), personas=read_personas(given, "here", Path(), STAGES))


def by_hand(business: Business, config: Config, plan: list[str], asked: Filters) -> dict[str, Any]:
    """The same by loops over the rows of the tables."""
    told: dict[str, Any] = {
        **dict.fromkeys(("journeys", "follow", "other_order", "some", "none"), 0),
        **{"adding": 0, "repeating": 0, "added": {}},
        "steps": [[0, 0, 0] for _ in plan],
        "conversion": {True: [0, 0], False: [0, 0]},
        "satisfied": {True: [0, 0], False: [0, 0]},
    }
    touches = business.table("touches", order="person_number, touch_number")
    answers = business.table("responses")
    early = [
        step
        for step in plan
        if STAGES.index(config.touchpoints.get(step, "awareness")) < STAGES.index("purchase")
    ]
    for journey in business.table("journeys"):
        if (
            journey["is_orphan"]
            or journey["persona"] != "Hunter"
            or not asked.since <= journey["started_on"] < asked.until
            or journey["matures_at"] > asked.as_of
        ):
            continue
        key = (journey["person_number"], journey["journey_number"])
        own = [
            touch
            for touch in touches
            if (touch["person_number"], touch["journey_number"]) == key
            and touch["occurred_at"] <= journey["matures_at"]
        ]
        names = [touch["touchpoint"] for touch in own]
        places = [place for place, touch in enumerate(own) if touch["is_order"]]
        before = names[: places[0]] if places else names
        told["journeys"] += 1
        counts = [names.count(step) for step in plan]
        reached = _chain(plan, names)
        for place, step in enumerate(told["steps"]):
            step[0] += counts[place] > 0
            step[1] += place < reached
            step[2] += counts[place] > plan.count(plan[place])
        every = all(names.count(step) >= plan.count(step) for step in plan)
        kind = (
            "follow"
            if reached == len(plan)
            else "other_order"
            if every
            else "some"
            if any(counts)
            else "none"
        )
        told[kind] += 1
        others = {t["touchpoint"] for t in own if t["touchpoint"] not in plan and not t["is_order"]}
        told["adding"] += bool(others)
        told["repeating"] += any(names.count(step) > plan.count(step) for step in plan)
        for name in others:
            told["added"][name] = told["added"].get(name, 0) + 1
        follows = bool(early) and _chain(early, before) == len(early)
        told["conversion"][follows][0] += journey["deepest_in_window"] >= 4
        told["conversion"][follows][1] += 1
        for answer in answers:
            if (
                (answer["person_id"], answer["journey_number"])
                == (journey["person_id"], journey["journey_number"])
                and answer["survey"] == "csat"
                and answer["score"] is not None
                and answer["answered_at"] <= asked.as_of
            ):
                told["satisfied"][follows][0] += answer["score"] >= answer["scale_max"] - 1
                told["satisfied"][follows][1] += 1
    told["early"] = early
    return told


def _chain(plan: list[str], names: list[str]) -> int:
    """How many steps of the plan are met in order."""
    reached = 0
    for name in names:
        if reached < len(plan) and name == plan[reached]:
            reached += 1
    return reached


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(PLANS, st.integers(0, 200), st.integers(1, 900))
def test_a_plan_is_what_loops_say(crowd: Business, plan: list[str], start: int, days: int) -> None:
    since = crowd.engine.snapshot.first_day + timedelta(days=start)
    asked = crowd.engine.filters(since, since + timedelta(days=days))
    config = with_plan(plan)
    found = planned(crowd.engine, config, asked, "Hunter")
    told = by_hand(crowd, config, plan, asked)
    for name in ("journeys", "follow", "other_order", "some", "none", "adding", "repeating"):
        assert getattr(found, name) == told[name], name
    assert found.follow + found.other_order + found.some + found.none == found.journeys
    assert [[one.met, one.in_order, one.repeated] for one in found.steps] == told["steps"]
    order = sorted(told["added"].items(), key=lambda pair: (-pair[1], pair[0]))
    assert list(found.added) == order[:5]
    assert list(found.before_order) == told["early"]
    for one in found.compared:
        assert one.following == tuple(told[one.name][True])
        assert one.others == tuple(told[one.name][False])
    assert bool(found.compared) == bool(told["early"])


def test_the_oracle_sees_something(crowd: Business) -> None:
    snapshot = crowd.engine.snapshot
    asked = crowd.engine.filters(snapshot.first_day, snapshot.last_day)
    config = with_plan(["ad_clicked", "product_viewed"])
    found = planned(crowd.engine, config, asked, "Hunter")
    assert min(found.journeys, found.some, found.none, found.adding) > 0
    told = by_hand(crowd, config, ["ad_clicked"], asked)
    assert sum(told["satisfied"][True]) + sum(told["satisfied"][False]) > 0


def test_following_is_told_with_its_interval_and_few_are_not_told(crowd: Business) -> None:
    asked = crowd.engine.filters(day(0).date(), day(900).date())
    found = planned(crowd.engine, with_plan(["ad_clicked"]), asked, "Hunter")
    many = replace(
        found,
        journeys=500, follow=100, other_order=50, some=150, none=200, adding=400, repeating=10,
        compared=tuple(
            replace(one, following=(40, 100), others=(60, 400)) for one in found.compared
        ),
    )  # fmt: skip
    said = " ".join(plan_in_words(many, 30)).replace("\u2009", " ")
    value, low, high = (100 * end for end in difference(40, 100, 60, 400))
    assert f"{value:.0f} points higher (95 %: {low:.0f} to {high:.0f})" in said
    assert "An association" in said
    assert "caused" not in said
    few: Planned = replace(found, journeys=29)
    assert plan_in_words(few, 30) == [
        "Hunter, planned Ad clicked: 29 journeys; shares are shown from 30."
    ]


@pytest.mark.parametrize(
    ("name", "said"), [("Hunte", "Did you mean 'Hunter'"), ("Idle", "has no planned touchpoints")]
)
def test_no_plan_is_told_with_its_remedy(crowd: Business, name: str, said: str) -> None:
    personas = read_personas(
        [{"name": "Hunter", "touchpoints": ["ad_clicked"]}, {"name": "Idle"}],
        "here",
        Path(),
        STAGES,
    )
    config = replace(load(None), personas=personas)
    with pytest.raises(MetricError, match=said):
        planned(crowd.engine, config, crowd.engine.filters(day(0).date(), day(9).date()), name)


def test_the_command_tells_the_same(shop: Prompt, tmp_path: Path) -> None:
    config = tmp_path / "journey.toml"
    config.write_text('[[personas]]\nname = "Unknown"\ntouchpoints = ["ad_clicked"]\n')
    asked = ("planned", "--persona", "Unknown", "--as-of", "2026-06-01", "--format")
    given = {"JOURNEY_CONFIG": str(config)}
    answer = json.loads(shop(*asked, "json", **given).stdout)
    parts = [answer[part] for part in ("follow", "other_order", "some", "none")]
    assert sum(parts) == answer["journeys"] > 0
    assert answer["compared"][0]["difference"] is None, "too few"
    assert "Unknown, planned Ad clicked" in shop(*asked, "table", **given).stdout
    assert shop(*asked, "csv", **given).stdout.startswith("persona,touchpoint,met")
