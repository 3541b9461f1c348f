"""CSAT, NPS and CES under every way of summing up, and whether the conclusion hangs on it."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from journey.analysis.experience import answers, flips, scores
from journey.errors import MetricError
from journey.metrics.filters import Filters
from journey.surveys import METHODS
from tests.oracle import USUAL_SCALE
from tests.random_worlds import case
from tests.world import FIRST_DAY, TWO_YEARS_LATER, YEAR_LATER, Business, Rows, day

ALL = Filters(FIRST_DAY, YEAR_LATER, TWO_YEARS_LATER)


def answer(
    survey: str, score: float, scale: tuple[int, int] | None = None, at: float = 1, **more: Any
) -> dict[str, Any]:
    """One answer as a source sends it; what the contract does not know is a property."""
    low, high = scale or USUAL_SCALE[survey]
    return {
        "touchpoint": "survey_answered",
        "occurred_at": day(at),
        "customer_id": "ana",
        "channel": "Direct",
        "survey": survey,
        "score": score,
        "scale_min": low,
        "scale_max": high,
        **more,
    }


def found(business: Business, rows: Rows, survey: str, before: Filters | None = None, **asked: Any):
    """The scores of these answers under every way of summing up."""
    business.deliver([row | {"event_id": f"e{n}"} for n, row in enumerate(rows)])
    business.build()
    config = business.config
    chosen = answers.choose(business.engine, config.surveys, ALL, survey, **asked)
    return scores.every_method(business.engine, config, ALL, before, chosen)


def test_every_way_by_hand(business: Business) -> None:
    """CSAT 5 4 3 on 1 to 5; top boxes 2 of 3, mean 4, sum over maximum 12 of 15."""
    ways = found(business, [answer("csat", score) for score in (5, 4, 3)] * 10, "csat")
    assert list(ways) == ["top_boxes", "mean", "sum_of_maximum"]
    values = {name: way.total.measured.value for name, way in ways.items()}
    assert values == pytest.approx({"top_boxes": 2 / 3, "mean": 4, "sum_of_maximum": 12 / 15})


def test_recommendation_by_hand(business: Business) -> None:
    """Of 10 9 8 7 6 0: two promote, two detract."""
    ways = found(business, [answer("nps", s) for s in (10, 9, 8, 7, 6, 0)] * 5, "nps")
    assert ways["net"].total.measured.value == pytest.approx(0)
    assert ways["promoters"].total.measured.value == pytest.approx(1 / 3)


def test_ease_by_hand(business: Business) -> None:
    """Of 7 6 5 4 3 on 1 to 7: three agree (5 to 7), and 6 to 7 less 1 to 3 is 2 - 1 of 5."""
    ways = found(business, [answer("ces", s) for s in (7, 6, 5, 4, 3)] * 6, "ces")
    values = {name: way.total.measured.value for name, way in ways.items()}
    assert values == pytest.approx({"mean": 5, "agree": 3 / 5, "net": 20})
    assert ways["mean"].is_better_up


def test_effort_that_runs_down(business: Business) -> None:
    """CES 1.0: on 1 to 5 the low scores are the easy ones, and the mean is better when lower."""
    rows = [answer("ces", s, (1, 5), direction="down") for s in (1, 1, 2, 3, 5)] * 6
    ways = found(business, rows, "ces", scale="1-5")
    values = {name: way.total.measured.value for name, way in ways.items()}
    assert values == pytest.approx({"mean": 2.4, "agree": 3 / 5, "net": 40})
    assert not ways["mean"].is_better_up
    assert ways["agree"].is_better_up
    responses = business.table("responses", "score, normalised", "score")
    assert [row["normalised"] for row in responses] == [
        *([1.0] * 12 + [0.5] * 6 + [0.0] * 6 + [-1.0] * 6)
    ]


def test_scales_are_never_averaged_as_they_are(business: Business) -> None:
    rows = [answer("csat", 5)] * 40 + [answer("csat", 7, (1, 7))] * 30
    ways = found(business, rows, "csat")
    assert ways["mean"].total.measured.value == 5
    assert ways["mean"].left_out == 30
    chosen = answers.choose(business.engine, business.config.surveys, ALL, "csat", scale="all")
    assert chosen.scale is None
    together = scores.every_method(business.engine, business.config, ALL, None, chosen)
    assert together["mean"].total.measured.value == 100
    assert together["mean"].left_out == 0
    assert together["mean"].total.sample.count == 70


def test_the_scale_most_answers_are_on_where_none_is_declared(business: Business) -> None:
    ways = found(business, [answer("csat", 6, (1, 7))] * 30, "csat")
    assert ways["mean"].chosen.scale == (1, 7)
    assert ways["top_boxes"].total.measured.value == 1


def test_relational_and_transactional_never_share_a_number(business: Business) -> None:
    rows = [
        *[answer("nps", 10)] * 40,
        *[answer("nps", 0, about="order_delivered")] * 35,
        *[answer("nps", 9, about="relationship")] * 1,
        *[answer("nps", 8, about="order_delivered", survey_kind="relational")] * 1,
        *[answer("nps", 0) | {"touchpoint": "support_contacted"}] * 1,
    ]
    ways = found(business, rows, "nps")
    assert ways["net"].chosen.kinds == {"relational": 42, "transactional": 36}
    assert ways["net"].total.measured.value == pytest.approx(100 * 41 / 42)
    other = answers.choose(
        business.engine, business.config.surveys, ALL, "nps", kind="transactional"
    )
    net = scores.every_method(business.engine, business.config, ALL, None, other)["net"]
    assert net.total.measured.value == -100
    assert {row.group for row in net.rows} == {"order_delivered", "support_contacted"}


def test_weights_count(business: Business) -> None:
    rows = [answer("nps", 10, weight=3)] * 20 + [answer("nps", 0, weight=1)] * 20
    net = found(business, rows, "nps")["net"]
    assert net.is_weighted
    assert net.total.measured.value == pytest.approx(50)
    assert net.total.sample.size == pytest.approx(80**2 / (20 * 9 + 20))


@pytest.mark.parametrize("weight", ["many", -1, "", None, 1e300])
def test_a_weight_that_is_none_weighs_one(business: Business, weight: Any) -> None:
    net = found(business, [answer("nps", 10, weight=weight)] * 30, "nps")["net"]
    assert net.total.sample.weight == 30
    assert not net.is_weighted


def test_too_few_answers_have_no_value(business: Business) -> None:
    top = found(business, [answer("csat", 5)] * 29, "csat")["top_boxes"]
    assert top.total.measured is None
    assert scores.table(top)["value"].to_list() == [None, None]


def test_the_change_since_the_span_before(business: Business) -> None:
    """40 of 50 satisfied after 20 of 50: Welch, two proportions and sums agree that it rose."""
    rows = [answer("csat", 5, at=1)] * 20 + [answer("csat", 2, at=1)] * 30
    rows += [answer("csat", 5, at=366)] * 40 + [answer("csat", 2, at=366)] * 10
    business.deliver([row | {"event_id": f"e{n}"} for n, row in enumerate(rows)])
    business.build()
    now = Filters(day(365).date(), day(700).date(), day(1000))
    chosen = answers.choose(business.engine, business.config.surveys, now, "csat")
    ways = scores.every_method(business.engine, business.config, now, ALL, chosen)
    assert [way.total.verdict for way in ways.values()] == ["rose", "rose", "rose"]
    assert ways["top_boxes"].total.test.difference == pytest.approx(0.4)
    assert ways["mean"].total.test.difference == pytest.approx(1.2)
    assert ways["top_boxes"].rows[0].verdict == "rose"


def test_groups_of_the_span_before_that_are_gone_do_not_count_as_change(
    business: Business,
) -> None:
    ways = found(business, [answer("csat", 5)] * 30, "csat", before=ALL.before())
    assert ways["top_boxes"].total.verdict == "too few"


def test_a_ranking_that_flips_beyond_chance(business: Business) -> None:
    """At the till 60 % give 5 and 40 % give 1: more top boxes than online, yet a lower mean."""
    rows = [answer("csat", 5, about="store_visited")] * 180
    rows += [answer("csat", 1, about="store_visited")] * 120
    rows += [answer("csat", 5, about="product_viewed")] * 120
    rows += [answer("csat", 3, about="product_viewed")] * 180
    turned = flips.flips(found(business, rows, "csat"))
    assert turned.pairs == 2
    assert {
        (flip.method, flip.what, flip.first, flip.second, flip.sure) for flip in turned.flips
    } == {
        ("mean", "ranking", "store_visited", "product_viewed", True),
        ("sum_of_maximum", "ranking", "store_visited", "product_viewed", True),
    }


def test_a_direction_that_flips(business: Business) -> None:
    """More fives and more ones: the top boxes rose, the mean fell, each beyond chance."""
    rows = [answer("csat", 5, at=1)] * 80 + [answer("csat", 3, at=1)] * 120
    rows += [answer("csat", 5, at=366)] * 110 + [answer("csat", 1, at=366)] * 90
    business.deliver([row | {"event_id": f"e{n}"} for n, row in enumerate(rows)])
    business.build()
    now = Filters(day(365).date(), day(700).date(), day(1000))
    chosen = answers.choose(business.engine, business.config.surveys, now, "csat")
    turned = flips.flips(
        scores.every_method(business.engine, business.config, now, ALL, chosen)
    ).flips
    assert ("mean", "direction", True) in {(f.method, f.what, f.sure) for f in turned}


def test_ways_that_agree_flip_nothing(business: Business) -> None:
    rows = [answer("csat", 5, about="store_visited")] * 50
    rows += [answer("csat", 2, about="product_viewed")] * 50
    assert flips.flips(found(business, rows, "csat")).flips == ()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"survey": "cast"}, "Did you mean 'csat'?"),
        ({"survey": "csat", "method": "men"}, "Did you mean 'mean'?"),
        ({"survey": "csat", "by": "stages"}, "Did you mean 'stage'?"),
        ({"survey": "nps", "kind": "relation"}, "Did you mean 'relational'?"),
        ({"survey": "csat", "scale": "1-9"}, "There are: 1-5"),
        ({"survey": "csat", "scale": "five"}, "Write it like 1-5"),
    ],
)
def test_a_choice_that_there_is_not(business: Business, asked: dict[str, str], says: str) -> None:
    business.deliver([answer("csat", 5) | {"event_id": "e"}])
    with pytest.raises(MetricError, match=says.replace("?", r"\?")):
        answers.choose(business.engine, business.config.surveys, ALL, **asked)


# ---- against plain loops over random worlds -------------------------------------------------


def by_hand(rows: list[dict[str, Any]], survey: str, method: str) -> float:
    """The value of some answers, written down from the definitions."""
    total = 0.0
    for row in rows:
        score, low, high = row["score"], row["scale_min"], row["scale_max"]
        if method == "top_boxes":
            total += score in (high, high - 1)
        elif method == "mean":
            total += score
        elif method == "sum_of_maximum":
            total += score / high
        elif method == "promoters":
            total += score >= 9
        elif survey == "nps":
            total += 100 * ((score >= 9) - (score <= 6))
        elif method == "agree":
            total += score >= 5 if high == 7 else score > (low + high) / 2
        else:
            middle = (low + high) / 2
            best = score >= 6 if high == 7 else score > middle
            total += 100 * (best - (score < middle))
    return total / len(rows)


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_random_worlds(business: Business, seed: int) -> None:
    world = case(Random(seed), most_people=120, most_touches=20)
    for rows in world.deliveries:
        business.deliver(rows)
    business.build()
    config = replace(business.config, minimum_n=3)
    frame = Filters(date(2026, 1, 1), date(2029, 1, 1), day(2000))
    responses = [row for row in business.table("responses") if row["score"] is not None]
    compared = 0
    for survey, methods in METHODS.items():
        for by, column in (("stage", "stage"), ("channel", "entry_channel"), ("month", None)):
            chosen = answers.choose(business.engine, config.surveys, frame, survey, by=by)
            ways = scores.every_method(business.engine, config, frame, None, chosen)
            groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
            for row in responses:
                scale = (row["scale_min"], row["scale_max"])
                if row["survey"] != survey or scale != chosen.scale:
                    continue
                if chosen.kind and row["kind"] != chosen.kind:
                    continue
                group = row[column] if column else row["answered_on"].replace(day=1)
                if column == "stage" and row["kind"] == "relational":
                    group = "relationship"
                groups[group].append(row)
            for method in methods:
                mine = {row.group: row for row in ways[method].rows}
                assert {name: len(rows) for name, rows in groups.items()} == {
                    name: row.sample.count for name, row in mine.items()
                }
                for name, rows in groups.items():
                    if len(rows) >= config.minimum_n:
                        value = mine[name].measured.value
                        assert value == pytest.approx(by_hand(rows, survey, method))
                        compared += 1
    assert compared > 10


def test_periods_are_half_open_and_the_as_of_counts(business: Business) -> None:
    rows = [answer("csat", 5, at=at) for at in (0, 9.9, 10, 20)] * 30
    business.deliver([row | {"event_id": f"e{n}"} for n, row in enumerate(rows)])
    business.build()
    frame = Filters(FIRST_DAY, FIRST_DAY + timedelta(days=10), day(9))
    chosen = answers.choose(business.engine, business.config.surveys, frame, "csat")
    assert chosen.answers == {(1, 5): 30}
