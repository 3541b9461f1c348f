"""Forecasts: against dense algebra, coverage over worlds, chances, refusals, words."""

from contextlib import suppress
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from journey.analysis.trend import models, scale
from journey.analysis.trend.course import Course
from journey.analysis.trend.forecast import Forecast, forecast
from journey.analysis.trend.series import Series
from journey.errors import MetricError
from journey.present import ahead, charts
from journey.present.palette import palette
from tests.analysis.trend.worlds import MONDAY, count, made, means, rate
from tests.present.examples import metric


def course_of(points: Series) -> Course:
    """A course of these points, without levels or ranges."""
    return Course(points, points, (), ())


def ends(weeks: int) -> date:
    """The last day of so many weeks from the first Monday."""
    return MONDAY + timedelta(weeks=weeks, days=-1)


def dense(shape: models.Shape, noise: np.ndarray, coming: float, steps: int) -> np.ndarray:
    """The covariance of all points and those to come, built up state by state, without a filter."""
    n = len(noise)
    states = [np.zeros((2, 2)) for _ in range(n + steps)]
    spread, cross = shape.first.astype(float), {}
    found = np.zeros((n + steps, n + steps))
    for at in range(n + steps):
        states[at] = spread
        cross[at, at] = spread
        for other in range(at):
            cross[other, at] = cross[other, at - 1] @ shape.passing.T
        spread = shape.passing @ spread @ shape.passing.T + shape.moved
    for a in range(n + steps):
        for b in range(a, n + steps):
            found[a, b] = found[b, a] = shape.seen @ cross[a, b] @ shape.seen
        found[a, a] += noise[a] if a < n else coming
    return found


def test_the_filters_are_what_dense_algebra_gives() -> None:
    draw = np.random.default_rng(1)
    n, steps, lags, coming = 16, 6, 4, 1.3
    values, noise = draw.standard_normal(n), draw.uniform(0.5, 2, n)
    found = models.fitted(values, noise)
    mean, deviation = models.ahead(found, n, values[-lags:], steps, coming)
    evidence = []
    for place, shape in enumerate(models.grid(n)):
        whole = dense(shape, noise, coming, steps)
        known = whole[:n, :n]
        # The likelihood of all points after the first, given the first.
        rest = known[1:, 1:] - np.outer(known[1:, 0], known[0, 1:]) / known[0, 0]
        off = values[1:] - known[1:, 0] / known[0, 0] * values[0]
        squares = off @ np.linalg.solve(rest, off)
        _, log_size = np.linalg.slogdet(rest)
        evidence.append(np.log(shape.prior) - log_size / 2 - (n - 1) / 2 * np.log(squares))
        gain = np.linalg.solve(known, whole[:n, n:]).T
        later = gain @ values
        left = whole[n:, n:] - gain @ whole[:n, n:]
        for step in range(1, steps + 1):
            new = min(step, lags)
            old = values[n - (lags - new) :] if new < lags else np.empty(0)
            chosen = np.arange(step - new, step)
            assert mean[step - 1, place] == pytest.approx(
                (later[chosen].sum() + old.sum()) / lags, abs=1e-4
            )
            spread = left[np.ix_(chosen, chosen)].sum() / lags**2 * squares / (n - 1)
            assert deviation[step - 1, place] == pytest.approx(np.sqrt(spread), rel=1e-3)
    weights = np.exp(np.array(evidence) - max(evidence))
    assert found.weights == pytest.approx(weights / weights.sum(), abs=1e-4)
    assert sum(shape.prior for shape in models.grid(n)) == pytest.approx(1)


def wander(kind: str, draw: np.random.Generator, n: int) -> np.ndarray:
    """A course in units of the noise of one week."""
    shock = draw.standard_normal(n)
    if kind == "level":
        return np.cumsum(0.3 * shock)
    if kind == "slope":
        return 0.1 * np.arange(n)
    if kind == "ties":
        for place in range(1, n):
            shock[place] = 0.6 * shock[place - 1] + 0.8 * shock[place]
        return shock
    return np.zeros(n)


@pytest.mark.parametrize("kind", ["constant", "ties", "level", "slope"])
def test_intervals_hold_what_they_say(kind: str) -> None:
    """64 courses a kind, near and far: of 64 at 95 % fewer than 54 come once in 1,000, of 64 at
    80 % fewer than 41 do."""
    draw = np.random.default_rng(20261129)
    within95 = within80 = asked = 0
    while asked < 64:
        known, steps = ((20, 6), (40, 6), (40, 20), (60, 12))[asked % 4]
        sd = np.sqrt(0.15 * 0.85 / 500)
        shares = np.clip(0.15 + sd * wander(kind, draw, known + steps), 0.01, 0.9)
        world = rate(draw, shares, size=500)
        try:
            found = forecast(course_of(world.stretch(0, known)), ends(known + steps))
        except MetricError:
            continue  # what is left over is no noise, in one course of a hundred
        asked += 1
        came = world.values[-4:].mean()
        within95 += found.end.low95 <= came <= found.end.high95
        within80 += found.end.low80 <= came <= found.end.high80
    assert within95 >= 54
    assert within80 >= 41


def test_chances_are_right_as_often_as_they_say() -> None:
    """Over wandering levels, targets that are said to be reached with about a half are so."""
    draw = np.random.default_rng(2)
    said, came = [], []
    for _ in range(60):
        world = means(draw, np.cumsum(0.3 * draw.standard_normal(36)), known=True)
        target = float(world.values[:30].mean())
        with suppress(MetricError):  # what is left over is no noise, in one of hundreds
            found = forecast(course_of(world.stretch(0, 30)), ends(36), target)
            said.append(found.chance)
            came.append(world.values[-4:].mean() >= target)
    assert len(said) > 50
    assert abs(np.mean(said) - np.mean(came)) < 0.15
    sure = np.array(said) > 0.8
    assert np.mean(np.array(came)[sure]) > 0.65


