"""What changed: the split adds up, whatever the groups, and says what a hand would work out."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey.analysis.changes import asking
from journey.analysis.changes.split import split
from journey.errors import MetricError
from tests.world import Business

counts = st.integers(0, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
periods = st.dictionaries(st.sampled_from("abcdef"), counts, max_size=6)


def by_hand(before, now):
    """Mix and rate of each group, in fractions, straight from the definition."""
    all_before = sum(w for _, w in before.values())
    all_now = sum(w for _, w in now.values())
    middle = (
        Fraction(sum(p for p, _ in before.values()), all_before)
        + Fraction(sum(p for p, _ in now.values()), all_now)
    ) / 2
    effects = {}
    for group in {*before, *now}:
        (p1, w1), (p2, w2) = before.get(group, (0, 0)), now.get(group, (0, 0))
        r1 = Fraction(p1, w1) if w1 else Fraction(p2, w2) if w2 else Fraction(0)
        r2 = Fraction(p2, w2) if w2 else r1
        s1, s2 = Fraction(w1, all_before), Fraction(w2, all_now)
        effects[group] = ((s2 - s1) * ((r1 + r2) / 2 - middle), (s1 + s2) / 2 * (r2 - r1))
    return effects


@given(periods, periods)
def test_mix_and_rate_add_up_to_the_change(before, now) -> None:
    found = split(before, now)
    if not any(w for _, w in before.values()) or not any(w for _, w in now.values()):
        assert found.change is None
        return
    assert found.mix + found.rate == pytest.approx(found.change, abs=1e-12)
    effects = by_hand(before, now)
    for one in found.contributions:
        assert one.mix == pytest.approx(float(effects[one.group][0]), abs=1e-12)
        assert one.rate == pytest.approx(float(effects[one.group][1]), abs=1e-12)
    assert sum(mix + rate for mix, rate in effects.values()) == pytest.approx(found.change)


@given(periods, periods)
def test_read_backwards_every_contribution_turns_its_sign(before, now) -> None:
    forth = {one.group: one for one in split(before, now).contributions}
    back = {one.group: one for one in split(now, before).contributions}
    for group, one in forth.items():
        assert one.mix == pytest.approx(-back[group].mix, abs=1e-12)
        assert one.rate == pytest.approx(-back[group].rate, abs=1e-12)


def test_more_of_the_weak_group_is_mix_alone() -> None:
    found = split({"a": (50, 100), "b": (10, 100)}, {"a": (50, 100), "b": (30, 300)})
    assert found.change == pytest.approx(0.2 - 0.3)
    assert found.rate == pytest.approx(0)
    assert not any(one.is_real for one in found.contributions)


def test_a_group_with_few_cases_counts_but_is_not_judged() -> None:
    found = split({"a": (500, 1000), "b": (20, 20)}, {"a": (500, 1000), "b": (0, 20)})
    (b,) = (one for one in found.contributions if one.group == "b")
    assert (b.low, b.is_real) == (None, False)
    assert b.rate == pytest.approx((20 / 1020) * -1)


def test_the_groups_of_a_metric_are_those_of_its_filter(town: Business) -> None:
    filters = town.engine.filters(date(2026, 1, 1), date(2026, 12, 31))
    metric, found = asking.ask(town.engine, "conversion_rate", "channel", filters, filters, 1)
    whole = town.engine.run(metric, filters).total
    assert (sum(one.now[0] for one in found.contributions), whole.whole) == (
        whole.part,
        sum(one.now[1] for one in found.contributions),
    )


def test_only_a_rate_can_be_split(town: Business) -> None:
    filters = town.engine.filters(date(2026, 1, 1), date(2026, 12, 31))
    with pytest.raises(MetricError, match="no rate"):
        asking.ask(town.engine, "time_to_purchase", "device", filters, filters.before())
    with pytest.raises(MetricError, match="device"):
        asking.ask(town.engine, "conversion_rate", "devise", filters, filters.before())
