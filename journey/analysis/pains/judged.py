"""Whether a fix has helped: the affected people before and after it, against those it left alone.

Before is the time it hurt, from the day it began (at most twelve weeks); after is from the day it
was fixed on (at most twelve weeks, as far as cases have had their time). The affected are the
journeys of the segment that the pain names; the others are all journeys outside of it. The time
before the pain began, where there is one, only serves to see whether the two moved alike.

All journeys count, whatever filters a reader has set. This says what went with the fix. A pain is
noticed when it is at its worst, so some of it would have mended by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

import polars as pl

from journey.analysis.pains import differences
from journey.analysis.pains.differences import Gap, Trend, Value
from journey.errors import MetricError
from journey.metrics import metric as registry
from journey.metrics.answer import Total, total
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters
from journey.metrics.maturity import immature_from
from journey.metrics.metric import Metric

LONGEST = timedelta(weeks=12)
"""The most that is looked at on either side of the fix, and before the pain began."""

Verdict = Literal["worked", "no change", "too early", "got worse", "cannot be judged"]
Stretch = Literal["as it was", "while it hurt", "after the fix", "since it ended"]


@dataclass(frozen=True)
class Span:
    """Some weeks, and where the two groups stood in them."""

    since: date
    until: date
    stretch: Stretch
    affected: Total
    others: Total


@dataclass(frozen=True)
class Sides:
    """The two groups on both sides of the fix."""

    affected_before: Total
    affected_after: Total
    others_before: Total
    others_after: Total


@dataclass(frozen=True)
class Both:
    """The answers for the two groups over the same days."""

    since: date
    until: date
    affected_rows: pl.DataFrame
    others_rows: pl.DataFrame
    affected: Total
    others: Total


@dataclass(frozen=True)
class Judgement:
    """What came of a fix. Values are shares for rates, else in the metric's own unit."""

    verdict: Verdict
    why: str
    """The reason, for a verdict that is none of the effect's; empty otherwise."""
    metric: Metric | None
    who: Mapping[str, str]
    fixed_on: date
    as_of: datetime
    sides: Sides | None = None
    effect: Value | None = None
    """Affected less others, after less before, with its 95 % interval."""
    trend: Trend | None = None
    spans: tuple[Span, ...] = ()

    @property
    def gain(self) -> Value | None:
        """The effect counted so that better is above 0, with its interval."""
        if self.effect is None or self.metric is None or self.metric.better != "lower":
            return self.effect
        value, low, high = self.effect
        return -value, -high, -low


def judge(
    engine: Engine,
    metric_name: str,
    who: Mapping[str, str],
    fixed_on: date,
    *,
    since: date | None = None,
    as_of: datetime | None = None,
    minimum_n: int = 30,
) -> Judgement:
    """Judge a fix of the day `fixed_on` by a metric, for the segment `who` (filter to value).

    `since` is the day the pain began, None where it was always there. Raises MetricError only
    where a question takes too long.
    """
    known_by = as_of or engine.snapshot.watermark

    def cannot(why: str, metric: Metric | None = None) -> Judgement:
        return Judgement("cannot be judged", why, metric, who, fixed_on, known_by)

    try:
        metric = registry.find(metric_name)
    except MetricError as error:
        return cannot(f"Its metric cannot be used. {error}")
    if metric.chart not in ("rate", "nps", "score"):
        return cannot(f"{metric.title} is no rate or score, so before and after have no interval.")
    if not who:
        return cannot("It hurt everyone, so there is no unaffected segment to hold it against.")
    if unknown := [name for name in who if name not in SEGMENTS]:
        return cannot(f"There is no filter {unknown[0]!r} to tell the affected from others.")
    asked = _Asked(engine, metric, who, known_by)
    return asked.judgement(fixed_on, since, minimum_n)


def course(
    engine: Engine,
    metric: Metric,
    who: Mapping[str, str],
    filters: Filters,
    span: tuple[date | None, date | None] = (None, None),
    minimum_n: int = 30,
) -> list[Span]:
    """Where the affected and the others stood through a period, in spans with cases enough; those
    of a pain that hurts everyone alone. `span` is when it hurt, half-open; open ends are those of
    the period. None for a metric that has no interval or no dates. Raises MetricError where the
    metric cannot be asked.
    """
    if metric.chart not in ("rate", "nps", "score") or any(name not in SEGMENTS for name in who):
        return []
    asked = _Asked(engine, metric, who, filters.as_of)
    first = min(max(span[0] or filters.since, filters.since), filters.until)
    after = max(min(span[1] or filters.until, filters.until), first)
    stretches: list[tuple[date, date, Stretch]] = [
        (filters.since, first, "as it was"),
        (first, after, "while it hurt"),
        (after, filters.until, "since it ended"),
    ]
    return [
        one
        for since, until, stretch in stretches
        for one in _spans(metric, asked.both(since, until), stretch, minimum_n, alone=not who)
    ]


