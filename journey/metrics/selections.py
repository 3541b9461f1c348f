"""The people of segments, found once and laid beneath the tables' views.

A choice of people is a small database in memory beside the snapshot: the ids, and views of all
serving tables that hold these people's rows alone. A cursor that asks under the choice stands in
that database, so its `journeys` are the chosen ones; a cursor that asks without one never meets
it, and pays nothing.
"""

import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

import duckdb

from journey.errors import MetricError
from journey.intake.contract import literal
from journey.intake.sources import queries_folder
from journey.metrics import segments
from journey.metrics.failures import explained, parameters
from journey.metrics.filters import PEOPLE, Filters
from journey.warehouse.snapshot import Snapshot
from journey.warehouse.spelling import spelled_out

KEPT = 24
"""Choices of people kept in memory; the one used least lately goes first."""

_Key = tuple[object, ...]


@dataclass
class _Choice:
    """One database of chosen people; `lock` is held while it is being filled."""

    name: str
    lock: Lock = field(default_factory=Lock)
    ready: bool = False
    users: int = 0
    sums: dict[str, bool] = field(default_factory=dict)
    """The tables of sums that can be made once for all questions, and whether they were."""


class Selections:
    """The choices of people of one snapshot. Safe to share between threads."""

    def __init__(
        self,
        root: duckdb.DuckDBPyConnection,
        snapshot: Snapshot,
        segmented: Sequence[str],
        plain: Sequence[str],
        chosen: str,
        left_out: str,
    ) -> None:
        """`segmented` tables are filtered, `plain` ones by nothing; `chosen` and `left_out` are the
        conditions of the rows that the cursor's own variables choose and leave out."""
        self._root = root
        self._snapshot = snapshot
        self._segmented = segmented
        self._plain = plain
        self._chosen = chosen
        self._left_out = left_out
        self._choices: OrderedDict[_Key, _Choice] = OrderedDict()
        self._made = 0
        self._lock = Lock()

    @contextmanager
    def beneath(
        self, cursor: duckdb.DuckDBPyConnection, filters: Filters | None, sql: str
    ) -> Iterator[None]:
        """While it lasts, the cursor sees the chosen people's rows only, and may ask `sql`. Raises
        MetricError where a segment file is not there, cannot be used, or takes too long."""
        if filters is None or not (filters.people or filters.outside):
            yield
            return
        asked, left_out = (
            [segments.find(name) for name in sorted(set(choice.get(PEOPLE, ())))]
            for choice in (filters.where, filters.outside)
        )
        # Segments that do not ask for the period are the same people in every period.
        key = (_key(asked, filters), _key(left_out, filters), bool(filters.outside))
        choice = self._take(key)
        try:
            with choice.lock:
                if not choice.ready:
                    self._fill(choice, asked, left_out, filters)
                    choice.ready = True
                self._sum_up(choice, sql)
            cursor.execute(f"use {choice.name}")
            try:
                yield
            finally:
                cursor.execute("use memory")
        finally:
            self._give_back(choice)

    def _take(self, key: _Key) -> _Choice:
        """The choice, kept from being thrown away until it is given back."""
        with self._lock:
            choice = self._choices.get(key)
            if choice is None:
                self._made += 1
                choice = self._choices[key] = _Choice(f"people_{self._made}")
            self._choices.move_to_end(key)
            choice.users += 1
            return choice

    def _give_back(self, choice: _Choice) -> None:
        """Throw away what failed, and the oldest of too many, where nobody uses them."""
        with self._lock:
            choice.users -= 1
            surplus = len(self._choices) - KEPT
            for key, old in list(self._choices.items()):
                if not old.users and (not old.ready or surplus > 0):
                    surplus -= 1
                    del self._choices[key]
                    if old.ready:
                        with self._root.cursor() as cursor:
                            cursor.execute(f"detach {old.name}")

    def _fill(
        self,
        choice: _Choice,
        asked: list[segments.Segment],
        left_out: list[segments.Segment],
        filters: Filters,
    ) -> None:
        """Find the people and lay the views over them; leaves nothing behind where that fails."""
        with self._root.cursor() as cursor:
            cursor.execute(f"attach ':memory:' as {choice.name}")
            try:
                _gather(cursor, f"{choice.name}.members", asked, filters)
                _gather(cursor, f"{choice.name}.others", left_out, filters)
                self._lay_views(cursor, choice, asked, left_out, bool(filters.outside))
            except BaseException:
                cursor.execute("use memory")
                cursor.execute(f"detach {choice.name}")
                raise

    def _lay_views(
        self,
        cursor: duckdb.DuckDBPyConnection,
        choice: _Choice,
        asked: list[segments.Segment],
        left_out: list[segments.Segment],
        outside: bool,
    ) -> None:
        """Every table that a question may read, with the chosen rows that are not left out."""
        name, summed = choice.name, []
        for table in self._segmented:
            columns = _columns(cursor, f"store.{table}")
            person = next((one for one in ("person_number", "person_id") if one in columns), None)
            if person is None and (asked or left_out):
                summed.append(table)
                continue
            rows = f"select * from memory.main.{table} where true"
            if asked:
                rows += f" and {person} in (select {person} from {name}.members)"
            if outside:
                also = f" and {person} in (select {person} from {name}.others)" if left_out else ""
                rows += f" and not ({self._left_out}{also})"
            cursor.execute(f"create view {name}.{table} as {rows}")
        for table in self._plain:
            cursor.execute(f"create view {name}.{table} as from memory.main.{table}")
        cursor.execute(f"use {name}")
        for table in summed:
            if outside:
                # Who is left out depends on the variables of the cursor that asks.
                cursor.execute(f"create view {table} as {self._mart(table)}")
            else:
                choice.sums[table] = False
        if _columns(cursor, "memory.main.stored"):
            cursor.execute(
                "create view events as from memory.main.stored "
                "where event_id in (select event_id from touches)"
            )
        cursor.execute("use memory")

    def _sum_up(self, choice: _Choice, sql: str) -> None:
        """Make the tables of sums that a question reads, where they are not there yet."""
        for table, is_made in choice.sums.items():
            if is_made or not re.search(rf"\b{table}\b", sql, re.IGNORECASE):
                continue
            with self._root.cursor() as cursor:
                cursor.execute(f"use {choice.name}")
                try:
                    cursor.execute(f"create or replace table {table}_sums as {self._mart(table)}")
                except (duckdb.InterruptException, duckdb.OutOfMemoryException):
                    raise MetricError(
                        f"Summing up {table} for the people of the segment took too long or too "
                        "much memory. Choose a segment of fewer people, or set JOURNEY_MEMORY "
                        "higher."
                    ) from None
                finally:
                    cursor.execute("use memory")
                cursor.execute(
                    f"create or replace view {choice.name}.{table} as "
                    f"from {choice.name}.{table}_sums where {self._chosen}"
                )
            choice.sums[table] = True

    def _mart(self, table: str) -> str:
        """The SELECT that made a table with a `segment_number`, with the words of the segments, and
        the snapshot's currency and zone in their places."""
        path = next((queries_folder() / "marts").glob(f"*_{table}.sql"))
        currency = literal(self._snapshot.currency) if self._snapshot.currency else "null::varchar"
        sql = path.read_text(encoding="utf-8").replace("$currency", currency)
        return spelled_out(f"({sql.replace('$time_zone', literal(self._snapshot.time_zone))})")


