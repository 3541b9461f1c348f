"""The pictures and sentences of the satisfaction page: what they show, leave out and say."""

import json
from datetime import date

import pytest

from journey.analysis.experience.answers import Chosen
from journey.analysis.experience.curve import Curve, turn
from journey.analysis.experience.drivers import Driver
from journey.analysis.experience.flips import Flip, Steadiness, flips
from journey.analysis.experience.money import Slope, Worth
from journey.analysis.experience.points import Part, Point
from journey.analysis.experience.scores import Score, Scores, compare, measure
from journey.analysis.experience.silence import Trait
from journey.metrics.filters import Filters
from journey.metrics.weighed import Difference, Sample
from journey.present.experience import courses, curves, estimates, quadrants, scoring, told
from journey.present.palette import DARK, LIGHT
from tests.present.examples import EVIL
from tests.world import day

FRAME = Filters(date(2026, 7, 1), date(2026, 10, 1), day(300))


def point(
    stage: str, value: float | None, answers: int = 100, touchpoint: str | None = None
) -> Point:
    """One index, a tenth to each side sure."""
    parts = (Part("csat", value or 0.0, answers, 0.8), Part("friction", -1.0, 12, 0.2))
    ends = (None, None) if value is None else (value - 0.1, value + 0.1)
    return Point(stage, touchpoint, value, *ends, answers, answers, parts)


def sample(mean: float, count: int = 200) -> Sample:
    """So many answers with a mean share."""
    return Sample(count, count, count, mean * count, mean * count)


def scores(method: str = "top_boxes", **groups: float | tuple[float, float]) -> Scores:
    """Shares by group; of two, the first is that of the span before."""
    chosen = Chosen("csat", "top_boxes", "touchpoint", None, (1, 5), True, {(1, 5): 400}, {})
    rows = []
    for name, share in groups.items():
        before, now = share if isinstance(share, tuple) else (None, share)
        own, earlier = sample(now), None if before is None else sample(before)
        test = compare(own, earlier, "csat", "top_boxes") if earlier else None
        rows.append(Score(name, own, measure(own, "csat", "top_boxes"), now, earlier, test))
    total = Score(None, sample(0.5), measure(sample(0.5), "csat", "top_boxes"))
    return Scores(chosen, method, tuple(rows), total, 0)


def spec(picture: object) -> str:
    """The picture as the browser gets it, without the look that all pictures share."""
    drawn = json.loads(picture.to_json())  # type: ignore[attr-defined]
    drawn["layout"].pop("template", None)
    return json.dumps(drawn)


def test_where_it_turns() -> None:
    curve = Curve(
        None, (point("awareness", 1.0), point("decision", 1.2), point("purchase", 0.3)), ()
    )
    found = turn(curve)
    assert found is not None
    assert (found.before.stage, found.after.stage, found.is_sure) == ("decision", "purchase", True)
    assert told.curve_answer([curve]) == (
        "It turns between Decision and Purchase: from +1.2 to +0.3, more than chance would explain."
    )


def test_it_turns_nowhere_where_it_only_rises() -> None:
    curve = Curve(None, (point("awareness", 0.1), point("decision", 1.2)), ())
    assert turn(curve) is None
    assert "falls nowhere" in told.curve_answer([curve])
    assert told.curve_answer([Curve(None, (point("decision", None, 3),), ())]).startswith("Too few")


def test_a_stage_with_too_few_answers_has_no_value() -> None:
    curve = Curve(None, (point("awareness", None, 12), point("decision", 1.2)), ())
    drawn = json.loads(spec(curves.picture([curve], LIGHT, 30)))
    line = next(trace for trace in drawn["data"] if trace["name"] == "everyone")
    assert line["y"] == [None, None, 1.2, None, None]
    few = next(trace for trace in drawn["data"] if trace["name"] == "too few")
    assert few["text"] == ["n 12, too few"]
    assert "<i>no answers</i>" in json.dumps(drawn["layout"]["xaxis"])


