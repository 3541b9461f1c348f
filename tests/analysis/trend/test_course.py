"""A metric's rows as a course: which points count, what turns are made of, and their words."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from journey.analysis.trend.bands import ranges
from journey.analysis.trend.breaks import levels
from journey.analysis.trend.course import Course, history
from journey.analysis.trend.series import Series, series, weekly
from journey.present import charts, turns
from journey.present.palette import palette
from tests.analysis.trend.worlds import made, rate
from tests.present.examples import CES, LINE, NPS, RATE, STACKED, WEEKS, metric
from tests.world import Business

FIRST, LAST = WEEKS[0], WEEKS[-1] + timedelta(days=7)


def of(chart: str, unit: str, rows: pl.DataFrame, **asked: date) -> Series:
    """A metric's series over all of the examples' weeks unless told otherwise."""
    frame = {"since": date(2026, 1, 1), "until": date(2027, 1, 1), **asked}
    found = series(metric(chart, unit), rows, **frame)
    assert found is not None
    return found


def course_of(points: Series) -> Course:
    """The course of a series."""
    steps = weekly(points)
    return Course(points, steps, tuple(levels(steps)), tuple(ranges(points)))


def test_each_kind_of_chart_as_parts_and_wholes() -> None:
    rates = of("rate", "percent", RATE)
    assert (rates.kind, rates.part.tolist(), rates.floor) == ("rate", [30, 33, 31, 2, 40, 36], 1)
    line = of("line", "people", LINE)
    assert (line.kind, line.part.tolist(), set(line.whole)) == (
        "count",
        [5, 90, 95, 99, 97, 40],
        {7.0},
    )
    assert of("line", "money", LINE).floor == 0
    assert of("line", "days", LINE).kind == "mean"
    stacked = of("stacked", "journeys", STACKED)
    assert stacked.part.tolist() == [STACKED.filter(week=week)["journeys"].sum() for week in WEEKS]
    nps = of("nps", "points", NPS)
    assert nps.values.tolist() == pytest.approx([30.0, 45.0])
    p, d, n = 112 / 220, 43 / 220, 220
    assert nps.whole.sum() == pytest.approx(n / (1e4 * (p + d - (p - d) ** 2)))
    score = of("score", "score", CES)
    assert score.values.tolist() == pytest.approx([5.4, 5.6])
    assert score.cases.tolist() == [100, 100]


def test_charts_that_are_no_course() -> None:
    for chart in ("bar", "funnel", "quantiles", "table"):
        assert series(metric(chart), RATE, FIRST, LAST) is None
    words = RATE.with_columns(pl.lit("Email").alias("week"))
    assert series(metric("rate"), words, FIRST, LAST) is None


def test_only_whole_and_mature_points_count() -> None:
    at = of("rate", "percent", RATE, since=WEEKS[0] + timedelta(days=1)).at
    assert at == tuple(WEEKS[1:])
    at = of("rate", "percent", RATE, until=LAST - timedelta(days=1)).at
    assert at == tuple(WEEKS[:-1])
    assert of("rate", "percent", RATE, immature_from=WEEKS[3]).at == tuple(WEEKS[:3])
    assert len(of("rate", "percent", RATE.clear())) == 0


def test_a_week_without_a_row_is_nothing_for_a_count_and_left_out_of_a_rate() -> None:
    gap = pl.Series([True, True, False, True, True, True])
    assert of("line", "people", LINE.filter(gap)).part.tolist() == [5, 90, 0, 99, 97, 40]
    assert of("rate", "percent", RATE.filter(gap)).at == (*WEEKS[:2], *WEEKS[3:])
    empty = RATE.with_columns(journeys=pl.when(pl.col("journeys") > 100).then("journeys"))
    assert len(of("rate", "percent", empty)) == 5


def test_months_are_counted_by_their_days() -> None:
    months = pl.DataFrame({"month": [date(2026, 1, 1), date(2026, 2, 1)], "answers": [310, 280]})
    found = of("line", "answers", months)
    assert found.values.tolist() == [10, 10]
    assert found.shown(10.0, date(2026, 2, 1)) == 280


def test_days_make_whole_weeks() -> None:
    first = date(2026, 1, 1)  # a Thursday
    days = pl.DataFrame({"day": [first + timedelta(days=n) for n in range(20)], "n": [1] * 20})
    found = weekly(of("line", "events", days))
    assert found.at == (date(2026, 1, 5), date(2026, 1, 12))
    assert found.part.tolist() == [7, 7]


def stepped(*shares: tuple[float, int]) -> Course:
    """The course of weeks of 10,000 cases each at these shares."""
    values = [share for share, weeks in shares for _ in range(weeks)]
    return course_of(made("rate", [10_000 * value for value in values], [10_000] * len(values)))


def told(course: Course, unit: str = "percent") -> list[str]:
    """Its changes in words."""
    kind = "rate" if unit == "percent" else "line"
    return [
        turns.sentence(metric(kind, unit), course, turn).replace("\u2009", " ")
        for turn in course.turns()
    ]


def test_a_change_that_stays_in_words() -> None:
    assert told(stepped((0.29, 8), (0.21, 4))) == [
        "Since the week of 3 Mar 2025 it runs at 21 % (n 40,000), down from 29 % (n 80,000)."
    ]


def test_what_passed_is_told_with_its_end_and_the_next_goes_on_from_what_came_after() -> None:
    course = stepped((0.20, 8), (0.40, 2), (0.21, 10), (0.30, 6), (0.10, 6))
    assert told(course) == [
        "From 3 Mar 2025 to 16 Mar 2025 it ran at 40 % (n 20,000), up from 20 % (n 80,000); then "
        "at 21 %.",
        "From the week of 26 May 2025 on it ran at 30 % (n 60,000), up from 21 % (n 100,000).",
        "Since the week of 7 Jul 2025 it runs at 10.0 % (n 60,000), down from 30 % (n 60,000).",
    ]


def test_counts_are_told_by_the_week() -> None:
    course = course_of(made("count", [700] * 9 + [1400] * 9, [7] * 18))
    assert told(course, "people") == [
        "Since the week of 10 Mar 2025 it runs at 1,400 a week, up from 700 a week."
    ]


def test_the_parts_of_a_whole_have_the_levels_of_their_total() -> None:
    """Two channels whose total doubles, drawn over the bars and told of the total."""
    weeks = [date(2026, 1, 5) + timedelta(weeks=number) for number in range(18)]
    rows = pl.DataFrame(
        {
            "week": weeks * 2,
            "channel": ["Email"] * 18 + ["Direct"] * 18,
            "journeys": [500] * 9 + [1_000] * 9 + [200] * 9 + [400] * 9,
        }
    )
    of_all = metric("stacked", "journeys")
    course = course_of(of("stacked", "journeys", rows))
    (turn,) = course.turns()
    assert turns.sentence(of_all, course, turn) == (
        "Since the week of 9 Mar 2026 the total runs at 1,400 a week, up from 700 a week."
    )
    figure = charts.figure(of_all, rows, palette("light"), course=course)
    assert figure is not None
    (level,) = [one for one in figure.data if one.name == "level"]
    assert list(level.y) == pytest.approx([700, 700, None, 1400, 1400, None])


def test_a_card_tells_what_falls_into_its_period() -> None:
    course = stepped((0.29, 8), (0.21, 9))
    asked = metric("rate")
    change = course.steps.at[8]
    assert len(turns.told(asked, course, change, date(2026, 1, 1))) >= 1
    assert turns.told(asked, course, change + timedelta(days=70), date(2026, 1, 1)) == []
    assert turns.told(asked, course, date(2025, 1, 1), change - timedelta(days=7)) == []
    assert turns.told(asked, None, date(2025, 1, 1), change) == []


@pytest.mark.parametrize("kind", ["light", "dark"])
def test_the_picture_marks_levels_and_strange_points_by_shape_and_colour(kind: str) -> None:
    draw = np.random.default_rng(7)
    points = rate(draw, [0.2] * 20 + [0.4] * 2 + [0.2] * 10, size=900)
    rows = pl.DataFrame(
        {"week": points.at, "converted": points.part, "journeys": points.whole},
    )
    course = course_of(points)
    picture = charts.figure(metric("rate"), rows, palette(kind), course=course)
    assert picture is not None
    traces = {trace.name: trace for trace in picture.data}
    assert {"expected range", "level", "out of range"} <= traces.keys()
    strange = traces["out of range"]
    up = [one.at for one in course.ranges if one.side > 0]
    assert up[0] == points.at[20]
    assert strange.marker.symbol[0] == "triangle-up"
    assert strange.marker.color[0] == palette(kind).good
    assert "above the expected range" in strange.text[0]
    arrows = [note for note in picture.layout.annotations if note.text in ("▲", "▼")]
    assert [note.x for note in arrows] == [points.at[20]]
    assert list(traces).index("expected range") < list(traces).index("95 % interval")


def test_without_a_course_the_picture_is_as_it_was() -> None:
    plain = charts.figure(metric("rate"), RATE, palette("light"))
    short = course_of(of("rate", "percent", RATE))
    assert charts.figure(metric("rate"), RATE, palette("light"), course=short) == plain


def test_the_course_of_a_metric_is_asked_further_back_than_the_page(town: Business) -> None:
    snapshot = town.engine.snapshot
    asked = history(town.engine.filters(date(2026, 3, 1), date(2026, 4, 1)), snapshot)
    assert (asked.since, asked.until) == (snapshot.first_day, date(2026, 4, 1))
