"""One group against another: the difference, its interval, and the words for it."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from journey.metrics.answer import Answer, Total
from journey.metrics.filters import Filters
from journey.metrics.statistics import apart, nps, wilson
from journey.present import charts, choices, gaps, kpi, versus, words
from journey.present.palette import palette
from tests.present import examples
from tests.present.examples import EVIL, metric

AT = datetime(2026, 11, 1)
HERE = Filters(date(2026, 6, 29), date(2026, 8, 10), AT, {"channel": ("Email",)})
ELSE = replace(HERE, where={}, outside=HERE.where)


def share(part: float, whole: float) -> Total:
    """A share as an answer gives it."""
    return Total(part, whole, part / whole, *wilson(part, whole))


NEWCOMBE = {
    (56, 70, 48, 80): (0.0524, 0.3339),
    (9, 10, 3, 10): (0.1705, 0.8090),
    (6, 7, 2, 7): (0.0582, 0.8062),
    (5, 56, 0, 29): (-0.0381, 0.1926),
    (0, 10, 0, 20): (-0.1611, 0.2775),
    (0, 10, 0, 10): (-0.2775, 0.2775),
    (10, 10, 0, 20): (0.6791, 1.0),
    (10, 10, 0, 10): (0.6075, 1.0),
}
"""Newcombe (1998), table II, method 10: two shares to the interval of their difference."""


@pytest.mark.parametrize("counts", NEWCOMBE)
def test_the_difference_of_two_shares_has_newcombes_interval(counts: tuple) -> None:
    one, two, three, four = counts
    found = gaps.gap_of_totals(share(one, two), share(three, four), "percent")
    assert found is not None
    assert (found.low / 100, found.high / 100) == pytest.approx(NEWCOMBE[counts], abs=5e-5)
    assert found.value == pytest.approx(100 * (one / two - three / four))


def test_the_difference_of_two_nps_is_that_of_the_change_test() -> None:
    """z = (NPS2 - NPS1) / sqrt(SE1² + SE2²) of the definitions."""
    one, other = nps(100, 40, 200), nps(150, 120, 400)
    change, low, high = apart(one, other)
    errors = [(value[2] - value[0]) / 1.959964 for value in (one, other)]
    half = 1.959964 * sum(error**2 for error in errors) ** 0.5
    assert (change, low, high) == pytest.approx((22.5, 22.5 - half, 22.5 + half))


def test_a_group_against_itself_is_no_difference() -> None:
    found = gaps.gap_of_totals(share(30, 200), share(30, 200), "percent")
    assert found is not None
    assert not found.is_clear
    assert gaps.short(found, "percent") == "the same"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (7.04, "percent", "7.0 points higher"),
        (-52.3, "percent", "52 points lower"),
        (1.0, "points", "1.0 points higher"),
        (-0.126, "score", "0.13 points lower"),
    ],
)
def test_a_difference_in_words(value: float, unit: str, words: str) -> None:
    assert gaps.short(gaps.Gap(value, value - 1, value + 1), unit) == words


def test_too_few_are_not_compared() -> None:
    assert versus.pill(share(5, 29), share(50, 100), "percent", 30) == ("too few to judge", None)


# ---- whom to compare with -------------------------------------------------------------------

VALUES = {"channel": ["Email", "Direct"], "device": ["mobile"]}
PEOPLE = {"big": "Big spenders"}


def test_the_groups_offered() -> None:
    offered = choices.groups(HERE, VALUES, PEOPLE)
    assert list(offered.values()) == [
        *("Everyone else", "Everyone", "Segment: Big spenders", "Channel: Direct"),
        "Device: Mobile",
    ]


def test_without_a_filter_there_is_no_everyone_else() -> None:
    everyone = replace(HERE, where={})
    assert "Everyone else" not in choices.groups(everyone, VALUES, PEOPLE).values()
    assert choices.groups(everyone, {}, {}) == {}
    assert choices.compared("group", everyone, None) is None


def test_a_group_keeps_the_days_and_the_filters_it_does_not_name() -> None:
    here = replace(HERE, where={"channel": ("Email",), "device": ("mobile",)})
    other = choices.compared("group", here, "channel=Direct")
    assert other is not None
    assert other.where == {"channel": ("Direct",), "device": ("mobile",)}
    assert (other.since, other.until, other.as_of) == (here.since, here.until, here.as_of)
    assert versus.name(here, other) == "Direct"
    assert choices.compared("group", here, "rest") == replace(here, where={}, outside=here.where)
    odd = choices.compared("group", here, "channel=a=b")
    assert odd is not None
    assert odd.where["channel"] == ("a=b",)


def test_an_earlier_span_is_no_group() -> None:
    assert not versus.is_group(HERE, HERE.before())
    assert not versus.is_group(HERE, None)
    assert versus.is_group(HERE, ELSE)


@pytest.mark.parametrize(
    ("where", "outside", "overlaps"),
    [
        ({}, {"channel": ("Email",)}, False),
        ({}, {"channel": ("Direct",)}, True),
        ({"channel": ("Direct",)}, {}, False),
        ({"channel": ("Email", "Direct")}, {}, True),
        ({"channel": ("Email",), "device": ("mobile",)}, {}, True),
        ({"channel": ("Email",), "segment": ("big",)}, {}, True),
        ({}, {}, True),
    ],
)
def test_it_is_told_whether_the_two_may_share_people(
    where: dict, outside: dict, overlaps: bool
) -> None:
    other = replace(HERE, where=where, outside=outside)
    assert versus.may_overlap(HERE, other) is overlaps
    assert ("may share people" in versus.in_words(HERE, other)) is overlaps


# ---- cards and pictures ---------------------------------------------------------------------


def answers(chart: str, rows: pl.DataFrame, other: pl.DataFrame, unit: str = "percent") -> tuple:
    """The choice's answer and the other group's."""
    asked = metric(chart, unit)
    return Answer(asked, HERE, rows, "s", AT), Answer(asked, ELSE, other, "s", AT)


def rates(part: int, whole: int = 300) -> pl.DataFrame:
    """Weeks of a rate."""
    return pl.DataFrame({"week": examples.WEEKS, "converted": [part] * 6, "journeys": [whole] * 6})


def test_a_card_says_the_difference_the_interval_and_the_group() -> None:
    one, other = answers("rate", rates(63), rates(42))
    card = kpi.card(one, [other], palette("light"), goal=None, minimum_n=30)
    assert "7.0 points higher" in card
    assert "vs Everyone else (95 %: 4.5 to 9.5)" in card
    assert "better" not in card


def test_a_difference_within_chance_is_said_to_be() -> None:
    one, other = answers("rate", rates(43), rates(42))
    card = kpi.card(one, [other], palette("light"), goal=None, minimum_n=30)
    assert "0.3 points higher, within chance" in card


FOOTS = {
    "rate": (
        *("percent", rates(63), rates(42)),
        "Everyone else: 14.0 % (12.5 to 15.7 %) · 1,800 journeys. The choice is 7.0 points "
        "higher (95 %: 4.5 to 9.5), more than chance would explain.",
    ),
    "bar": (
        "journeys",
        pl.DataFrame({"channel": ["a", "b"], "journeys": [10, 30]}),
        pl.DataFrame({"channel": ["a", "b"], "journeys": [600, 300]}),
        "Everyone else: 900 journeys.",
    ),
    "funnel": (
        "journeys",
        pl.DataFrame({"stage": ["awareness", "purchase"], "journeys": [100, 30]}),
        pl.DataFrame({"stage": ["awareness", "purchase"], "journeys": [200, 20]}),
        "Everyone else: 10.0 % of 200 get to Purchase. The choice is 20 points higher "
        "(95 %: 11 to 30).",
    ),
    "quantiles": (
        "days",
        pl.DataFrame({"median_days": [2.0], "journeys": [100]}),
        pl.DataFrame({"median_days": [4.0], "journeys": [150]}),
        "Everyone else: half within 4 days, of 150 journeys.",
    ),
}


@pytest.mark.parametrize("chart", FOOTS)
def test_the_line_under_a_chart_names_the_other_group(chart: str) -> None:
    unit, rows, other, says = FOOTS[chart]
    told = versus.foot(*answers(chart, rows, other, unit), 30, "EUR")
    assert told.replace("\u2009", " ") == says


@pytest.mark.parametrize("chart", ["rate", "bar", "funnel", "quantiles", "line", "stacked"])
def test_an_empty_group_is_told(chart: str) -> None:
    rows = rates(1)
    told = versus.foot(*answers(chart, rows, rows.clear()), 30, None)
    assert told == "Everyone else: nothing in these days."


PICTURES = {
    "a rate in time": ("rate", "percent", rates(63), rates(42)),
    "a rate of categories": ("rate", "percent", examples.BY_CHANNEL, examples.BY_CHANNEL),
    "counts of categories": (
        "bar",
        "journeys",
        pl.DataFrame({"channel": ["Email", EVIL], "journeys": [100, 300]}),
        pl.DataFrame({"channel": ["Email", EVIL, "x"], "journeys": [600, 300, 100]}),
    ),
    "a funnel": ("funnel", "journeys", *[examples.FUNNEL] * 2),
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("side", ["light", "dark"])
def test_a_picture_names_the_other_group_and_its_difference(name: str, side: str) -> None:
    chart, unit, rows, other = PICTURES[name]
    picture = charts.figure(
        metric(chart, unit), rows, palette(side), compare=other, against=f"Group {EVIL}"
    )
    assert picture is not None
    spec = picture.to_json()
    assert "<a href" not in spec
    assert "points higher" in spec or "points lower" in spec or "the same (95 %" in spec
    assert "Group" in spec


def test_another_group_is_drawn_in_its_own_days() -> None:
    """An earlier span is laid over this one; another group is of the same days already."""
    later = rates(42).slice(2)
    picture = charts.figure(
        metric("rate"), rates(63), palette("light"), compare=later, against="Everyone else"
    )
    assert picture is not None
    dotted = next(trace for trace in picture.data if trace.name == "Everyone else")
    assert list(dotted.x) == examples.WEEKS[2:]


def test_counts_are_compared_by_their_mix() -> None:
    """600 of 1,000 are as 240 of 400: groups of different size compare on one scale."""
    _, unit, rows, other = PICTURES["counts of categories"]
    picture = charts.figure(
        metric("bar", unit), rows, palette("light"), compare=other, against="Everyone else"
    )
    assert picture is not None
    ticks = next(trace for trace in picture.data if trace.name == "Everyone else")
    assert list(ticks.x) == [240.0, 120.0]
    assert "25" in ticks.text[0]
    assert "60" in ticks.text[0]
    assert json.loads(picture.to_json())["layout"]["xaxis"]["range"] == [0, 300]


def test_amounts_and_too_few_have_no_mix() -> None:
    money = charts.figure(
        metric("bar", "money"), examples.BAR, palette("light"), compare=examples.BAR, against="B"
    )
    few = pl.DataFrame({"channel": ["a", "b"], "journeys": [10, 9]})
    counts = charts.figure(
        metric("bar", "journeys"), few, palette("light"), compare=few, against="B"
    )
    for picture in (money, counts):
        assert picture is not None
        assert len(picture.data) == 1


def test_an_earlier_span_is_named_shortly_on_a_card_and_by_its_days_on_the_page() -> None:
    before, year = HERE.before(), HERE.year_before()
    assert versus.span_name(HERE, before) == "the span before"
    assert versus.span_name(HERE, year) == "52 weeks earlier"
    days = words.period(before.since, before.until)
    other = replace(before, since=before.since - timedelta(days=1))
    assert versus.span_name(HERE, other).endswith(days.partition(" to ")[2])
    assert versus.in_words(HERE, before) == f"Compared with {days}."
    asked = metric("rate", "percent")
    one, *compared = (Answer(asked, at, rates(43), "s", AT) for at in (HERE, before, year))
    card = kpi.card(one, compared, palette("light"), goal=None, minimum_n=30)
    assert "vs the span before" in card
    assert "vs 52 weeks earlier" in card
    assert f"against {days}" in card