@dataclass(frozen=True)
class _Asked:
    """A metric put to the affected and to the others."""

    engine: Engine
    metric: Metric
    who: Mapping[str, str]
    as_of: datetime

    def judgement(self, fixed_on: date, since: date | None, minimum_n: int) -> Judgement:
        """The verdict."""
        first_day = self.engine.snapshot.first_day
        hurt_from = max(since or first_day, fixed_on - LONGEST, first_day)
        end = self._end(fixed_on)
        found = Judgement("cannot be judged", "", self.metric, self.who, fixed_on, self.as_of)
        if hurt_from >= fixed_on:
            return replace(found, why="There is no day before the fix to compare with.")
        before = self.both(hurt_from, fixed_on)
        after = self.both(fixed_on, end)
        spans = _spans(self.metric, before, "while it hurt", minimum_n)
        if since is not None and (as_it_was := max(since - LONGEST, first_day)) < hurt_from:
            usual = self.both(as_it_was, hurt_from)
            spans = [*_spans(self.metric, usual, "as it was", minimum_n), *spans]
        trend = _trend(spans, fixed_on)
        spans += _spans(self.metric, after, "after the fix", minimum_n)
        found = replace(found, spans=tuple(spans), trend=trend)
        if (fewest := _fewest(before)) < minimum_n:
            return replace(found, why=f"Only {fewest:,} cases before the fix; {minimum_n} needed.")
        if (fewest := _fewest(after)) < minimum_n:
            return replace(found, verdict="too early", why=self._not_yet(fewest, minimum_n))
        sides = Sides(before.affected, after.affected, before.others, after.others)
        effect = differences.effect(
            _value(sides.affected_before),
            _value(sides.affected_after),
            _value(sides.others_before),
            _value(sides.others_after),
            swing=trend.swing if trend else 1.0,
        )
        found = replace(found, sides=sides, effect=effect)
        verdict = self._verdict(effect)
        if trend and (trend.is_parted or (verdict != "no change" and not trend.is_parallel)):
            why = "The two did not move alike before the fix, so what they did after says nothing."
            return replace(found, why=why)
        return replace(found, verdict=verdict)

    def _verdict(self, effect: Value) -> Verdict:
        """The verdict that an effect and its interval give."""
        _, low, high = effect
        if low <= 0 <= high:
            return "no change"
        return "worked" if (low > 0) == (self.metric.better != "lower") else "got worse"

    def _end(self, fixed_on: date) -> date:
        """The day after the last whose cases have all had their time."""
        end = min(fixed_on + LONGEST, self.engine.snapshot.last_day + timedelta(days=1))
        if end <= fixed_on:
            return fixed_on
        filters = self._frame(fixed_on, end)
        return min(end, immature_from(self.metric, filters, self.engine.snapshot) or end)

    def _not_yet(self, cases: int, minimum_n: int) -> str:
        """Why it is too early."""
        return (
            f"Only {cases:,} cases since the fix have had their time; we judge from {minimum_n} "
            "among the affected and among the others."
        )

    def _frame(self, since: date, until: date) -> Filters:
        """Everyone in a stretch of time."""
        return Filters(since, until, self.as_of, time_zone=self.engine.snapshot.time_zone)

    def both(self, since: date, until: date) -> Both:
        """Both groups in a stretch of time; without a case where it has no day."""
        if until <= since:
            return Both(since, until, pl.DataFrame(), pl.DataFrame(), _NOBODY, _NOBODY)
        chosen = {name: (value,) for name, value in self.who.items()}
        frame = self._frame(since, until)
        affected, others = (
            self.engine.run(self.metric, one)
            for one in (replace(frame, where=chosen), replace(frame, outside=chosen))
        )
        totals = affected.total or _NOBODY, others.total or _NOBODY
        return Both(since, until, affected.rows, others.rows, *totals)


_NOBODY = Total(0, 0, None, None, None)


def _spans(
    metric: Metric, both: Both, stretch: Stretch, minimum_n: int, *, alone: bool = False
) -> list[Span]:
    """A stretch in spans of as few of the metric's weeks (or months) as have cases enough in both
    groups, or in the affected one alone; what is left at the end belongs to the last. None for a
    metric without dates."""
    rows = both.affected_rows, both.others_rows.clear() if alone else both.others_rows
    if rows[0].is_empty() or not rows[0].schema[rows[0].columns[0]].is_temporal():
        return []
    name = rows[0].columns[0]

    def of(group: list[date], until: date) -> Span:
        parts = [one.filter(pl.col(name).is_in(group)) for one in rows]
        affected, others = (total(metric.chart, part) or _NOBODY for part in parts)
        return Span(max(group[0], both.since), until, stretch, affected, others)

    groups: list[list[date]] = []
    pending: list[date] = []
    for start in sorted({day for one in rows for day in one[name].drop_nulls()}):
        pending.append(start)
        span = of(pending, both.until)
        if (span.affected.whole if alone else _fewest(span)) >= minimum_n:
            groups.append(pending)
            pending = []
    if not groups:
        return []
    groups[-1] += pending
    ends = [group[0] for group in groups[1:]] + [both.until]
    return [of(group, end) for group, end in zip(groups, ends, strict=True)]


def _trend(spans: list[Span], fixed_on: date) -> Trend | None:
    """How the gap moved before the fix."""
    gaps: list[Gap] = []
    for span in spans:
        middle = (span.since - fixed_on) / 2 + (span.until - fixed_on) / 2
        level = 0 if span.stretch == "as it was" else 1
        at = middle / timedelta(weeks=1)
        gaps.append(differences.gap(at, _value(span.affected), _value(span.others), level))
    return differences.trend(gaps)


def _fewest(both: Span | Both) -> int:
    """The cases of the smaller group."""
    return int(min(both.affected.whole, both.others.whole))


def _value(total: Total) -> Value:
    """The value and its interval; callers have seen to it that there are cases."""
    value, low, high = total.value, total.low, total.high
    if value is None or low is None or high is None:
        raise ValueError("a total without a case has no value")
    return value, low, high
