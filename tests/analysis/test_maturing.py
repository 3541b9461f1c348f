"""What a rate comes to in the end, against cases counted one by one and against whole worlds."""

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.maturing import BY_AGE, expected
from journey.metrics import metric as registry
from journey.metrics.survival import arrivals
from tests.world import Business

WEEKS = (date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19))
CASES = st.lists(
    st.tuples(st.sampled_from(WEEKS), st.integers(1, 12), st.booleans()), min_size=1, max_size=60
)


def by_age(cases: list[tuple[date, int, bool]]) -> pl.DataFrame:
    """The rows a metric would give for cases told as week, day of leaving, whether it came."""
    rows = []
    for week, day in sorted({(week, day) for week, day, _ in cases}):
        own = [case for case in cases if case[0] == week]
        came = sum(1 for _, left, happened in own if left == day and happened)
        rows.append((week, day, came, sum(1 for _, left, _ in own if left >= day)))
    schema = ["week", "days_since_start", "converted", "still_watched"]
    return pl.DataFrame(rows, schema=schema, orient="row")


@given(CASES)
def test_all_weeks_together_are_kaplan_and_meier(cases: list[tuple[date, int, bool]]) -> None:
    found = expected(by_age(cases))
    assert found is not None
    one_by_one = arrivals(np.array([c[1] for c in cases]), np.array([c[2] for c in cases]))
    known = one_by_one.by(max(c[1] for c in cases))
    assert known is not None
    assert found[0].share == pytest.approx(known[0])
    assert found[0].n == len(cases)
    assert sum(week.n for week in found[1]) == len(cases)


@given(CASES)
def test_a_week_watched_to_the_end_is_its_plain_share(cases: list[tuple[date, int, bool]]) -> None:
    whole = [(week, day if came else 12, came) for week, day, came in cases]
    found = expected(by_age(whole))
    assert found is not None
    for week in found[1]:
        own = [came for at, _, came in whole if at == week.at]
        if week.watched == 12:
            assert week.share == pytest.approx(sum(own) / len(own))
        assert week.low <= week.share + 1e-12
        assert week.high >= week.share - 1e-12


def test_a_young_week_goes_on_as_the_others_did() -> None:
    # By hand: the old week loses 10 of 100 on day 1 and 18 of 90 on day 2. The young one was
    # watched for a day and lost 20 of 100; on day 2 it is expected to lose 18 of 90 as well.
    old = [(WEEKS[0], 1, True)] * 10 + [(WEEKS[0], 2, True)] * 18 + [(WEEKS[0], 2, False)] * 72
    young = [(WEEKS[1], 1, True)] * 20 + [(WEEKS[1], 1, False)] * 80
    found = expected(by_age(old + young))
    assert found is not None
    assert [round(week.share, 6) for week in found[1]] == [0.28, round(1 - 0.8 * 0.8, 6)]
    assert found[1][1].watched == 1
    assert found[1][1].high - found[1][1].low > found[1][0].high - found[1][0].low


def test_nobody_watched_for_a_day_gives_nothing() -> None:
    assert expected(by_age([(WEEKS[0], 1, False)]).clear()) is None


@pytest.mark.parametrize(("rate", "ages"), sorted(BY_AGE.items()))
def test_where_all_are_mature_it_is_the_rate_itself(rate: str, ages: str, town: Business) -> None:
    long_after = {"as_of": datetime(2040, 1, 1)}
    plain = town.ask(registry.find(rate), **long_after)
    found = expected(town.ask(registry.find(ages), **long_after))
    if plain.is_empty():
        pytest.fail("the town has no such case")
    assert found is not None
    assert [week.at for week in found[1]] == plain[plain.columns[0]].to_list()
    for week, (_, part, whole) in zip(found[1], plain.rows(), strict=True):
        assert (week.n, week.share) == (whole, pytest.approx(part / whole))
    assert found[0].share == pytest.approx(plain[:, -2].sum() / plain[:, -1].sum())


def test_the_estimate_does_not_lean_to_either_side() -> None:
    """Of weeks cut short at random, the expected share is the true one on average."""
    random = np.random.default_rng(4)
    gaps = []
    for _ in range(200):
        cases = []
        for number, week in enumerate(WEEKS):
            day = random.geometric(0.08, 200)
            longest = 12 - 4 * number
            cut = np.minimum(random.integers(longest, longest + 4, 200), 12)
            came = day <= cut
            cases += [
                (week, int(min(d, c)), bool(h)) for d, c, h in zip(day, cut, came, strict=True)
            ]
        found = expected(by_age(cases))
        assert found is not None
        gaps.append([week.share - (1 - 0.92**12) for week in (found[0], *found[1])])
    assert np.abs(np.mean(gaps, axis=0)).max() < 0.006


def test_days_to_order_end_at_the_conversion_of_all(town: Business) -> None:
    """By channel and then together: who ordered by the window's end, where all are mature."""
    long_after = {"as_of": datetime(2040, 1, 1)}
    plain = town.ask(registry.find("decision/conversion_rate"), **long_after)
    soon = town.ask(registry.find("decision/days_to_order"), **long_after)
    assert soon["ordered"].sum() == plain["converted"].sum()
    assert soon["days_since_start"].max() <= timedelta(days=30).days
