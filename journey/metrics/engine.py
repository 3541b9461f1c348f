"""Questions put to a snapshot: read-only, filtered beneath, limited, one cursor each."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from threading import BoundedSemaphore, Lock
from zoneinfo import ZoneInfo

import duckdb
import polars as pl

from journey.datafolder import DataFolder
from journey.errors import MetricError, suggest
from journey.metrics import opening, segments
from journey.metrics.answer import Answer
from journey.metrics.columns import check_columns, tidy
from journey.metrics.failures import explained, parameters
from journey.metrics.filters import PEOPLE, SEGMENTS, Filters
from journey.metrics.gate import FILTERED, PLAIN, UNFILTERED
from journey.metrics.kept import keep_memory
from journey.metrics.metric import PARAMETERS, Metric
from journey.metrics.opening import CHOSEN, LEFT_OUT, opened
from journey.metrics.patience import give_way
from journey.metrics.selections import Selections
from journey.warehouse.snapshot import current_path, outdated

ROWS = 10_000
"""The most rows an answer may have: a metric counts, it does not list."""

_WORKERS = 2 * (os.cpu_count() or 1)


class Engine:
    """One snapshot, open for questions. Safe to share between threads."""

    def __init__(self, folder: DataFolder) -> None:
        keep_memory()
        self.folder = folder
        path = current_path(folder)
        try:
            self._root, self.snapshot = opened(path, folder)
        except duckdb.CatalogException:
            raise outdated(path) from None
        self._selections = Selections(
            self._root,
            self.snapshot,
            sorted(FILTERED),
            sorted(PLAIN | UNFILTERED),
            CHOSEN,
            LEFT_OUT,
        )
        self._places = BoundedSemaphore(_WORKERS)
        self._segments: dict[str, list[str]] | None = None
        self._lock = Lock()

    def close(self) -> None:
        """Let go of the snapshot's file."""
        self._root.close()

    def filters(
        self,
        since: date,
        until: date,
        as_of: date | datetime | None = None,
        where: dict[str, tuple[str, ...]] | None = None,
    ) -> Filters:
        """A checked frame for questions to this snapshot.

        A day as as-of means its first moment in the reporting time zone; none means the
        watermark. Raises MetricError for a segment value that no journey has, and for a segment
        file that is not there or cannot be used.
        """
        chosen = where or {}
        zone = self.snapshot.time_zone
        filters = Filters(since, until, self._instant(as_of), chosen, time_zone=zone)
        for name, values in chosen.items():
            if name not in SEGMENTS:
                continue
            known = self.segments()[name]
            for value in values:
                if value not in known:
                    raise MetricError(
                        f"There is no {name} {value!r}.{suggest(value, known)} "
                        f"There are: {', '.join(known[:20])}."
                    )
        if filters.people:
            with self._cursor(filters):
                pass  # the people are found here, so that a broken file is told once and early
        return filters

    def run(self, metric: Metric, filters: Filters, as_of_given: date | None = None) -> Answer:
        """Ask one metric. Raises MetricError with file, cause and remedy."""
        with self._cursor(filters, metric.sql) as cursor:
            try:
                relation = cursor.sql(metric.sql, params=parameters(metric, filters))
                check_columns(metric, relation.columns, [str(kind) for kind in relation.types])
                rows = tidy(metric, relation.limit(ROWS + 1).pl())
            except duckdb.InterruptException:
                raise MetricError(
                    f"{metric.path}: this took longer than {opening.SECONDS} s and was stopped. "
                    "Count over journeys, orders or daily instead of touches, or ask for a "
                    "shorter period."
                ) from None
            except duckdb.OutOfMemoryException:
                raise MetricError(
                    f"{metric.path}: this needed more memory than a question may have. Group "
                    "before joining, or set JOURNEY_MEMORY higher."
                ) from None
            except duckdb.Error as error:
                raise MetricError(explained(metric, error, cursor, filters)) from None
            except pl.exceptions.PolarsError as error:
                raise MetricError(
                    f"{metric.path}: {str(error).splitlines()[0]} Cast that column."
                ) from None
        if rows.height > ROWS:
            raise MetricError(
                f"{metric.path}: more than {ROWS:,} rows. A metric counts: group by a period or "
                "a segment."
            )
        return Answer(metric, filters, rows, self.snapshot.name, as_of_given or filters.as_of)

    def table(
        self, sql: str, filters: Filters, parameters: Mapping[str, object] | None = None
    ) -> pl.DataFrame:
        """All rows of our own SQL, for an analysis: under the same filters and limits as a
        metric, but with as many rows as it gives. `$since`, `$until`, `$as_of` and `$as_of_day`
        come from the filters, other parameters from `parameters`. Raises MetricError where it
        takes too long or too much memory.
        """
        give_way()
        known = {name: getattr(filters, name) for name in PARAMETERS}
        known |= parameters or {}
        with self._cursor(filters, sql) as cursor:
            needed = cursor.extract_statements(sql)[0].named_parameters
            try:
                rows: pl.DataFrame = cursor.sql(
                    sql, params={name: known[name] for name in needed}
                ).pl()
                return rows
            except duckdb.InterruptException:
                raise MetricError(
                    f"This took longer than {opening.SECONDS} s and was stopped. Ask for a "
                    "shorter period."
                ) from None
            except duckdb.OutOfMemoryException:
                raise MetricError(
                    "This needed more memory than a question may have. Ask for a shorter period, "
                    "or set JOURNEY_MEMORY higher."
                ) from None

    def people(self, segment: segments.Segment, filters: Filters) -> pl.DataFrame:
        """The ids of a segment's people, in order, as one column `person_id`: of those that the
        frame's filters leave. Raises MetricError where the file cannot be used.
        """
        ids = "select person_id from people order by person_id"
        own = replace(filters, where={PEOPLE: (segment.name,)}, outside={})
        found = self.table(ids, own)
        if not filters.where:
            return found
        return found.join(self.table(ids, filters), on="person_id", how="semi").sort("person_id")

    def segments(self) -> dict[str, list[str]]:
        """Filter to the values there are, the commonest first."""
        with self._lock:
            if self._segments is None:
                with self._cursor(None) as cursor:
                    self._segments = {
                        name: [
                            row[0]
                            for row in cursor.sql(
                                f"select {column} from journeys group by {column} "
                                f"order by count(*) desc, {column}"
                            ).fetchall()
                        ]
                        for name, column in SEGMENTS.items()
                    }
            return self._segments

    def _instant(self, as_of: date | datetime | None) -> datetime:
        """The as-of in UTC; a moment without a time zone is in UTC already."""
        if as_of is None:
            return self.snapshot.watermark
        if not isinstance(as_of, datetime):
            as_of = datetime.combine(as_of, time(), ZoneInfo(self.snapshot.time_zone))
        if as_of.tzinfo is None:
            return as_of
        try:
            return as_of.astimezone(UTC).replace(tzinfo=None)
        except OverflowError:
            raise MetricError(
                f"The as-of {as_of} lies outside the years 1 to 9999. Give a nearer one."
            ) from None

    @contextmanager
    def _cursor(
        self, filters: Filters | None, sql: str = ""
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own to ask `sql`, with the filters set beneath the tables' views."""
        with self._places:
            cursor = self._root.cursor()
            try:
                for word, choice in (
                    ("only", filters.where if filters else {}),
                    ("not", filters.outside if filters else {}),
                ):
                    for name, values in choice.items():
                        if name in SEGMENTS:
                            cursor.execute(
                                f"set variable {word}_{name} = $values", {"values": list(values)}
                            )
                with self._selections.beneath(cursor, filters, sql):
                    yield cursor
            finally:
                cursor.close()


@dataclass
class Engines:
    """The engine of the current snapshot; a new snapshot is picked up at the next question."""

    folder: DataFolder
    _engine: Engine | None = None
    _retired: Engine | None = None

    def __post_init__(self) -> None:
        self._lock = Lock()

    def current(self) -> Engine:
        """The engine to ask now. Raises WarehouseError where nothing was built yet."""
        with self._lock:
            path = current_path(self.folder)
            if self._engine is None or self._engine.snapshot.path != path:
                fresh = Engine(self.folder)
                # The one before may still be answering; the one before that is done.
                if self._retired is not None:
                    self._retired.close()
                self._retired, self._engine = self._engine, fresh
            return self._engine