def steady(weeks: int = 30, size: int = 4_000) -> Series:
    """Weeks around 20 %."""
    return rate(np.random.default_rng(5), [0.2] * weeks, size=size)


def test_what_is_forecast_is_the_four_weeks_that_end_by_the_day() -> None:
    found = forecast(course_of(steady()), ends(40) + timedelta(days=3))
    assert (found.end.since, found.end.until) == (
        MONDAY + timedelta(weeks=36),
        MONDAY + timedelta(weeks=40),
    )
    assert (len(found.path), found.known) == (10, 30)
    assert found.end.low95 < found.end.low80 < found.end.middle < found.end.high80
    assert found.end.high80 < found.end.high95
    assert found.end.middle == pytest.approx(0.2, abs=0.01)
    assert sum(found.by_model.values()) == pytest.approx(1)


def test_the_first_step_is_mostly_known() -> None:
    points = steady()
    found = forecast(course_of(points), ends(38))
    widths = [one.high95 - one.low95 for one in found.path]
    assert widths[0] < widths[1] < widths[2] < widths[3]
    near = float(scale.back("rate", scale.even("rate", points.values[-3:]).mean()))
    assert abs(found.path[0].middle - near) < 0.01


def test_a_ceiling_is_reached_where_a_floor_is_not() -> None:
    floor, ceiling = (
        forecast(course_of(steady()), ends(36), 0.203, wants_lower=lower) for lower in (False, True)
    )
    assert floor.chance is not None
    assert ceiling.chance is not None
    assert floor.chance + ceiling.chance == pytest.approx(1)
    assert ceiling.chance > 0.5


def test_counts_go_on_by_the_week_and_never_below_nothing() -> None:
    draw = np.random.default_rng(6)
    found = forecast(course_of(count(draw, [3.0] * 30)), ends(50))
    assert 1 < found.end.middle < 6
    assert found.end.low95 >= 0
    assert forecast(course_of(made("count", [0] * 20, [7] * 20)), ends(24)).end.high95 < 0.01


def test_a_gap_is_no_step() -> None:
    points = steady(40)
    gap = Series(
        "rate", "week", (*points.at[:20], *points.at[21:]), np.delete(points.part, 20),
        np.delete(points.whole, 20), np.delete(points.cases, 20), 1.0,
    )  # fmt: skip
    assert forecast(course_of(gap), ends(44)).known == 19


@pytest.mark.parametrize(
    ("points", "by", "said"),
    [
        (steady(15), ends(20), "Only 15 whole and mature weeks to go on from: a forecast needs 16"),
        (steady(30), ends(30), "Ask for a later day"),
        (steady(30), ends(10), "Ask for a later day"),
        (steady(30), ends(61), "more than 30 weeks after the last one"),
    ],
)
def test_what_cannot_be_said_is_refused(points: Series, by: date, said: str) -> None:
    with pytest.raises(MetricError, match=said):
        forecast(course_of(points), by)


def test_a_season_that_no_model_knows_is_refused() -> None:
    draw = np.random.default_rng(7)
    season = 0.2 + 0.06 * np.sin(np.arange(60) / 4 * 2 * np.pi)
    with pytest.raises(MetricError, match="hang together in a way that none of the models"):
        forecast(course_of(rate(draw, season, size=4_000)), ends(64))


def told(found: Forecast, points: Series, unit: str = "percent") -> str:
    """A forecast in words."""
    kind = "rate" if unit == "percent" else "line"
    said = ahead.sentence(metric(kind, unit), course_of(points), found, None)
    return said.replace("\u2009", " ")


def test_a_forecast_in_words() -> None:
    points = steady()
    found = forecast(course_of(points), ends(36), 0.24)
    said = told(found, points)
    assert said.startswith("At this course 20 % in the 4 weeks to 14 Sep 2025 (95 %: ")
    assert "target 24 %: less than 1 % likely to be reached. This goes on as the past" in said
    assert "target" not in told(forecast(course_of(points), ends(36)), points)
    people = count(np.random.default_rng(8), [700.0] * 20)
    assert "00 a week in the 4 weeks" in told(
        forecast(course_of(people), ends(24)), people, "people"
    )


@pytest.mark.parametrize("kind", ["light", "dark"])
def test_the_picture_carries_the_course_on(kind: str) -> None:
    points = steady()
    course = course_of(points)
    rows = pl.DataFrame({"week": points.at, "converted": points.part, "journeys": points.whole})
    found = forecast(course, ends(36), 0.24)
    picture = charts.figure(
        metric("rate"), rows, palette(kind), course=course, forecast=found, target=24
    )
    assert picture is not None
    (line,) = (trace for trace in picture.data if trace.name == "forecast")
    assert line.x[-1] == MONDAY + timedelta(weeks=35)
    assert line.y[-1] == pytest.approx(100 * found.end.middle)
    assert line.error_y.array[-1] == pytest.approx(100 * (found.end.high95 - found.end.middle))
    assert len([trace for trace in picture.data if trace.name == "forecast interval"]) == 2
    assert picture.layout.yaxis.range[1] > 24
    assert any("forecast" in (note.text or "") for note in picture.layout.annotations)
