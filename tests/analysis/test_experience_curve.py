"""The experience index: by hand, against plain loops, and its ribbon."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import pytest

from journey.analysis.experience import curve
from journey.analysis.experience.friction import friction
from journey.config import STAGES
from journey.metrics.filters import Filters
from tests.random_worlds import case
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, Rows, day

ALL = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)
SCALES = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}


def answer(number: int, survey: str, score: float, about: str, **more: Any) -> dict[str, Any]:
    """One person's answer about a touchpoint."""
    low, high = SCALES[survey]
    return {
        "event_id": f"{survey}{number}{about}",
        "touchpoint": "survey_answered",
        "occurred_at": day(1),
        "customer_id": f"p{number}",
        "channel": "Direct",
        "survey": survey,
        "score": score,
        "scale_min": low,
        "scale_max": high,
        "about": about,
        **more,
    }


def curves(business: Business, rows: Rows, *personas: str, **declared: float) -> Any:
    """The curves of these answers; `declared` are weights of signals."""
    business.deliver(rows)
    business.build()
    surveys = business.config.surveys
    config = replace(
        business.config, surveys=replace(surveys, weights={**surveys.weights, **declared})
    )
    return curve.curves(business.engine, config, ALL, personas)


def test_signals_by_hand(business: Business) -> None:
    """CSAT 4 is +0.5, promoters +1, CES 1 is -1: 30 of each make (15 + 30 - 30) / 90, doubled."""
    rows = [answer(n, "csat", 4, "order_delivered") for n in range(30)]
    rows += [answer(n, "nps", 9, "order_delivered") for n in range(30)]
    rows += [answer(n, "ces", 1, "support_contacted") for n in range(30)]
    (everyone,) = curves(business, rows)
    (stage,) = everyone.stages
    assert (stage.stage, stage.answers, stage.people) == ("post_purchase", 90, 30)
    assert stage.value == pytest.approx(2 * 15 / 90)
    parts = {part.signal: (part.value, part.count, part.share) for part in stage.parts}
    assert parts == {
        "csat": pytest.approx((1.0, 30, 1 / 3)),
        "nps": pytest.approx((2.0, 30, 1 / 3)),
        "ces": pytest.approx((-2.0, 30, 1 / 3)),
    }
    touchpoints = {point.touchpoint: point.value for point in everyone.touchpoints}
    assert touchpoints == pytest.approx({"order_delivered": 1.5, "support_contacted": -2.0})


def test_declared_weights_count(business: Business) -> None:
    rows = [answer(n, "csat", 5, "order_delivered") for n in range(30)]
    rows += [answer(n, "nps", 0, "order_delivered") for n in range(30)]
    (everyone,) = curves(business, rows, csat=3.0)
    assert everyone.stages[0].value == pytest.approx(2 * (3 - 1) / 4)


def test_a_signal_that_is_missing_is_not_made_up(business: Business) -> None:
    (everyone,) = curves(business, [answer(n, "csat", 5, "order_delivered") for n in range(30)])
    assert [part.signal for part in everyone.stages[0].parts] == ["csat"]
    assert [point.stage for point in everyone.stages] == ["post_purchase"]


def test_what_was_written_counts_beside_the_score(business: Business) -> None:
    """Thirty fives, ten of them with bad words: (30 - 10) / 40, doubled; silence adds nothing."""
    rows = [
        answer(n, "csat", 5, "order_delivered", comment="Terrible." if n < 10 else None)
        for n in range(30)
    ]
    (everyone,) = curves(business, rows)
    (stage,) = everyone.stages
    assert stage.value == pytest.approx(1.0)
    assert stage.answers == 30
    assert [(part.signal, part.value, part.count) for part in stage.parts] == [
        ("csat", 2.0, 30),
        ("sentiment", -2.0, 10),
    ]


def test_too_few_answers_have_no_value(business: Business) -> None:
    (everyone,) = curves(business, [answer(n, "csat", 5, "order_delivered") for n in range(29)])
    stage = everyone.stages[0]
    assert (stage.value, stage.low, stage.high, stage.answers) == (None, None, None, 29)


