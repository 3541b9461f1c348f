"""Cohorts through time: how many of those who started come back, bucket by bucket.

Counted in the serving tables: people (in a cohort) by the buckets they came back in. Everything
else, the three modes, what is complete, the shares and their means, is made of these few numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from journey.analysis.retention import events
from journey.analysis.retention.calendar import first_of, today
from journey.analysis.retention.settings import (
    AFTER,
    BEFORE,
    FIRST,
    ON,
    PREVIOUS,
    ROLLING,
    Settings,
)
from journey.metrics import statistics
from journey.metrics.engine import Engine
from journey.metrics.filters import SEGMENTS, Filters

CELLS = {
    "cohort": pl.Date,
    "size": pl.Int64,
    "bucket": pl.String,
    "from_unit": pl.Int64,
    "to_unit": pl.Int64,
    "came_back": pl.Int64,
    "of": pl.Int64,
    "share": pl.Float64,
    "is_complete": pl.Boolean,
}
MEANS = {
    "bucket": pl.String,
    "from_unit": pl.Int64,
    "to_unit": pl.Int64,
    "cohorts": pl.Int64,
    "came_back": pl.Int64,
    "of": pl.Int64,
    "share": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


@dataclass(frozen=True)
class Retention:
    """Who came back."""

    settings: Settings
    cells: pl.DataFrame
    """A row for each cohort and bucket that has begun for anyone in it: columns CELLS. `to_unit`
    is the first unit after the bucket."""
    means: pl.DataFrame
    """A row for each bucket with any complete cell: columns MEANS; the interval is Wilson's, and
    missing where people count more than once or shares are of the period before."""
    by: pl.DataFrame | None
    """The same for each value of the segment, named in its first column; None without one."""


@dataclass
class _Cohort:
    """The members of one cohort, and of one value of the segment."""

    begins: date
    value: str
    size: int = 0
    first_at: datetime = datetime.max
    last_at: datetime = datetime.min
    first_on: date = date.max
    last_on: date = date.min
    counts: dict[int, int] = field(default_factory=dict)
    """Bucket to members: who came back in it, or whose last (after) or first (before) it is."""


def retention(engine: Engine, filters: Filters, settings: Settings) -> Retention:
    """Cohorts that start in the filters' period, and what is known of them by the as-of.

    The filter chooses by the journey of the start; what people come back for counts whatever its
    channel. Raises MetricError for an event that there is not.
    """
    events.check(engine, filters, settings.start, settings.back)
    sql = _sql(settings)
    given = {"start": settings.start, "back": settings.back, "last": len(settings.edges) - 1}
    rows = engine.table(sql, filters, {**given, "edges": list(settings.edges)})
    now = _Now(filters.as_of, engine.snapshot.time_zone, settings)
    everyone = list(_cohorts(rows, split=False).values())
    by = None
    if settings.by:
        parts: dict[str, list[_Cohort]] = {}
        for cohort in _cohorts(rows, split=True).values():
            parts.setdefault(cohort.value, []).append(cohort)
        sizes = {value: sum(one.size for one in part) for value, part in parts.items()}
        lines = [
            {settings.by: value, **line}
            for value in sorted(parts, key=lambda value: (-sizes[value], value))
            for line in _means(list(_cells(parts[value], now)), settings)
        ]
        by = pl.DataFrame(lines, schema={settings.by: pl.String, **MEANS})
    cells = list(_cells(everyone, now))
    return Retention(
        settings,
        pl.DataFrame(cells, schema=CELLS),
        pl.DataFrame(list(_means(cells, settings)), schema=MEANS),
        by,
    )


def _sql(settings: Settings) -> str:
    """Cohorts with their sizes (bucket -1) and their members by bucket."""
    table = events.source(settings.start, settings.back)
    starts = events.condition(table, settings.start, "start")
    value = f"coalesce({SEGMENTS[settings.by]}, 'Unknown')" if settings.by else "''"
    within = f"{table.on} >= $since and {table.on} < $until and {starts}"
    whole = f"date_trunc('{settings.every}', happened_on)::date"
    unit = f"date_trunc('{settings.unit}', {{}}.happened_on)::date"
    if settings.buckets == ROLLING:
        micros = settings.length // timedelta(microseconds=1)
        apart = f"(epoch_us(back.happened_at) - epoch_us(born.happened_at)) // {micros}"
    else:
        first, second = unit.format("born"), unit.format("back")
        apart = f"date_diff('{settings.unit}', {first}, {second})"
    bucket = (
        f"least({apart}, $last)"
        if settings.is_even
        else f"len(list_filter($edges, lambda edge: edge <= {apart})) - 1"
    )
    taken = {
        ON: "unnest(list_distinct(list(bucket)))", AFTER: "max(bucket)", BEFORE: "min(bucket)"
    }[settings.mode]  # fmt: skip
    if settings.cohorts == FIRST:
        everyone = events.condition(table, settings.start, "start")
        chosen = f"""
            select starts.*, {whole} as cohort
            from starts
            where (person_id, place) in (
                select (person_id, min(place))
                from ({table.events("", everyone, everyone=True)})
                group by person_id
            )"""
    else:
        chosen = f"""
            select
                person_id,
                min(place) as place,
                arg_min(happened_at, place) as happened_at,
                arg_min(happened_on, place) as happened_on,
                arg_min(value, place) as value,
                {whole} as cohort
            from starts
            group by person_id, cohort"""
    backs = events.condition(table, settings.back, "back")
    return f"""
        with
            starts as ({table.events(f", {value} as value", within, everyone=False)}),
            born as materialized ({chosen}),
            back as ({table.events("", backs, everyone=True)}),
            came as (
                select born.person_id, born.cohort, born.value, {bucket} as bucket
                from born
                inner join back on born.person_id = back.person_id and back.place > born.place
            ),
            taken as (
                select person_id, cohort, value, {taken} as bucket
                from came
                group by person_id, cohort, value
            )
        select
            cohort, value, -1 as bucket, count(*) as members,
            min(happened_at) as first_at, max(happened_at) as last_at,
            min(happened_on) as first_on, max(happened_on) as last_on,
        from born
        group by cohort, value
        union all
        select cohort, value, bucket, count(*), null, null, null, null
        from taken
        group by cohort, value, bucket
        order by cohort, value, bucket
    """


def _cohorts(rows: pl.DataFrame, split: bool) -> Mapping[Any, _Cohort]:
    """The cohorts that the rows tell of, for each value of the segment or for all together."""
    found: dict[Any, _Cohort] = {}
    for row in rows.iter_rows(named=True):
        value = row["value"] if split else ""
        cohort = found.setdefault((row["cohort"], value), _Cohort(row["cohort"], value))
        if row["bucket"] < 0:
            cohort.size += row["members"]
            cohort.first_at = min(cohort.first_at, row["first_at"])
            cohort.last_at = max(cohort.last_at, row["last_at"])
            cohort.first_on = min(cohort.first_on, row["first_on"])
            cohort.last_on = max(cohort.last_on, row["last_on"])
        else:
            cohort.counts[row["bucket"]] = cohort.counts.get(row["bucket"], 0) + row["members"]
    return found


@dataclass(frozen=True)
class _Now:
    """The as-of, and what has begun and ended by it."""

    as_of: datetime
    time_zone: str
    settings: Settings

    def has_begun(self, cohort: _Cohort, units: int) -> bool:
        """Whether so many units have passed for anyone."""
        return self._passed(cohort.first_at, cohort.first_on, units)

    def has_ended(self, cohort: _Cohort, units: int) -> bool:
        """Whether so many units have passed for everyone."""
        return self._passed(cohort.last_at, cohort.last_on, units)

    def _passed(self, at: datetime, on: date, units: int) -> bool:
        if self.settings.buckets == ROLLING:
            return at + units * self.settings.length <= self.as_of
        return first_of(on, self.settings.unit, units) <= today(self.as_of, self.time_zone)


def _cells(cohorts: list[_Cohort], now: _Now) -> Iterator[dict[str, Any]]:
    """The cells of each cohort, as long as its buckets have begun."""
    settings = now.settings
    last = len(settings.edges) - 1
    for cohort in sorted(cohorts, key=lambda cohort: cohort.begins):
        before = cohort.size
        for number in range(last):
            begins, ends = settings.edges[number : number + 2]
            if not now.has_begun(cohort, begins):
                break
            counted = {
                ON: range(number, number + 1),
                AFTER: range(number, last + 1),
                BEFORE: range(number + 1),
            }[settings.mode]
            back = sum(cohort.counts.get(bucket, 0) for bucket in counted)
            whole = before if settings.reference == PREVIOUS else cohort.size
            yield {
                "cohort": cohort.begins,
                "size": cohort.size,
                "bucket": settings.bucket(number),
                "from_unit": begins,
                "to_unit": ends,
                "came_back": back,
                "of": whole,
                "share": back / whole if whole else None,
                "is_complete": now.has_ended(cohort, ends),
            }
            before = back


def _means(cells: list[dict[str, Any]], settings: Settings) -> Iterator[dict[str, Any]]:
    """All who came back over all who could have, in the complete cells of each bucket."""
    certain = settings.cohorts == FIRST and settings.reference != PREVIOUS
    for number, begins in enumerate(settings.edges[:-1]):
        own = [cell for cell in cells if cell["from_unit"] == begins and cell["is_complete"]]
        whole = sum(cell["of"] for cell in own)
        if not own or not whole:
            continue
        back = sum(cell["came_back"] for cell in own)
        low, high = statistics.wilson(back, whole) if certain else (None, None)
        yield {
            "bucket": settings.bucket(number),
            "from_unit": begins,
            "to_unit": settings.edges[number + 1],
            "cohorts": len(own),
            "came_back": back,
            "of": whole,
            "share": back / whole,
            "low": low,
            "high": high,
        }