def _key(asked: list[segments.Segment], filters: Filters) -> _Key:
    """What tells the people of these segments from others."""
    return tuple((segment.sql, *sorted(parameters(segment, filters).items())) for segment in asked)


def _gather(
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    asked: list[segments.Segment],
    filters: Filters,
) -> None:
    """Make the table of all people of some segments: their ids and their numbers."""
    cursor.execute(f"create table {table}_found (person_id varchar)")
    for segment in asked:
        _find(cursor, segment, filters, f"{table}_found")
    # Numbers are quicker to look up than ids.
    cursor.execute(
        f"create table {table} as select person_id, person_number from store.people "
        f"where person_id in (from {table}_found)"
    )
    cursor.execute(f"drop table {table}_found")


def _find(
    cursor: duckdb.DuckDBPyConnection, segment: segments.Segment, filters: Filters, into: str
) -> None:
    """Put the segment's people into a table of ids, each once."""
    given = dict(parameters(segment, filters))
    try:
        relation = cursor.sql(segment.sql, params=given)
        columns = [
            f"{name} {kind}" for name, kind in zip(relation.columns, relation.types, strict=True)
        ]
        if columns != ["person_id VARCHAR"]:
            raise MetricError(
                f"{segment.path}: the columns are {', '.join(columns)}. A segment gives one "
                "column, person_id, as it stands in the tables."
            )
        body = segment.sql.rstrip().rstrip(";")
        cursor.execute(
            f"insert into {into} select distinct person_id from ({body}\n) "
            f"where person_id not in (from {into}) and person_id is not null",
            given,
        )
    except duckdb.InterruptException:
        raise MetricError(
            f"{segment.path}: this took too long and was stopped. Choose people by journeys, "
            "orders or people instead of touches."
        ) from None
    except duckdb.OutOfMemoryException:
        raise MetricError(
            f"{segment.path}: this needed more memory than a question may have. Group before "
            "joining, or set JOURNEY_MEMORY higher."
        ) from None
    except duckdb.Error as error:
        raise MetricError(explained(segment, error, cursor, filters)) from None


def _columns(cursor: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a table; none where it is not there."""
    try:
        return list(cursor.sql(f"from {table}").columns)
    except duckdb.CatalogException:
        return []