def test_relational_answers_have_no_place_on_the_curve(business: Business) -> None:
    rows = [answer(n, "nps", 0, "relationship") for n in range(40)]
    rows += [answer(n, "csat", 5, "order_delivered") for n in range(30)]
    (everyone,) = curves(business, rows)
    assert everyone.stages[0].answers == 30


def test_at_most_five_personas_each_their_own(business: Business) -> None:
    rows = []
    for place, persona in enumerate("ABCDEF"):
        score = 1 + place % 5
        rows += [
            answer(100 * place + n, "csat", score, "order_delivered", persona=persona)
            for n in range(30)
        ]
    found = curves(business, rows, *"ABCDEF")
    assert [(one.persona, one.stages[0].value) for one in found] == [
        *(("A", -2), ("B", -1), ("C", 0), ("D", 1), ("E", 2))
    ]
    table = curve.table(found)
    assert table.height == 10
    assert table["csat_n"].to_list() == [30] * 10


def test_the_ribbon_is_the_interval_of_a_mean(business: Business) -> None:
    """With one answer a person and many people, the bootstrap and the normal interval agree."""
    scores = np.random.default_rng(3).integers(1, 6, 900)
    rows = [answer(n, "csat", int(score), "order_delivered") for n, score in enumerate(scores)]
    (everyone,) = curves(business, rows)
    stage = everyone.stages[0]
    x = 2 * (scores - 3) / 2
    half = 1.96 * x.std() / np.sqrt(len(x))
    assert stage.value == pytest.approx(x.mean())
    assert stage.low == pytest.approx(x.mean() - half, abs=0.2 * half)
    assert stage.high == pytest.approx(x.mean() + half, abs=0.2 * half)


def test_answers_of_one_person_are_drawn_together(business: Business) -> None:
    """Forty people who each say the same ten times are no surer than forty answers."""
    rows = [
        answer(n, "csat", 5 if n % 2 else 1, "order_delivered", event_id=f"{n}-{again}")
        for n in range(40)
        for again in range(10)
    ]
    (everyone,) = curves(business, rows)
    stage = everyone.stages[0]
    expected = 2 * 1.96 * 2 / np.sqrt(40)
    assert stage.high - stage.low == pytest.approx(expected, rel=0.25)


def test_the_same_every_time(business: Business) -> None:
    rows = [answer(n, "csat", 1 + n % 5, "order_delivered") for n in range(60)]
    assert curves(business, rows) == curve.curves(business.engine, business.config, ALL)


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_random_worlds_by_plain_loops(business: Business, seed: int) -> None:
    world = case(Random(seed), most_people=120, most_touches=20)
    for rows in world.deliveries:
        business.deliver(rows)
    business.build()
    frame = Filters(date(2026, 1, 1), date(2029, 1, 1), day(2000))
    config = replace(business.config, minimum_n=1)
    weights = {"csat": 1, "nps": 2, "ces": 1, "sentiment": 0, "friction": 0}
    config = replace(config, surveys=replace(config.surveys, weights=weights))
    (everyone,) = curve.curves(business.engine, config, frame)
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in business.table("responses"):
        if row["score"] is None or row["kind"] == "relational" or row["stage"] not in STAGES:
            continue
        low, high, score = row["scale_min"], row["scale_max"], row["score"]
        weight = 2 if row["survey"] == "nps" else 1
        value = (score - (low + high) / 2) / ((high - low) / 2)
        if row["survey"] == "nps":
            value = 1 if score >= 9 else 0 if score >= 7 else -1
        own = sums[row["stage"], row["about_touchpoint"]]
        own[0] += weight * value
        own[1] += weight
    assert sums
    found = {(p.stage, p.touchpoint): p.value for p in everyone.touchpoints}
    assert found == pytest.approx({key: 2 * total / n for key, (total, n) in sums.items()})
    for point in everyone.touchpoints:
        assert -2 <= point.low <= point.high <= 2


