"""Sentences on cards: true to the numbers, never sure of what chance could have done."""

import re
from datetime import date, timedelta
from itertools import combinations
from math import sqrt
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey.analysis.trend.course import Turn
from journey.metrics.metric import CHARTS
from journey.present.captions import caption
from journey.present.captions.sentence import TEMPLATES
from tests.present.examples import metric

MONDAY = date(2026, 1, 5)
LEAST = 30


def weeks(count: int) -> list[date]:
    """So many Mondays."""
    return [MONDAY + timedelta(weeks=week) for week in range(count)]


def wilson(part: int, whole: int, z: float) -> tuple[float, float]:
    """Wilson's interval, written anew: the ends at which the score test just accepts."""
    share = part / whole
    root = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    centre, scale = share + z * z / (2 * whole), 1 + z * z / whole
    return (centre - root) / scale, (centre + root) / scale


def newcombe(one: tuple[int, int], other: tuple[int, int], wider: float = 1.0) -> bool:
    """Whether the interval of the difference of two shares, so much wider, leaves out zero."""
    z = NormalDist().inv_cdf(0.975)
    (p, q) = (part / whole for part, whole in (one, other))
    (low, high), (low_q, high_q) = (wilson(*counts, z) for counts in (one, other))
    gap = p - q
    below = gap - wider * sqrt((p - low) ** 2 + (high_q - q) ** 2)
    above = gap + wider * sqrt((high - p) ** 2 + (q - low_q) ** 2)
    return below > 1e-12 or above < -1e-12


def bonferroni(pairs: int) -> float:
    """How much wider an interval is when it is one of so many."""
    return NormalDist().inv_cdf(1 - 0.025 / pairs) / NormalDist().inv_cdf(0.975)


shares = st.integers(1, 600).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_every_kind_of_chart_has_a_template() -> None:
    assert set(TEMPLATES) == set(CHARTS)


@given(st.lists(shares, min_size=2, max_size=6))
@settings(max_examples=150)
def test_categories_are_called_apart_only_where_they_are(counts: list[tuple[int, int]]) -> None:
    names = [f"Group {'ABCDEF'[place]}" for place in range(len(counts))]
    of = dict(zip(names, counts, strict=True))
    rows = pl.DataFrame(
        {
            "group": names,
            "bought": [part for part, _ in counts],
            "people": [whole for _, whole in counts],
        }
    )
    said = caption(metric("rate"), rows, minimum_n=LEAST)
    enough = {name: one for name, one in of.items() if one[1] >= LEAST}
    named = re.findall(r"Group [A-F]", said)
    assert set(named) <= set(enough), "what rests on too few is not named"
    pairs = list(combinations(enough, 2))
    if "further apart than chance" in said:
        high, low = named
        assert of[high][0] / of[high][1] > of[low][0] / of[low][1]
        assert newcombe(of[high], of[low]), "the interval of the difference leaves out zero"
        if said.startswith("Highest"):
            values = [part / whole for part, whole in enough.values()]
            assert of[high][0] / of[high][1] == max(values)
            assert of[low][0] / of[low][1] == min(values)
        for name in named:
            assert f"of {of[name][1]:,}" in said
    elif "No two differ" in said:
        # Equal wholes may be parts of one whole, which asks for more.
        wider = bonferroni(len(pairs)) * sqrt(2)
        assert not any(newcombe(of[one], of[other], wider) for one, other in pairs)
    else:
        assert len(enough) < 2


@given(st.lists(shares, min_size=1, max_size=12))
@settings(max_examples=150)
def test_a_rate_rises_or_falls_only_where_its_halves_are_apart(counts) -> None:
    rows = pl.DataFrame(
        {
            "week": weeks(len(counts)),
            "bought": [part for part, _ in counts],
            "people": [whole for _, whole in counts],
        }
    )
    said = caption(metric("rate"), rows, minimum_n=LEAST)
    middle = len(counts) // 2
    first, last = (
        (sum(part for part, _ in half), sum(whole for _, whole in half))
        for half in (counts[:middle], counts[middle:])
    )
    if said.startswith(("Rose", "Fell")):
        assert said.startswith("Rose") == (last[0] * first[1] > first[0] * last[1])
        assert newcombe(first, last)
    elif said.startswith("No change"):
        assert not newcombe(first, last, 1 + 1e-9)
    else:
        assert min(first[1], last[1]) < LEAST
    if said.startswith(("Rose", "Fell", "No change")):
        assert f"of {first[1]:,}" in said
        assert f"of {last[1]:,}" in said


