"""The read-out of one experiment: whether it can be trusted, what each arm did, and the verdict.

People count in the arm of their first touch that names a variant, whatever they see later: as they
were randomised (intention to treat). Leaving out those who saw two arms would look cleaner, but who
comes often enough to see two is not chance; what it would give is told beside it. Outcomes count
strictly after the assignment and within the conversion window, over people whose window has closed.

First comes the sample ratio: the people in each arm against the planned shares by a chi-square
test. Where it fails (p below 0.001, as Fabijan and others 2019 advise for tests that are looked at
often), something decided who was counted, and no result of the experiment is to be believed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from scipy.stats import chi2

from journey.analysis.experiments import arms as reading
from journey.analysis.experiments import lift, power
from journey.analysis.experiments.arms import Arm, Counted
from journey.analysis.experiments.lift import Interval
from journey.config import Config
from journey.errors import MetricError, suggest
from journey.experiments import Plan
from journey.metrics import statistics
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

TRUST = 0.001
"""The p-value below which the sample ratio has failed."""

CROSSED = 0.01
"""The share of people seen in two arms above which the assignment itself is in doubt."""

BETTER, WORSE, NONE, EARLY, DISTRUST = (
    *("better", "worse", "no difference to tell from chance", "too early"),
    "do not trust: sample ratio",
)


@dataclass(frozen=True)
class Ratio:
    """The people in each arm against the plan."""

    expected: Mapping[str, float]
    """Arm to the people it should have by the planned shares."""
    chance: float
    """How likely a split at least so far from the plan is, were it kept to."""
    unplanned: tuple[str, ...]
    """Arms that the plan does not know."""

    @property
    def holds(self) -> bool:
        """Whether the experiment may be read."""
        return self.chance >= TRUST and not self.unplanned


@dataclass(frozen=True)
class Group:
    """The same comparison among some of the people, as a share."""

    name: str
    arm: tuple[int, int]
    control: tuple[int, int]
    lift: Interval | None
    """None below the minimum in either arm."""
    chance: float | None
    is_real: bool
    """Whether it stands when all groups are looked at together (Benjamini and Hochberg)."""


@dataclass(frozen=True)
class Comparison:
    """One arm against the control. Shares are shares: 0.01 is one point."""

    arm: Arm
    control: Arm
    verdict: str
    lift: Interval | None
    """Of the conversion rates; None where an arm has no mature people."""
    relative: tuple[float, float, float | None] | None
    always_valid: Interval | None
    chance: float | None
    """The p-value of the difference."""
    kept: Interval | None
    """The difference without people seen in two arms; None where there are none such."""
    revenue: Interval | None
    """Difference in money a person."""
    visits: Interval | None
    """Difference in visits a person after the assignment."""
    smallest: float | None
    """The smallest rise that these people would have shown in four of five such experiments."""
    needed: int | None
    """People in both arms together for such power at the difference seen."""
    groups: tuple[Group, ...]
    differ: float | None
    """How likely groups differ so much in their lift by chance; None with fewer than two."""

    @property
    def more(self) -> int | None:
        """Mature people still missing for that power; 0 where there are enough."""
        if self.needed is None:
            return None
        return max(0, self.needed - self.arm.people - self.control.people)


@dataclass(frozen=True)
class Readout:
    """One experiment in one frame."""

    experiment: str
    goal: str | None
    by: str
    better: str
    window_days: int
    counted: Counted
    control: str
    ratio: Ratio
    comparisons: tuple[Comparison, ...]
    """One for each arm but the control, by name."""

    @property
    def crossed(self) -> int:
        """People seen in two arms."""
        return sum(arm.crossed for arm in self.counted.arms)

    @property
    def people(self) -> int:
        """Those whose window has closed."""
        return sum(arm.people for arm in self.counted.arms)

    def weeks_for(self, people: int) -> float | None:
        """How many weeks it takes to assign so many, as they have come so far."""
        weekly = self.counted.assigned / self.counted.weeks if self.counted.weeks else 0
        return people / weekly if weekly else None


def read(
    engine: Engine,
    config: Config,
    filters: Filters,
    experiment: str,
    goal: str | None = None,
    control: str | None = None,
    by: str = "persona",
) -> Readout:
    """Read one experiment. Goal and control are as planned in the configuration unless given.

    Raises MetricError where there is no such experiment in the period, or no such goal or arm.
    """
    plan = config.experiments.get(experiment, Plan())
    goal = goal or plan.goal
    known = reading.names(engine, filters)
    if experiment not in known:
        there = f"There are: {', '.join(known)}." if known else "There is none in this period."
        raise MetricError(
            f"There is no experiment {experiment!r}.{suggest(experiment, known)} {there}"
        )
    counted = reading.count(engine, filters, experiment, goal)[""]
    by_group = reading.count(engine, filters, experiment, goal, by)
    by_name = {arm.name: arm for arm in counted.arms}
    base = reading.control_of(by_name, control or plan.control, experiment)
    ratio = sample_ratio({arm.name: arm.assigned for arm in counted.arms}, plan.split)
    others = [arm for arm in counted.arms if arm.name != base]
    compared = tuple(
        _compare(arm, by_name[base], by_group, config.minimum_n, len(others), plan.better, ratio)
        for arm in others
    )
    return Readout(
        experiment, goal, by, plan.better, engine.snapshot.conversion_window_days,
        counted, base, ratio, compared,
    )  # fmt: skip


def sample_ratio(assigned: Mapping[str, int], split: Mapping[str, float]) -> Ratio:
    """The people in each arm against the planned shares; without a plan, equal ones.

    >>> round(sample_ratio({"A": 580, "B": 570}, {}).chance, 3)
    0.768
    >>> sample_ratio({"A": 821588, "B": 815482}, {}).holds
    False
    """
    planned = split or dict.fromkeys(assigned, 1.0)
    unplanned = tuple(sorted(set(assigned) - set(planned)))
    counted = {arm: assigned.get(arm, 0) for arm in sorted(planned)}
    people, whole = sum(counted.values()), sum(planned.values())
    expected = {arm: people * planned[arm] / whole for arm in counted}
    if len(counted) < 2 or not people:
        return Ratio(expected, 1.0, unplanned)
    apart = sum((counted[arm] - expected[arm]) ** 2 / expected[arm] for arm in counted)
    return Ratio(expected, float(chi2.sf(apart, len(counted) - 1)), unplanned)


def _compare(
    arm: Arm,
    control: Arm,
    by_group: Mapping[str, Counted],
    minimum_n: int,
    looks: int,
    better: str,
    ratio: Ratio,
) -> Comparison:
    """One arm against the control, where `looks` arms are compared with it."""
    error = power.ERROR / looks
    found = chance = relative = needed = smallest = None
    if arm.people and control.people:
        found = lift.share_apart(arm.share, control.share, error)
        relative = lift.share_ratio(arm.share, control.share, error)
        chance = statistics.two_shares(*arm.share, *control.share)
        base, other = (part / whole for part, whole in (control.share, arm.share))
        size = arm.people / control.people
        smallest = power.smallest_effect(base, control.people, arm.people, error)
        each = power.people_needed(base, other, size, error)
        needed = None if each is None else round(each * (1 + size))
    groups = _groups(arm.name, control.name, by_group, minimum_n)
    crossed = arm.crossed + control.crossed > 0 and arm.kept[1] and control.kept[1]
    return Comparison(
        arm=arm,
        control=control,
        verdict=_verdict(arm, control, found, minimum_n, better, ratio),
        lift=found,
        relative=relative,
        always_valid=lift.always_valid(arm.share, control.share, error) if found else None,
        chance=chance,
        kept=lift.share_apart(arm.kept, control.kept, error) if crossed else None,
        revenue=lift.mean_apart(arm.revenue, control.revenue, error),
        visits=lift.mean_apart(arm.visits, control.visits, error),
        smallest=smallest,
        needed=needed,
        groups=groups,
        differ=_differ(groups),
    )


def _verdict(
    arm: Arm,
    control: Arm,
    found: Interval | None,
    minimum_n: int,
    better: str,
    ratio: Ratio,
) -> str:
    """What may be said, in the order in which it must be asked."""
    if not ratio.holds:
        return DISTRUST
    few = min(arm.people, control.people) < minimum_n
    if found is None or few or 2 * (arm.people + control.people) < arm.assigned + control.assigned:
        return EARLY
    _, low, high = found
    if low <= 0 <= high:
        return NONE
    return BETTER if (low > 0) == (better == "higher") else WORSE


def _groups(
    arm: str, control: str, by_group: Mapping[str, Counted], minimum_n: int
) -> tuple[Group, ...]:
    """The comparison in each group, the largest first."""
    found = []
    for name, counted in by_group.items():
        own = {one.name: one.share for one in counted.arms}
        one, other = own.get(arm, (0, 0)), own.get(control, (0, 0))
        enough = min(one[1], other[1]) >= minimum_n
        apart = lift.share_apart(one, other) if enough else None
        chance = statistics.two_shares(*one, *other) if enough else None
        found.append(Group(name, one, other, apart, chance, False))
    real = iter(statistics.discoveries([g.chance for g in found if g.chance is not None]))
    found = [replace(g, is_real=next(real)) if g.chance is not None else g for g in found]
    return tuple(sorted(found, key=lambda g: (-g.arm[1] - g.control[1], g.name)))


def _differ(groups: tuple[Group, ...]) -> float | None:
    """Whether the groups' lifts differ by more than chance: Cochran's Q (1954), its p-value."""
    told = []
    for group in groups:
        if group.lift is None:
            continue
        variance = sum(
            part / whole * (1 - part / whole) / whole for part, whole in (group.arm, group.control)
        )
        if variance > 0:
            told.append((group.lift[0], 1 / variance))
    if len(told) < 2:
        return None
    middle = sum(value * weight for value, weight in told) / sum(weight for _, weight in told)
    apart = sum(weight * (value - middle) ** 2 for value, weight in told)
    return float(chi2.sf(apart, len(told) - 1))
