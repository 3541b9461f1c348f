"""chDB over the event store's Parquet, and over a MergeTree table of it in the person's order."""

import csv
import io
from datetime import date, datetime
from typing import Any

from chdb.session import Session

from bench.peers.words import framed, statements
from journey.datafolder import DataFolder

_LAST = "9223372036854775807"

_COLUMNS = """
    event_id String,
    occurred_at DateTime64(6, 'UTC'),
    event_index Nullable(Int64),
    customer_id Nullable(String),
    person_id String,
    session_id Nullable(String),
    touchpoint LowCardinality(String),
    channel LowCardinality(String),
    device LowCardinality(Nullable(String)),
    country LowCardinality(Nullable(String)),
    persona LowCardinality(Nullable(String)),
    cart_id Nullable(String),
    order_id Nullable(String),
    revenue Nullable(Decimal(18, 4)),
    currency LowCardinality(Nullable(String)),
    survey LowCardinality(Nullable(String)),
    score Nullable(Float64),
    scale_min Nullable(Float64),
    scale_max Nullable(Float64)
"""

_EVENTS = f"""
    select
        * except (event_index, channel, properties),
        coalesce(event_index, {_LAST}) as event_index,
        coalesce(channel, 'Unassigned') as channel,
        JSONExtract(properties, 'about', 'Nullable(String)') as about
    from file('{{pattern}}', Parquet, '{{columns}}')
"""

_TABLE = f"""
    create table merge_tree.events (
        {_COLUMNS.replace("event_index Nullable(Int64)", "event_index Int64")},
        about LowCardinality(Nullable(String))
    )
    engine = MergeTree order by (person_id, occurred_at, event_index, event_id)
"""


class Chdb:
    """One chDB session on disk: the database `parquet` reads the files as they are, and
    `merge_tree` holds them as a table sorted by person and time."""

    def __init__(self, folder: DataFolder, words: dict[str, str]) -> None:
        self._words = words
        self._session = Session(str(folder.root / "chdb"))
        for setting in ("prefer_column_name_to_alias", "join_use_nulls"):
            self._session.query(f"set {setting} = 1")
        # In the demo world a visit that came without a channel says nothing at all.
        sent = _COLUMNS.replace("channel LowCardinality(String)", "channel Nullable(String)")
        columns = (sent + ", properties Nullable(String)").replace("'", "\\'")
        pattern = str(folder.events / "*" / "*.parquet")
        self._select = _EVENTS.replace("{pattern}", pattern).replace("{columns}", columns)
        for database in ("parquet", "merge_tree", "journey"):
            self._session.query(f"create database if not exists {database}")
        self._session.query(f"create or replace view parquet.events as {self._select}")

    def sort(self) -> None:
        """Load the Parquet into the sorted table, in place of what it held."""
        self._session.query("drop table if exists merge_tree.events sync")
        self._session.query(_TABLE)
        self._session.query(
            f"insert into merge_tree.events ({_names()}) select {_names()} from parquet.events"
        )

    @property
    def is_sorted(self) -> bool:
        """Whether the sorted table is there and whole."""
        count = "select count() from {}.events"
        if self.rows("exists merge_tree.events")[0][0] != "1":
            return False
        return self.rows(count.format("merge_tree")) == self.rows(count.format("parquet"))

    def use(self, database: str) -> None:
        """Ask `parquet` or `merge_tree` from now on."""
        self._session.query(f"use {database}")
        for view in ("journeys", "trading"):
            (sql,) = statements("clickhouse", view, self._words)
            self._session.query(f"create or replace view {view} as {sql}")

    def run(self, name: str, **words: str) -> None:
        """Run the statements of a file."""
        for sql in statements("clickhouse", name, {**self._words, **words}):
            self._session.query(sql)

    def rows(self, sql: str) -> list[list[str]]:
        """The rows of a query, as text."""
        return list(csv.reader(io.StringIO(str(self._session.query(sql, "CSV")))))

    def ask(
        self, question: str, since: date, until: date, as_of: datetime, **asked: str
    ) -> list[Any]:
        """The rows of an answer; tables it makes on the way are part of it."""
        words = {**self._words, **framed("clickhouse", since, until, as_of), **asked}
        *steps, sql = statements("clickhouse", question, words)
        made = [step.split()[3] for step in steps]
        for step in steps:
            self._session.query(step)
        rows = self.rows(sql)
        for table in made:
            self._session.query(f"drop temporary table {table}")
        return rows

    def close(self) -> None:
        """Let go of it all."""
        self._session.close()


def _names() -> str:
    """The columns of `events`, in one order for both databases."""
    names = [line.split()[0] for line in _COLUMNS.strip().splitlines()]
    return ", ".join([*names, "about"])
