"""A fix is judged right: against counting by hand, against formulas, and over simulated worlds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import sqrt
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.pains import differences, verdicts
from journey.analysis.pains.differences import Gap
from journey.analysis.pains.judged import Judgement, judge
from journey.metrics import metric as registry
from journey.metrics import statistics
from journey.metrics.answer import Answer
from journey.metrics.filters import Filters
from journey.metrics.metric import Metric
from tests.world import MONDAY, Business, people

FIXED = MONDAY.date() + timedelta(days=56)
BEGAN = MONDAY.date() + timedelta(days=35)
SEEN = MONDAY + timedelta(days=200)


def town(seed: int) -> dict[str, str]:
    """A shop of two devices: mobile buys less from day 35 to 55."""
    random = Random(seed)
    lines = {}
    for number in range(1600):
        start = random.uniform(0, 112)
        device = random.choice(("mobile", "desktop"))
        chance = 0.1 if device == "mobile" and 35 <= start < 56 else 0.4
        line = f"ad_clicked@{start:.3f} device={device}"
        if random.random() < chance:
            line += f" order_completed@{start + 0.01:.3f},revenue=10"
        lines[f"p{number}"] = line
    return lines


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Business, dict[str, str]]]:
    """The shop, built, and the lines it was made of."""
    business = Business(tmp_path_factory.mktemp("made"), currency="EUR")
    lines = town(5)
    business.deliver(people(**lines))
    business.build()
    yield business, lines
    business.close()


def by_hand(lines: dict[str, str], mobile: bool, since: date, until: date) -> tuple[int, int]:
    """Who bought, of those that began in the days, counted line by line."""
    bought = began = 0
    for line in lines.values():
        at = MONDAY + timedelta(days=float(line.split("@")[1].split()[0]))
        if ("device=mobile" in line) == mobile and since <= at.date() < until:
            began += 1
            bought += "order_completed" in line
    return bought, began


def test_the_four_values_and_the_effect_are_those_counted_by_hand(
    made: tuple[Business, dict[str, str]],
) -> None:
    business, lines = made
    found = judge(
        business.engine, "decision/conversion_rate", {"device": "mobile"}, FIXED,
        since=BEGAN, as_of=SEEN,
    )  # fmt: skip
    assert found.sides is not None
    end = FIXED + timedelta(weeks=12)
    spans = {"before": (BEGAN, FIXED), "after": (FIXED, end)}
    share = {}
    for group, mobile in (("affected", True), ("others", False)):
        for side, (since, until) in spans.items():
            part, whole = by_hand(lines, mobile, since, until)
            total = getattr(found.sides, f"{group}_{side}")
            assert (total.part, total.whole) == (part, whole)
            share[group, side] = (part / whole, whole)
    effect = (share["affected", "after"][0] - share["affected", "before"][0]) - (
        share["others", "after"][0] - share["others", "before"][0]
    )
    assert found.effect is not None
    value, low, high = found.effect
    assert value == pytest.approx(effect)
    # The ends, beside the textbook's error of four independent shares.
    error = sqrt(sum(p * (1 - p) / n for p, n in share.values()))
    assert high - low == pytest.approx(2 * 1.96 * error * found.trend.swing, rel=0.05)
    assert found.verdict == "worked"


def test_the_spans_add_up_to_the_two_sides(made: tuple[Business, dict[str, str]]) -> None:
    business, lines = made
    found = judge(
        business.engine, "decision/conversion_rate", {"device": "mobile"}, FIXED,
        since=BEGAN, as_of=SEEN,
    )  # fmt: skip
    assert found.sides is not None
    for stretch, affected, others in (
        ("while it hurt", found.sides.affected_before, found.sides.others_before),
        ("after the fix", found.sides.affected_after, found.sides.others_after),
    ):
        spans = [span for span in found.spans if span.stretch == stretch]
        assert sum(span.affected.whole for span in spans) == affected.whole
        assert sum(span.affected.part for span in spans) == affected.part
        assert sum(span.others.whole for span in spans) == others.whole
        assert all(min(span.affected.whole, span.others.whole) >= 30 for span in spans)
    usual = [span for span in found.spans if span.stretch == "as it was"]
    part, whole = by_hand(lines, True, MONDAY.date(), BEGAN)
    assert sum(span.affected.whole for span in usual) == whole
    assert sum(span.affected.part for span in usual) == part
    for one, after in zip(found.spans, found.spans[1:], strict=False):
        assert one.until == after.since


def test_a_quiet_day_is_no_change(made: tuple[Business, dict[str, str]]) -> None:
    business, _ = made
    day = MONDAY.date() + timedelta(days=77)
    found = judge(
        business.engine, "conversion_rate", {"device": "mobile"}, day,
        since=FIXED, as_of=SEEN,
    )  # fmt: skip
    assert found.verdict == "no change"
    assert "no more than chance would explain" in verdicts.sentences(found)[0]


def test_the_other_way_round_it_got_worse(made: tuple[Business, dict[str, str]]) -> None:
    """To fix what was well on the day it broke is to have broken it."""
    business, _ = made
    found = judge(
        business.engine, "conversion_rate", {"device": "mobile"}, BEGAN,
        as_of=datetime.combine(FIXED, datetime.min.time()) + timedelta(days=30),
    )  # fmt: skip
    assert found.verdict == "got worse"
    assert "points worse" in verdicts.sentences(found)[0]


@pytest.mark.parametrize(("better", "verdict"), [("higher", "worked"), ("lower", "got worse")])
def test_what_is_better_decides_what_has_worked(better: str, verdict: str) -> None:
    world = World(Random(1), lambda week, affected: 0.3 if affected and week < 8 else 0.6)
    asked = replace(registry.find("decision/conversion_rate"), better=better)
    assert world.judge(week=8, metric=asked).verdict == verdict


@pytest.mark.parametrize(
    ("asked", "verdict", "why"),
    [
        ({"who": {}}, "cannot be judged", "no unaffected segment"),
        ({"who": {"category": "Shoes"}}, "cannot be judged", "no filter 'category'"),
        ({"metric_name": "awareness/new_people"}, "cannot be judged", "is no rate or score"),
        ({"metric_name": "nope"}, "cannot be judged", "Its metric cannot be used"),
        ({"who": {"device": "fridge"}}, "cannot be judged", "Only 0 cases before the fix"),
        ({"fixed_on": MONDAY.date()}, "cannot be judged", "no day before the fix"),
        ({"since": FIXED}, "cannot be judged", "no day before the fix"),
        ({"as_of": MONDAY + timedelta(days=87)}, "too early", "since the fix have had their time"),
        ({"as_of": MONDAY + timedelta(days=80)}, "too early", "Only 0 cases since the fix"),
    ],
)
def test_what_cannot_be_told_says_why(
    made: tuple[Business, dict[str, str]], asked: dict[str, object], verdict: str, why: str
) -> None:
    usual: dict[str, object] = {
        "metric_name": "decision/conversion_rate",
        "who": {"device": "mobile"},
        "fixed_on": FIXED,
        "since": BEGAN,
        "as_of": SEEN,
    }
    found = judge(made[0].engine, **(usual | asked))
    assert found.verdict == verdict
    assert why in verdicts.sentences(found)[0]
    assert found.effect is None


# Simulated worlds: counts a week for two groups, as a metric would give them.


@dataclass
class Watch:
    """What the judge asks of a snapshot."""

    first_day: date
    last_day: date
    watermark: datetime
    time_zone: str = "UTC"
    conversion_window_days: int = 0
    repeat_window_days: int = 0
    cart_window_hours: int = 0


class World:
    """Twenty weeks of two groups, each week drawn from its rate; it answers like an engine."""

    def __init__(self, random: Random, rate, n: int = 400, weeks: int = 20) -> None:
        first = date(2026, 1, 5)
        self.snapshot = Watch(
            first,
            first + timedelta(days=7 * weeks - 1),
            datetime(2026, 1, 5) + timedelta(weeks=weeks),
        )
        generator = np.random.default_rng(random.randrange(2**32))
        self.rows = {}
        for affected in (True, False):
            size = n if affected else 2 * n
            chances = [rate(week, affected) for week in range(weeks)]
            self.rows[affected] = pl.DataFrame(
                {
                    "week": [first + timedelta(weeks=week) for week in range(weeks)],
                    "converted": generator.binomial(size, chances),
                    "journeys": [size] * weeks,
                }
            )

    def run(self, metric: Metric, filters: Filters) -> Answer:
        """The weeks of a frame."""
        rows = self.rows[bool(filters.where)]
        week = pl.col("week")
        shown = rows.filter((week >= filters.since) & (week < filters.until))
        return Answer(metric, filters, shown, "made", filters.as_of)

    def judge(self, week: int, metric: Metric | None = None, since: int | None = None) -> Judgement:
        """The judgement of a fix in a week."""
        day = self.snapshot.first_day + timedelta(weeks=week)
        asked = metric or registry.find("decision/conversion_rate")
        began = None if since is None else self.snapshot.first_day + timedelta(weeks=since)
        patch = pytest.MonkeyPatch()
        with patch.context() as patched:
            patched.setattr(registry, "find", lambda name: asked)
            return judge(self, "any", {"device": "mobile"}, day, since=began)


def season(week: int) -> float:
    """What moves both groups alike."""
    return 0.30 + 0.05 * np.sin(week / 3)


RUNS = 200


def simulated(seed: int, rate, true: float, since: int | None = None) -> dict[str, float]:
    """The share of worlds with each verdict, and with the true effect within the interval."""
    random = Random(seed)
    found = [World(random, rate).judge(week=12, since=since) for _ in range(RUNS)]
    told: dict[str, float] = {
        verdict: sum(one.verdict == verdict for one in found) / RUNS
        for verdict in ("worked", "no change", "got worse", "cannot be judged", "too early")
    }
    effects = [one.effect for one in found if one.effect is not None]
    assert len(effects) == RUNS
    told["covered"] = sum(low <= true <= high for _, low, high in effects) / RUNS
    told["mean"] = sum(value for value, _, _ in effects) / RUNS
    return told


def test_without_an_effect_it_is_rarely_claimed() -> None:
    told = simulated(1, lambda week, affected: season(week) - 0.04 * affected, 0.0)
    assert told["covered"] >= 0.93
    assert told["no change"] >= 0.92
    assert told["worked"] <= 0.05
    assert told["got worse"] <= 0.05
    assert told["cannot be judged"] <= 0.04
    assert abs(told["mean"]) < 0.004


def test_an_effect_is_found_with_its_size() -> None:
    def rate(week: int, affected: bool) -> float:
        return season(week) - 0.08 * (affected and 6 <= week < 12)

    told = simulated(2, rate, 0.08, since=6)
    assert told["covered"] >= 0.93
    assert told["worked"] >= 0.93
    assert told["got worse"] == 0
    assert told["mean"] == pytest.approx(0.08, abs=0.005)


def test_a_gap_that_moved_before_is_not_judged() -> None:
    """Left to itself it would pass for a fix that worked."""
    told = simulated(3, lambda week, affected: 0.3 + (0.01 * week if affected else 0), 0.0)
    assert told["cannot be judged"] >= 0.95
    assert told["covered"] < 0.05


def test_restless_weeks_are_not_taken_for_an_effect() -> None:
    random = Random(4)
    shocks: dict[tuple[int, bool], float] = {}

    def rate(week: int, affected: bool) -> float:
        if (week, affected) not in shocks:
            shocks[week, affected] = random.gauss(0, 0.04)
        return 0.3 + shocks[week, affected]

    found = []
    for _ in range(RUNS):
        shocks.clear()
        found.append(World(random, rate).judge(week=12))
    claimed = sum(one.verdict in ("worked", "got worse") for one in found) / RUNS
    assert claimed <= 0.10
    narrow = 0
    for one in found:
        assert one.effect is not None
        assert one.trend is not None
        value, low, high = one.effect
        narrow += not (
            value - (value - low) / one.trend.swing <= 0 <= value + (high - value) / one.trend.swing
        )
    assert narrow / RUNS > 0.2, "without the allowance many would be claimed"


# The formulas.

shares = st.tuples(st.integers(1, 99), st.integers(100, 2000))


@given(shares, shares, shares, shares)
def test_the_effect_is_the_difference_of_differences(
    one: tuple[int, int], two: tuple[int, int], three: tuple[int, int], four: tuple[int, int]
) -> None:
    values = [(x / n, *statistics.wilson(x, n)) for x, n in (one, two, three, four)]
    value, low, high = differences.effect(*values)
    t1, t2, c1, c2 = (v for v, _, _ in values)
    assert value == pytest.approx((t2 - t1) - (c2 - c1))
    assert low <= value <= high
    # Read backwards in time, or with the groups exchanged, it is its own mirror.
    backwards = differences.effect(values[1], values[0], values[3], values[2])
    assert backwards == pytest.approx((-value, -high, -low))
    exchanged = differences.effect(values[2], values[3], values[0], values[1])
    assert exchanged == pytest.approx((-value, -high, -low))
    # What moves both alike takes itself out.
    assert differences.effect(values[0], values[1], values[0], values[1])[0] == pytest.approx(0)
    wide = differences.effect(*values, swing=2.0)
    assert wide[2] - wide[1] == pytest.approx(2 * (high - low))


@given(
    st.lists(
        st.tuples(st.floats(-0.5, 0.5), st.floats(0.01, 0.2), st.integers(0, 1)),
        min_size=4,
        max_size=20,
    )
)
def test_the_trend_is_weighted_least_squares_with_levels(
    drawn: Sequence[tuple[float, float, int]],
) -> None:
    gaps = [
        Gap(float(-n), value, spread, stretch) for n, (value, spread, stretch) in enumerate(drawn)
    ]
    levels = sorted({gap.stretch for gap in gaps})
    found = differences.trend(gaps)
    free = len(gaps) - len(levels) - 1
    assert (found is None) == (free < 1)
    if found is None:
        return
    weights = np.array([1 / gap.spread for gap in gaps])
    design = np.array(
        [[gap.at, *(float(gap.stretch == level) for level in levels)] for gap in gaps]
    )
    if np.linalg.matrix_rank(design) < len(levels) + 1:
        return
    values = np.array([gap.value for gap in gaps])
    solved, *_ = np.linalg.lstsq(design * weights[:, None], values * weights, rcond=None)
    rest = ((values - design @ solved) * weights) ** 2
    swing = sqrt(max(1.0, rest.sum() / free)) if free >= 4 else 1.0
    spread = sqrt(np.linalg.inv((design * weights[:, None] ** 2).T @ design)[0, 0])
    assert found.slope == pytest.approx(solved[0], abs=1e-9)
    assert found.swing == pytest.approx(swing)
    assert found.high - found.low == pytest.approx(2 * 1.9599640 * swing * spread)
