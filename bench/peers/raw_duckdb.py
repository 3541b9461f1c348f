"""DuckDB straight over the event store: no tables, every question from the events."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from bench.peers.words import framed, statements
from journey.config import STAGES, Config
from journey.datafolder import DataFolder
from journey.warehouse.connection import memory_limit


class RawDuckDB:
    """Views over the Parquet files, with the memory that the build may use."""

    def __init__(self, folder: DataFolder, config: Config, words: dict[str, str]) -> None:
        self._words = words
        spill = folder.root / "spill"
        self._connection = duckdb.connect(
            ":memory:", config={"memory_limit": memory_limit(), "temp_directory": str(spill)}
        )
        self._connection.execute("set global TimeZone = 'UTC'")
        self._connection.execute("set preserve_insertion_order = false")
        self._connection.execute("set enable_progress_bar = false")
        pattern: Path = folder.events / "*" / "*.parquet"
        # In the demo world a visit that came without a channel says nothing at all.
        self._connection.read_parquet(str(pattern), hive_partitioning=False).project(
            "* replace (coalesce(channel, 'Unassigned') as channel)"
        ).create_view("events")
        self._make_stages(config)
        for view in ("touches", "journeys"):
            (sql,) = statements("duckdb", view, words)
            self._connection.execute(f"create view {view} as {sql}")

    def ask(self, question: str, since: date, until: date, as_of: datetime) -> list[Any]:
        """The rows of an answer."""
        words = {**self._words, **framed("duckdb", since, until, as_of)}
        (sql,) = statements("duckdb", question, words)
        return self._connection.execute(sql).fetchall()

    def close(self) -> None:
        """Let go of it all."""
        self._connection.close()

    def _make_stages(self, config: Config) -> None:
        """The configuration's stages as tables."""
        number = {stage: place for place, stage in enumerate(STAGES, 1)}
        self._connection.execute("create table stages (stage varchar, stage_number integer)")
        self._connection.executemany("insert into stages values ($1, $2)", list(number.items()))
        self._connection.execute(
            "create table touchpoint_stages "
            "(touchpoint varchar, stage varchar, stage_number integer)"
        )
        self._connection.executemany(
            "insert into touchpoint_stages values ($1, $2, $3)",
            [(name, stage, number[stage]) for name, stage in config.touchpoints.items()],
        )
