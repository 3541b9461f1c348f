"""The range to expect: against the definition by hand, false alarms, and strange points found."""

from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey.analysis.trend import bands
from tests.analysis.trend.test_breaks import NOTHING
from tests.analysis.trend.worlds import count, made, rate


@settings(max_examples=50)
@given(st.lists(st.floats(-50, 50), min_size=0, max_size=40), st.booleans())
def test_the_range_is_never_narrower_than_the_definition(values, by_day) -> None:
    """Three times 1.4826 times the median deviation of the same weekdays of eight weeks, at least
    six of them; and the point itself is in its own past nowhere."""
    grain = "day" if by_day else "week"
    points = made("mean", values, [1.0] * len(values), grain=grain, floor=0.0)
    found = {one.at: one for one in bands.ranges(points, 1)}
    step = 7 if by_day else 1
    for place, when in enumerate(points.at):
        past = [values[one] for one in range(place % step, place, step)][-8:]
        assert (when in found) == (len(past) >= 6)
        if len(past) < 6:
            continue
        one = found[when]
        middle = median(past)
        half = 3 * 1.4826 * median(abs(value - middle) for value in past)
        assert one.middle == pytest.approx(middle)
        assert one.low <= middle - half + 1e-9
        assert one.high >= middle + half - 1e-9
        moved = [*values]
        moved[place] += 1000
        again = made("mean", moved, [1.0] * len(values), grain=grain, floor=0.0)
        other = {two.at: two for two in bands.ranges(again, 1)}[when]
        assert (other.low, other.high) == (one.low, one.high)


@pytest.mark.parametrize("world", NOTHING)
def test_where_nothing_happens_one_point_in_a_hundred_is_out_of_range_at_most(world: str) -> None:
    draw = np.random.default_rng(20261129)
    found = [
        one.side
        for length in (14, 26, 78)
        for _ in range(60)
        for one in bands.ranges(NOTHING[world](draw, length), minimum_n=1)
    ]
    assert len(found) > 4_000
    assert np.mean(np.abs(found)) < 0.01


def test_a_week_of_few_cases_may_be_further_off() -> None:
    draw = np.random.default_rng(1)
    points = rate(draw, [0.2] * 20, size=1_000)
    wide = made("rate", [*points.part[:-1], 15], [*points.whole[:-1], 40])
    narrow = made("rate", [*points.part[:-1], 375], [*points.whole[:-1], 1_000])
    assert (bands.ranges(wide)[-1].side, bands.ranges(narrow)[-1].side) == (0, 1)


def test_weekdays_are_compared_with_themselves() -> None:
    draw = np.random.default_rng(2)
    means = [400.0 if day % 7 < 5 else 40.0 for day in range(140)]
    points = count(draw, means, grain="day")
    sides = [one.side for one in bands.ranges(points)]
    assert np.mean(np.abs(sides)) < 0.02
    as_saturday = made("count", [*points.part[:-3], 40], [1.0] * 138, grain="day")
    assert as_saturday.at[-1].weekday() < 5
    assert bands.ranges(as_saturday)[-1].side == -1


def test_a_planted_week_is_out_of_range() -> None:
    draw = np.random.default_rng(3)
    hits = 0
    for _ in range(100):
        found = bands.ranges(rate(draw, [0.27] * 30 + [0.62], size=70))
        hits += found[-1].side == 1
    assert hits >= 85


def test_too_few_cases_are_not_judged() -> None:
    points = made("rate", [9] * 8 + [9], [60] * 8 + [12])
    assert [one.at for one in bands.ranges(points, minimum_n=30)] == list(points.at[6:8])
    assert len(bands.ranges(points, minimum_n=10)) == 3


def test_a_range_of_things_ends_at_whole_ones_and_of_money_where_it_does() -> None:
    """Of four a day nothing is no news; of eight it is. A week's ends are whole weeks' counts."""
    for usual, side in ((4, 0), (8, -1)):
        days = made("count", [usual] * 80 + [0], [1.0] * 81, grain="day")
        assert bands.ranges(days)[-1].side == side
    draw = np.random.default_rng(5)
    weeks = count(draw, [3.0] * 40, grain="week")
    for one in bands.ranges(weeks):
        assert (7 * one.low, 7 * one.high) == pytest.approx(
            (round(7 * one.low), round(7 * one.high))
        )
    money = made("count", [20.5, 31.25] * 20, [7.0] * 40, floor=0.0)
    assert any(7 * one.high % 1 > 0.01 for one in bands.ranges(money))


def test_ends_stay_where_values_can_be() -> None:
    for kind, part in (("rate", 0), ("rate", 40), ("count", 0)):
        for one in bands.ranges(made(kind, [part] * 12, [40] * 12)):
            assert 0 <= one.low <= one.high
            assert kind == "count" or one.high <= 1
