"""The people of segments, found once and laid beneath the tables' views.

A choice of people is a small database in memory beside the snapshot: the ids, and views of all
serving tables that hold these people's rows alone. A cursor that asks under the choice stands in
that database, so its `journeys` are the chosen ones; a cursor that asks without one never meets
it, and pays nothing.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

import duckdb

from journey.errors import MetricError
from journey.intake.sources import queries_folder
from journey.metrics import segments
from journey.metrics.failures import explained, parameters
from journey.metrics.filters import Filters
from journey.warehouse.snapshot import Snapshot

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


class Selections:
    """The choices of people of one snapshot. Safe to share between threads."""

    def __init__(
        self,
        root: duckdb.DuckDBPyConnection,
        snapshot: Snapshot,
        segmented: Sequence[str],
        plain: Sequence[str],
        chosen: str,
    ) -> None:
        """`segmented` tables are filtered by the condition `chosen`, `plain` ones by nothing."""
        self._root = root
        self._snapshot = snapshot
        self._segmented = segmented
        self._plain = plain
        self._chosen = chosen
        self._choices: OrderedDict[_Key, _Choice] = OrderedDict()
        self._made = 0
        self._lock = Lock()

    @contextmanager
    def beneath(self, cursor: duckdb.DuckDBPyConnection, filters: Filters | None) -> Iterator[None]:
        """While it lasts, the cursor sees the chosen people's rows only. Raises MetricError where
        a segment file is not there, cannot be used, or takes too long."""
        if filters is None or not (filters.people or filters.outside):
            yield
            return
        asked = [segments.find(name) for name in sorted(set(filters.people))]
        # Segments that do not ask for the period are the same people in every period.
        given = [tuple(sorted(parameters(segment, filters).items())) for segment in asked]
        key = (tuple(segment.sql for segment in asked), tuple(given), filters.outside)
        choice = self._take(key)
        try:
            with choice.lock:
                if not choice.ready:
                    self._fill(choice, asked, filters)
                    choice.ready = True
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

    def _fill(self, choice: _Choice, asked: list[segments.Segment], filters: Filters) -> None:
        """Find the people and lay the views over them; leaves nothing behind where that fails."""
        with self._root.cursor() as cursor:
            cursor.execute(f"attach ':memory:' as {choice.name}")
            try:
                found = f"{choice.name}.found"
                cursor.execute(f"create table {found} (person_id varchar)")
                for segment in asked:
                    _find(cursor, segment, filters, found)
                cursor.execute(
                    f"create table {choice.name}.members as select person_id, person_number "
                    f"from store.people where person_id in (from {found})"
                )
                cursor.execute(f"drop table {found}")
                self._lay_views(cursor, choice.name, bool(asked), filters.outside)
            except BaseException:
                cursor.execute("use memory")
                cursor.execute(f"detach {choice.name}")
                raise

    def _lay_views(
        self, cursor: duckdb.DuckDBPyConnection, name: str, people: bool, outside: bool
    ) -> None:
        """Every table that a question may read, with the chosen rows or with all the others."""
        for table in self._segmented:
            member = _member(_columns(cursor, f"store.{table}"), name)
            if member is None:
                continue
            member = member if people else "true"
            rows = f"select * from memory.main.{table} where {member}"
            if outside:
                rows = f"select * from store.{table} where not (({self._chosen}) and {member})"
            cursor.execute(f"create view {name}.{table} as {rows}")
        for table in self._plain:
            cursor.execute(f"create view {name}.{table} as from memory.main.{table}")
        cursor.execute(f"use {name}")
        for table in self._segmented:
            # A table of sums has no people in it: it is summed up again from those that have.
            if _member(_columns(cursor, f"store.{table}"), name) is None:
                cursor.execute(f"create view {table} as {self._mart(table)}")
        if _columns(cursor, "memory.main.stored"):
            cursor.execute(
                "create view events as from memory.main.stored "
                "where event_id in (select event_id from touches)"
            )
        cursor.execute("use memory")

    def _mart(self, table: str) -> str:
        """The SELECT that made a table, with the snapshot's currency in its place."""
        path = next((queries_folder() / "marts").glob(f"*_{table}.sql"))
        currency = (self._snapshot.currency or "").replace("'", "''")
        literal = f"'{currency}'" if self._snapshot.currency else "null::varchar"
        return path.read_text(encoding="utf-8").replace("$currency", literal)


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


def _member(columns: list[str], name: str) -> str | None:
    """SQL: whether a row of a table is a chosen person's; none where it has no people."""
    # Numbers are quicker to look up than ids.
    for column in ("person_number", "person_id"):
        if column in columns:
            return f"{column} in (select {column} from {name}.members)"
    return None


def _columns(cursor: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The columns of a table; none where it is not there."""
    try:
        return list(cursor.sql(f"from {table}").columns)
    except duckdb.CatalogException:
        return []