def turn(after: float | None) -> Turn:
    """A change of level in the third week, that came back or stayed."""
    return Turn(MONDAY, MONDAY + timedelta(weeks=1), 0.3, 0.1, after, 90.0, 900.0, after is None)


@pytest.mark.parametrize(
    ("turns", "says"),
    [
        ([], "No change beyond chance"),
        ([turn(0.3)], "much as the first, with a change in between that has passed"),
        ([turn(0.3), turn(None)], "much as the first, with a change of level in between"),
    ],
)
def test_halves_that_are_alike_do_not_deny_what_happened_in_between(
    turns: list[Turn], says: str
) -> None:
    rates = pl.DataFrame({"week": weeks(8), "bought": [30] * 8, "people": [100] * 8})
    said = caption(metric("rate"), rates, minimum_n=LEAST, turns=turns)
    assert says in said
    assert ("No change" in said) == (not turns)
    counts = pl.DataFrame({"week": weeks(8), "orders": [30, 31, 29, 30, 30, 29, 31, 30]})
    said = caption(metric("line", "orders"), counts, turns=turns)
    assert ("differ anyway" in said) == (not turns)
    assert ("in between" in said) == bool(turns)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=9))
@settings(max_examples=100)
def test_the_largest_bar_is_named_with_its_count(sizes: list[int]) -> None:
    names = [f"Group {'ABCDEFGHI'[place]}" for place in range(len(sizes))]
    rows = pl.DataFrame({"group": names, "orders": sizes})
    said = caption(metric("bar", "orders"), rows)
    if not any(sizes):
        assert said == "Nothing in this period."
        return
    largest = {name for name, size in zip(names, sizes, strict=True) if size == max(sizes)}
    leading = said.partition(";")[0]
    assert set(re.findall(r"Group [A-I]", leading)) == largest
    assert f"{max(sizes):,}" in leading


@given(st.lists(st.integers(0, 500), min_size=8, max_size=30))
@settings(max_examples=100)
def test_a_course_of_counts_rises_only_above_its_scatter(values: list[int]) -> None:
    rows = pl.DataFrame({"week": weeks(len(values)), "orders": values})
    said = caption(metric("line", "orders"), rows)
    if not any(values):
        assert said == "Nothing in this period."
        return
    middle = len(values) // 2
    first, last = np.array(values[:middle]), np.array(values[middle:])
    if said.startswith(("Rose", "Fell")):
        assert said.startswith("Rose") == (last.mean() > first.mean())
        error = sqrt(first.var(ddof=1) / len(first) + last.var(ddof=1) / len(last))
        assert abs(last.mean() - first.mean()) > 1.9 * error
    else:
        assert "no more apart than weeks differ anyway" in said


def test_a_week_the_period_cuts_is_no_fall() -> None:
    rows = pl.DataFrame({"week": weeks(17), "orders": [100, 104] * 8 + [9]})
    until = MONDAY + timedelta(weeks=16, days=2)
    said = caption(metric("line", "orders"), rows, since=MONDAY, until=until)
    assert said == (
        "102 orders a week in the first 8 weeks, 102 in the last 8: no more apart than weeks "
        "differ anyway."
    )


def test_where_nothing_differs_differences_are_rarely_claimed() -> None:
    """Twelve groups of one rate: at most one world in twenty has a pair called apart."""
    draws = np.random.default_rng(7).binomial(400, 0.2, size=(400, 12))
    claims = 0
    for parts in draws:
        rows = pl.DataFrame(
            {
                "group": [f"g{n}" for n in range(12)],
                "bought": parts,
                "people": [400 + n for n in range(12)],
            }
        )
        claims += "further apart" in caption(metric("rate"), rows)
    assert claims <= 24