def test_it_agrees_with_the_metric_of_the_map(business: Business) -> None:
    rows = [answer(n, "csat", 1 + n % 5, "order_delivered") for n in range(45)]
    rows += [answer(n, "ces", 1 + n % 7, "checkout_started") for n in range(45)]
    (everyone,) = curves(business, rows)
    metric = {
        stage: (count, 2 * total / count)
        for stage, count, total, _ in business.ask("experience").rows()
    }
    assert metric == {
        point.stage: (point.answers, pytest.approx(point.value)) for point in everyone.stages
    }


# ---- friction --------------------------------------------------------------------------------


def visits(weeks: int, bad: dict[int, int], each: int = 40) -> Rows:
    """Weeks of visits that start a checkout, some of them twice: four a week, more where bad."""
    rows: Rows = []
    for week in range(weeks):
        for visit in range(each):
            at = 7 * week + 0.1 + visit / 100
            person = f"w{week}v{visit}"
            again = visit < bad.get(week, 4)
            for step in range(2 if again else 1):
                rows.append(
                    {
                        "event_id": f"{person}-{step}",
                        "touchpoint": "checkout_started",
                        "occurred_at": day(at) + timedelta(minutes=step),
                        "customer_id": person,
                        "channel": "Direct",
                    }
                )
    return rows


def rubbed(business: Business, since: date) -> Any:
    """The friction from a day on."""
    frame = Filters(since, YEAR_LATER, TWO_YEARS_LATER)
    return friction(business.engine, frame, business.config.minimum_n)


def test_going_in_circles_more_than_usual_is_friction(business: Business) -> None:
    business.deliver(visits(12, {11: 30}))
    business.build()
    found = rubbed(business, day(7 * 10).date())["checkout_started"]
    assert found.cause == "loops"
    assert found.value == -1.0
    assert found.touches == 70  # of the one bad week: 40 visits, 30 of them twice
    assert found.judged == 70 + 44


def test_what_is_usual_is_no_friction(business: Business) -> None:
    business.deliver(visits(12, {}))
    business.build()
    assert rubbed(business, day(7 * 10).date()) == {}


def test_without_weeks_before_nothing_is_usual(business: Business) -> None:
    business.deliver(visits(3, {2: 30}))
    business.build()
    assert rubbed(business, day(0).date()) == {}


def test_errors_count_at_the_touch_before_them(business: Business) -> None:
    rows = visits(12, {})
    rows += [
        {
            "event_id": f"error{visit}",
            "touchpoint": "payment_failed",
            "occurred_at": day(77 + 0.1 + visit / 100) + timedelta(minutes=1),
            "customer_id": f"w11v{visit}",
            "channel": "Direct",
        }
        for visit in range(4, 34)
    ]
    business.deliver(rows)
    business.build()
    found = rubbed(business, day(7 * 10).date())
    assert found["checkout_started"].cause == "errors"
    assert found["checkout_started"].value == -1.0


def test_friction_pulls_the_index_as_far_as_it_was_met(business: Business) -> None:
    """30 happy answers; all touches of the period met friction -1, so it counts 30 times too."""
    rows = visits(12, {11: 30})
    rows += [
        answer(n, "csat", 5, "checkout_started", occurred_at=day(80), customer_id=f"q{n}")
        for n in range(30)
    ]
    business.deliver(rows)
    business.build()
    frame = Filters(day(77).date(), YEAR_LATER, TWO_YEARS_LATER)
    (everyone,) = curve.curves(business.engine, business.config, frame)
    (stage,) = everyone.stages
    assert stage.value == pytest.approx(2 * (30 - 30) / 60)
    assert [(part.signal, part.count) for part in stage.parts] == [("csat", 30), ("friction", 70)]
    (persona,) = curve.curves(business.engine, business.config, frame, ("Unknown",))
    assert persona.stages[0].value == pytest.approx(2.0)
