"""A metric's course as a question: asked further back than a page shows, so that it has a past."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from journey.analysis.trend.bands import Range, ranges
from journey.analysis.trend.breaks import Level, levels
from journey.analysis.trend.series import Series, after, series, weekly
from journey.errors import MetricError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.maturity import immature_from
from journey.metrics.metric import Metric
from journey.warehouse.snapshot import Snapshot

BACK = timedelta(weeks=104)
"""How far back a course is looked at from its end."""

LONGEST = timedelta(days=70 * 365)
"""A longer course is refused: changes are looked for between any two of its weeks, and the memory
this takes grows with their square."""


@dataclass(frozen=True)
class Turn:
    """A change of level, or a run of points that went another way and came back."""

    since: date
    until: date
    """The first day after its last point."""
    before: float
    now: float
    after: float | None
    """The level once it had passed; None where the change stayed, or is the latest."""
    cases: float
    """What the new level rests on, and below the one before."""
    cases_before: float
    is_last: bool
    """Whether the series still runs at this level."""

    @property
    def side(self) -> int:
        """1 for a rise, -1 for a fall."""
        return 1 if self.now > self.before else -1


@dataclass(frozen=True)
class Course:
    """What is known of a metric's course."""

    points: Series
    """Point by point, as the metric gives them."""
    steps: Series
    """The same, days added up to weeks: what levels are looked for in."""
    levels: tuple[Level, ...]
    ranges: tuple[Range, ...]

    def spans(self) -> Iterator[tuple[Level, date, date]]:
        """Each level with its first day and the day after its last."""
        for level in self.levels:
            last = self.steps.at[level.last - 1]
            yield level, self.steps.at[level.first], after(last, self.steps.grain)

    def turns(self) -> list[Turn]:
        """What the levels come to, in order of time."""
        found: list[Turn] = []
        spans = list(self.spans())
        base, place = 0, 1
        while place < len(spans):
            before, (now, since, until) = spans[base][0], spans[place]
            then = spans[place + 1][0] if place + 1 < len(spans) else None
            passed = then is not None and _passes(before, now, then)
            found.append(
                Turn(
                    since,
                    until,
                    before.value,
                    now.value,
                    then.value if passed and then else None,
                    self._cases(now),
                    self._cases(before),
                    place == len(spans) - 1,
                )
            )
            # After what passed, the level that came back is the one to go on from.
            base = place + 1 if passed else place
            place = base + 1
        return found

    def _cases(self, level: Level) -> float:
        """What a level rests on."""
        return float(self.steps.cases[level.first : level.last].sum())


def _passes(before: Level, now: Level, then: Level) -> bool:
    """Whether a level came back: it is no longer than those around it, on the same side of both,
    and they are nearer to each other than to it."""
    around = (before.value, then.value)
    outside = now.value > max(around) or now.value < min(around)
    length = now.last - now.first
    away = min(abs(now.value - value) for value in around)
    short = length <= min(before.last - before.first, then.last - then.first)
    return outside and short and abs(before.value - then.value) < away


def history(filters: Filters, snapshot: Snapshot) -> Filters:
    """The frame of a course: the same choice, up to the same day, from two years before or from
    the first day with data."""
    since = max(snapshot.first_day, filters.until - BACK)
    return replace(filters, since=min(since, filters.since))


def course(
    metric: Metric, rows: pl.DataFrame, asked: Filters, snapshot: Snapshot, minimum_n: float
) -> Course | None:
    """The course that the rows of a metric show, asked in the frame of `history`; None where they
    are no course in time, or one with no point that is whole and mature."""
    zone = ZoneInfo(snapshot.time_zone)
    seen = (asked.as_of - timedelta(microseconds=1)).replace(tzinfo=ZoneInfo("UTC"))
    points = series(
        metric,
        rows,
        max(asked.since, snapshot.first_day),
        min(asked.until, seen.astimezone(zone).date() + timedelta(days=1)),
        immature_from(metric, asked, snapshot),
    )
    if points is None or not len(points):
        return None
    steps = weekly(points)
    return Course(points, steps, tuple(levels(steps)), tuple(ranges(points, minimum_n)))


def no_course(metric: Metric) -> MetricError:
    """What is said of a metric without one."""
    return MetricError(
        f"{metric.full_name} has no course: its rows are no days, weeks or months, or none of "
        "them is whole and mature. Choose a metric in time and a longer period."
    )


def ask(engine: Engine, metric: Metric, filters: Filters, minimum_n: float) -> Course | None:
    """The metric's course up to the end of a period. Raises MetricError, also where the days with
    data that it asks for are too many to be worked through."""
    asked = history(filters, engine.snapshot)
    since = max(asked.since, engine.snapshot.first_day)
    until = min(asked.until, asked.as_of.date())
    if until - since > LONGEST:
        raise MetricError(
            f"The course of {metric.full_name} from {since} to {until} is longer than "
            f"{LONGEST.days // 365} years. Ask for fewer days with --since and --until."
        )
    return course(metric, engine.run(metric, asked).rows, asked, engine.snapshot, minimum_n)
