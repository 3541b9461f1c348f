"""The arms of an experiment as the tables hold them: people, conversions, visits and money."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from journey.analysis.experiments.lift import Sums
from journey.errors import MetricError, suggest
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters

_CONTROLS = ("control", "none", "baseline", "original", "holdout", "off", "a", "0", "false")
"""Names that arms to compare with have, the plainest first."""


@dataclass(frozen=True)
class Arm:
    """People whose first touch within an experiment named this variant."""

    name: str
    assigned: int
    """Everybody, which the sample-ratio check counts."""
    crossed: int
    """Those seen in another arm too; they stay in the arm they were first put in."""
    converted: int
    """Of the mature: who reached the goal within the window after being assigned."""
    visits: Sums
    """Visits begun after it, over the mature."""
    revenue: Sums
    """Money, refunds taken off, over the mature."""
    kept: tuple[int, int]
    """Converted and mature people without those seen in another arm."""

    @property
    def people(self) -> int:
        """The mature: whose window has closed."""
        return self.revenue.people

    @property
    def share(self) -> tuple[int, int]:
        """The part and the whole of the conversion rate."""
        return self.converted, self.people


@dataclass(frozen=True)
class Counted:
    """One experiment's arms in one group of people, and the days on which they were assigned."""

    arms: tuple[Arm, ...]
    """By name."""
    first_on: date | None
    last_on: date | None

    @property
    def assigned(self) -> int:
        """Everybody in it."""
        return sum(arm.assigned for arm in self.arms)

    @property
    def weeks(self) -> float:
        """How long people have been assigned, a day at least."""
        if self.first_on is None or self.last_on is None:
            return 0.0
        return ((self.last_on - self.first_on).days + 1) / 7


def names(engine: Engine, filters: Filters) -> list[str]:
    """The experiments that people met in the period, the latest to begin first."""
    return list(engine.table(_NAMES, filters)["experiment"])


def whole(engine: Engine, filters: Filters, experiment: str) -> Filters:
    """The frame widened back to the experiment's first day, where it began before the period: a
    part of an experiment is another, smaller one."""
    rows = engine.table(_BEGAN, filters, {"experiment": experiment})
    began = rows["began"][0]
    return replace(filters, since=min(began, filters.since)) if began else filters


def goals(engine: Engine, filters: Filters, experiment: str) -> list[str]:
    """Touchpoints that people of the experiment did after being assigned, the commonest first."""
    return list(engine.table(_GOALS, filters, {"experiment": experiment})["touchpoint"])


def count(
    engine: Engine, filters: Filters, experiment: str, goal: str | None, by: str | None = None
) -> dict[str, Counted]:
    """An experiment's arms in each group of people, by one of the segments; without `by` everyone
    is one group, "". Counts people assigned in the period whom the filters leave; without anyone
    it is empty.

    `goal` is a touchpoint, None an order. Raises MetricError where there is no such touchpoint.
    """
    if goal is not None:
        known = list(engine.table(_TOUCHPOINTS, filters)["touchpoint"])
        if goal not in known:
            raise MetricError(
                f"There is no touchpoint {goal!r} to take as the goal.{suggest(goal, known)} "
                f"There are: {', '.join(known[:20])}."
            )
    column = SEGMENTS[by] if by else "''"
    rows = engine.table(
        _ARMS.replace("{group}", column), filters, {"experiment": experiment, "goal": goal}
    )
    return {
        str(name): Counted(tuple(map(_arm, own)), _first(own), _last(own))
        for (name,), frame in rows.group_by("segment", maintain_order=True)
        if (own := frame.to_dicts())
    }


def control_of(arms: Iterable[str], planned: str | None, experiment: str) -> str:
    """The arm to compare with: the one asked for, else the one whose name says so, else the first
    by name. Raises MetricError where the one asked for is not there."""
    known = sorted(arms)
    if planned is not None:
        if planned not in known:
            raise MetricError(
                f"The experiment {experiment!r} has no arm {planned!r}.{suggest(planned, known)} "
                f"It has {', '.join(known)}."
            )
        return planned
    called = {name.strip().lower(): name for name in reversed(known)}
    return next((called[name] for name in _CONTROLS if name in called), known[0])


def _arm(row: dict[str, object]) -> Arm:
    """One row of the counts."""
    people = _whole(row["people"])
    return Arm(
        name=str(row["variant"]),
        assigned=_whole(row["assigned"]),
        crossed=_whole(row["crossed"]),
        converted=_whole(row["converted"]),
        visits=Sums(people, _real(row["visits"]), _real(row["visits_squares"])),
        revenue=Sums(people, _real(row["revenue"]), _real(row["revenue_squares"])),
        kept=(_whole(row["kept_converted"]), _whole(row["kept"])),
    )


def _first(rows: list[dict[str, object]]) -> date | None:
    """The first day on which anyone was assigned."""
    return min((day for row in rows if isinstance(day := row["first_on"], date)), default=None)


def _last(rows: list[dict[str, object]]) -> date | None:
    """The last one."""
    return max((day for row in rows if isinstance(day := row["last_on"], date)), default=None)


def _whole(value: object) -> int:
    """A count."""
    return int(str(value or 0))


def _real(value: object) -> float:
    """A sum."""
    return float(str(value or 0))


_NAMES = """
select experiment,
from assignments
where assigned_on >= $since and assigned_on < $until and assigned_at <= $as_of
group by experiment
order by min(assigned_at) desc, experiment
"""

_BEGAN = """
select min(assigned_on) as began,
from assignments
where experiment = $experiment and assigned_at <= $as_of
"""

_GOALS = """
select touchpoint,
from outcomes
where experiment = $experiment
group by touchpoint
order by count(*) desc, touchpoint
"""

_TOUCHPOINTS = "select touchpoint from touchpoints order by touchpoint"

_ARMS = """
with
    reached as (
        select distinct person_number,
        from outcomes
        where
            experiment = $experiment
            and (touchpoint = $goal or ($goal is null and stage = 'purchase'))
    ),
    told as (
        select
            {group} as segment,
            variant,
            assigned_on,
            matures_at <= $as_of as is_mature,
            coalesce(other_arm_at <= $as_of, false) as is_crossed,
            reached.person_number is not null as is_converted,
            visits::double as visits,
            revenue::double as revenue,
        from assignments
        left join reached using (person_number)
        where
            experiment = $experiment
            and assigned_on >= $since
            and assigned_on < $until
            and assigned_at <= $as_of
    )
select
    segment,
    variant,
    count(*) as assigned,
    count(*) filter (where is_crossed) as crossed,
    count(*) filter (where is_mature) as people,
    count(*) filter (where is_mature and is_converted) as converted,
    coalesce(sum(visits) filter (where is_mature), 0) as visits,
    coalesce(sum(visits * visits) filter (where is_mature), 0) as visits_squares,
    coalesce(sum(revenue) filter (where is_mature), 0) as revenue,
    coalesce(sum(revenue * revenue) filter (where is_mature), 0) as revenue_squares,
    count(*) filter (where is_mature and not is_crossed) as kept,
    count(*) filter (where is_mature and not is_crossed and is_converted) as kept_converted,
    min(assigned_on) as first_on,
    max(assigned_on) as last_on,
from told
group by segment, variant
order by segment, variant
"""
