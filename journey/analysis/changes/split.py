"""A rate's change, split exactly over the groups it is made of.

A rate over groups is a weighted mean: each group's rate times its share of the cases. Between two
periods a group's contribution is of two kinds. *Mix*: the group has become a larger or smaller
part of all cases, (w2 - w1)(r - R), with r the mean of its two rates and R that of all cases, so
that a group matters by how far it stands from the rest. *Rate*: the group itself has changed,
w(r2 - r1), with w the mean of its two shares. Both use averages of the two periods, so that the
split is the same read backwards, and over all groups they add up to the change without a rest
(Marshall and Edgeworth's symmetric weights; definitions of the product, statistics for managers).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from journey.metrics import statistics

Count = tuple[float, float]
"""A part and the whole it is of."""


@dataclass(frozen=True)
class Contribution:
    """What one group has to do with the change of the whole, as shares (0.01 is one point)."""

    group: str
    before: Count
    now: Count
    mix: float
    """By being a larger or smaller part of all cases."""
    rate: float
    """By having changed itself."""
    low: float | None
    high: float | None
    """The 95 % interval of `rate`: Newcombe's for the group's own change, times its share. None
    where a period has too few cases."""
    is_real: bool
    """Whether the group's own change is more than chance would explain, when all groups are
    looked at together (at most one in ten such calls wrong)."""

    @property
    def total(self) -> float:
        """Mix and rate together."""
        return self.mix + self.rate


@dataclass(frozen=True)
class Split:
    """A change of a rate and what it is made of."""

    before: Count
    now: Count
    change: float | None
    """As a share; None where one of the periods has no case."""
    low: float | None
    high: float | None
    contributions: tuple[Contribution, ...]
    """The largest first; ties by name."""

    @property
    def mix(self) -> float:
        """The part of the change that comes from who came."""
        return sum(one.mix for one in self.contributions)

    @property
    def rate(self) -> float:
        """The part of the change that comes from what they did."""
        return sum(one.rate for one in self.contributions)

    @property
    def is_real(self) -> bool:
        """Whether the change of the whole is more than chance would explain."""
        return self.low is not None and self.high is not None and self.low * self.high > 0


def split(before: Mapping[str, Count], now: Mapping[str, Count], minimum_n: int = 30) -> Split:
    """The change from `before` to `now`, each a group's part and whole, by group.

    A group that is in one period only has its one rate in both, so that all it brings is mix.
    A group with fewer than `minimum_n` cases in a period is part of the sum but is not judged.
    """
    groups = sorted({*before, *now})
    earlier = {group: before.get(group, (0.0, 0.0)) for group in groups}
    later = {group: now.get(group, (0.0, 0.0)) for group in groups}
    all_before, all_now = _sum(earlier), _sum(later)
    if not all_before[1] or not all_now[1]:
        return Split(all_before, all_now, None, None, None, ())
    middle = (all_before[0] / all_before[1] + all_now[0] / all_now[1]) / 2
    judged = [g for g in groups if min(earlier[g][1], later[g][1]) >= minimum_n]
    chances = [statistics.two_shares(*later[g], *earlier[g]) for g in judged]
    real = dict(zip(judged, statistics.discoveries(chances), strict=True))
    found = []
    for group in groups:
        rate_before, rate_now = _rates(earlier[group], later[group])
        share_before = earlier[group][1] / all_before[1]
        share_now = later[group][1] / all_now[1]
        share = (share_before + share_now) / 2
        low = high = None
        if group in real:
            _, low, high = statistics.difference(*later[group], *earlier[group])
            low, high = share * low, share * high
        found.append(
            Contribution(
                group=group,
                before=earlier[group],
                now=later[group],
                mix=(share_now - share_before) * ((rate_before + rate_now) / 2 - middle),
                rate=share * (rate_now - rate_before),
                low=low,
                high=high,
                is_real=real.get(group, False),
            )
        )
    found.sort(key=lambda one: (-abs(one.total), one.group))
    change, low, high = statistics.difference(*all_now, *all_before)
    if min(all_before[1], all_now[1]) < minimum_n:
        low = high = None
    return Split(all_before, all_now, change, low, high, tuple(found))


def _sum(counts: Mapping[str, Count]) -> Count:
    """The counts of all groups together."""
    return sum(part for part, _ in counts.values()), sum(whole for _, whole in counts.values())


def _rates(before: Count, now: Count) -> tuple[float, float]:
    """A group's two rates; where it has no case, its rate of the other period."""
    one = before[0] / before[1] if before[1] else None
    other = now[0] / now[1] if now[1] else None
    if one is None:
        one = other
    if other is None:
        other = one
    return one or 0.0, other or 0.0