def test_the_blend_is_under_the_pointer() -> None:
    text = spec(curves.picture([Curve(None, (point("decision", 1.2),), ())], LIGHT, 30))
    assert "CSAT +1.2" in text
    assert "12 touches" in text


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_names_from_the_data_are_text(palette: object) -> None:
    evil = Curve(EVIL, (point("decision", 1.2),), (point("decision", 1.0, touchpoint=EVIL),))
    trait = Trait(
        EVIL, "channel", EVIL, "percent", 0.4, 0.2, 90, 90, Difference(0.2, 0.1, 0.3, 0.01), 0.4
    )
    worth = Worth(EVIL, "csat", (1, 5), True, 90, 80, 70, 9, Slope(0.1, 0, 0.2), Slope(1, 0, 2))
    driver = Driver(EVIL, 0.5, 0.3, 0.7, 90, 1.0, 120)
    pictures = [
        quadrants.picture([driver], palette),
        curves.picture([evil, evil], palette, 30),
        estimates.picture(told.index_rows(evil.touchpoints), palette),
        estimates.picture(told.silence_rows([trait], EVIL), palette),
        estimates.picture(told.worth_rows([worth], "value", EVIL), palette),
        estimates.picture(scoring.score_rows(scores(**{EVIL: 0.5})), palette),
    ]
    for picture in pictures:
        assert "<a href" not in spec(picture)
        assert "%{" not in spec(picture)


def test_the_best_group_is_on_top_and_a_change_beyond_chance_has_an_arrow() -> None:
    rows = scoring.score_rows(scores(low=(0.5, 0.3), high=(0.7, 0.9), still=(0.5, 0.51)))
    assert [(row.name, row.mark, row.judgement) for row in rows] == [
        ("High", "↑", "good"),
        ("Still", "", "none"),
        ("Low", "↓", "bad"),
    ]


def test_a_foot_says_what_is_summed_up() -> None:
    text = scoring.score_foot(scores(a=0.5), FRAME, None)
    assert text.startswith(
        "CSAT, top two boxes, on a scale of 1 to 5 · 200 answers of 1 Jul to 30 Sep"
    )


def test_ways_that_agree_are_said_to() -> None:
    found = {"top_boxes": scores(a=0.9, b=0.5), "mean": scores("mean", a=0.9, b=0.5)}
    assert flips(found).flips == ()
    assert "holds whichever way" in scoring.steadiness(found, flips(found))


def test_where_nothing_can_be_concluded_no_way_of_summing_up_agrees() -> None:
    found = {"top_boxes": scores(a=0.9), "mean": scores("mean", a=0.9)}
    assert flips(found).pairs == 0
    assert scoring.steadiness(found, flips(found)) == ""


def test_flips_are_said_in_words() -> None:
    steady = Steadiness(
        (
            Flip("mean", "direction", sure=True),
            Flip("mean", "ranking", "store_visited", "order_delivered", True),
            Flip("sum_of_maximum", "ranking", "store_visited", "order_delivered", False),
        ),
        2,
        ("mean", "sum_of_maximum"),
    )
    text = scoring.steadiness({"top_boxes": scores(a=0.5)}, steady)
    assert "The change points the other way by mean than by top two boxes." in text
    assert (
        "The ranking flips: Store visited is ahead of Order delivered by top two boxes, behind it "
        "by mean and sum ÷ maximum, each more than chance would explain." in text
    )


def test_a_course_over_months() -> None:
    rows = []
    for month, n in ((7, 100), (8, 12), (9, 100)):
        own = sample(0.5, n)
        measured = measure(own, "csat", "top_boxes") if n > 30 else None
        rows.append(Score(date(2026, month, 1), own, measured))
    monthly = Scores(scores(a=0.5).chosen, "top_boxes", tuple(rows), rows[0], 0)
    drawn = json.loads(spec(courses.picture(monthly, LIGHT, 30)))
    line = next(trace for trace in drawn["data"] if trace["name"] == "Top two boxes")
    assert line["y"] == [50.0, None, 50.0]
    nothing = Scores(monthly.chosen, "top_boxes", (), rows[0], 0)
    assert "Nothing in this period" in spec(courses.picture(nothing, LIGHT, 30))


def test_a_slope_within_chance_is_grey_and_called_an_association() -> None:
    sure = Worth("a", "csat", (1, 5), True, 90, 80, 70, 9, Slope(0.1, 0.05, 0.2), None)
    unsure = Worth("b", "nps", (0, 10), True, 90, 80, 70, 9, Slope(0.1, -0.05, 0.2), None)
    rows = told.worth_rows([sure, unsure], "repeat", None)
    assert [(row.name, row.shown, row.stands_out) for row in rows] == [
        ("A, CSAT", "+10.0 pts", True),
        ("B, NPS", "+10.0 pts", False),
    ]
    assert told.worth_rows([sure], "value", "EUR")[0].value is None
    assert told.worth_foot([sure], 90, 1).startswith("An association, not an effect")