@pytest.mark.parametrize(
    ("chart", "unit", "rows", "said"),
    [
        (
            "rate",
            "percent",
            {"week": weeks(1), "satisfied": [1], "responses": [1]},
            "1 response, too few to show a value from.",
        ),
        (
            "nps",
            "points",
            {"month": weeks(1), "up": [60], "same": [20], "down": [20], "responses": [100]},
            "40 from 100 responses (24 to 56).",
        ),
        (
            "stacked",
            "journeys",
            {"week": weeks(2), "channel": ["Email", "Direct"], "journeys": [30, 10]},
            "Most: Email, 30 of 40 journeys (75 %); then Direct, 10.",
        ),
        (
            "stacked",
            "journeys",
            {"week": weeks(2), "channel": ["Email", "Direct"], "journeys": [3, 1]},
            "Most: Email, 3 of 4 journeys; then Direct, 1.",
        ),
        (
            "stacked",
            "answers",
            {"week": weeks(1), "survey": ["csat"], "answers": [1]},
            "All at CSAT: 1 answer.",
        ),
        (
            "funnel",
            "journeys",
            {"stage": ["awareness", "decision", "purchase"], "journeys": [1000, 400, 150]},
            "15.0 % of 1,000 journeys get to Purchase (12.9 to 17.3 %); most are lost between "
            "Awareness and Decision, 600.",
        ),
        (
            "quantiles",
            "days",
            {"p25_days": [1.5], "median_days": [3.0], "journeys": [200]},
            "A quarter within 1.5 days and half within 3 days, of 200 journeys.",
        ),
        (
            "survival",
            "percent",
            {
                "order": ["second"] * 2,
                "days_since_order": [10, 20],
                "ordered_again": [10, 9],
                "still_waiting": [100, 90],
            },
            "Second: 19.0 % of 100 (13 to 28 %) had ordered again by 20 days since order.",
        ),
        (
            "matrix",
            "percent",
            {
                "channel": ["Email", "Display", "Email", "Display"],
                "stage": ["decision", "decision", "purchase", "purchase"],
                "reached": [90, 40, 20, 18],
                "journeys": [100, 100, 101, 100],
            },
            "Reached is widest apart at Decision: highest for Email, 90 % of 100 (83 to 94 %), "
            "and lowest for Display, 40 % of 100 (31 to 50 %), further apart than chance would "
            "explain.",
        ),
        (
            "matrix",
            "percent",
            {
                "from_side": ["Online", "Online", "Offline", "Offline"],
                "to_side": ["Online", "Offline", "Online", "Offline"],
                "converted": [100, 37, 38, 13],
                "journeys": [1000, 100, 100, 100],
            },
            "Converted: those that stayed aside, no two cells differ by more than chance would "
            "explain.",
        ),
        (
            "measures",
            "people",
            {"group": ["A", "B"], "sold_part": [50, 52], "sold_whole": [100, 101]},
            "No two lines differ in any column by more than chance would explain.",
        ),
        (
            "measures",
            "orders",
            {"channel": ["A", "B"], "first_touch_part": [1, 0], "first_touch_of": [1, 1]},
            "Too few cases in each line to compare any two.",
        ),
        (
            "measures",
            "orders",
            {"channel": ["A", "B"], "first_touch_part": [40, 60], "first_touch_of": [100, 100]},
            "First touch: most at B, 60 % of 100.",
        ),
        (
            "table",
            "touches",
            {"stage": ["decision", "purchase"], "touches": [5, 3]},
            "2 rows, one. Most touches: Decision, 5.",
        ),
    ],
)
def test_worked_examples(chart: str, unit: str, rows: dict[str, list], said: str) -> None:
    found = caption(metric(chart, unit), pl.DataFrame(rows), "EUR", LEAST)
    assert found.replace("\u2009", " ") == said


def test_money_is_said_with_its_currency() -> None:
    rows = pl.DataFrame({"channel": ["Email", "Direct"], "revenue": [51_961.2, 49_010.0]})
    said = caption(metric("bar", "money"), rows, "EUR")
    assert said == "Most: Email, EUR 52,000; then Direct, EUR 49,000."
