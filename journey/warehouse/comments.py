"""Comments read once: what was read is kept beside the events, and only new comments are read.

`data/feedback/<version>/` holds Parquet files in pairs, `comments-0001` and `mentions-0001`. A
comment is known by the hash of its text and language, so the same words are read once whoever
wrote them. The version changes with the themes, the lexicons and the rules; then all are read
again, and the earlier version's files go.
"""

import shutil
from pathlib import Path

import duckdb
import polars as pl

from journey.comments.reading import MENTION_SCHEMA, READ_SCHEMA, Reader, Reading
from journey.comments.taxonomy import read
from journey.config import Config
from journey.datafolder import DataFolder
from journey.warehouse.discoveries import add_discoveries

_BATCH = 200_000
"""Comments read at a time, to bound the memory."""

_MOST_FILES = 12
"""Pairs of files before they are made into one."""

_KEY = "md5(concat(coalesce(language, ''), chr(31), comment))"


def add_comments(
    connection: duckdb.DuckDBPyConnection, folder: DataFolder, config: Config
) -> tuple[int, int]:
    """Make the tables `comment_readings` (a row for each event with a comment) and
    `comment_themes` (a row for each such event and theme) for the marts to join, from what was
    read before and what is new in the view `events`; and those of the themes found.

    Gives back how many different comments there are and how many had to be read. Raises
    ConfigError where the themes' file cannot be used.
    """
    reader = Reader(read(config.themes))
    store = folder.feedback / reader.version
    store.mkdir(parents=True, exist_ok=True)
    _drop_damaged(store)
    connection.execute(
        f"create temp table comment_keys as select event_id, {_KEY} as key from events "
        "where comment is not null"
    )
    new = _new_keys(connection, store)
    for start in range(0, len(new), _BATCH):
        keys = new.slice(start, _BATCH).to_frame()
        connection.register("new_keys", keys)
        given = connection.sql(
            f"select key, any_value(comment) as comment, any_value(language) as language "
            f"from (select {_KEY} as key, comment, language from events where comment is not null) "
            "semi join new_keys using (key) group by key order by key"
        ).pl()
        connection.unregister("new_keys")
        _write(store, reader.read(given))
    found = folder.feedback / "found"
    for other in folder.feedback.iterdir():
        if other not in (store, found):
            shutil.rmtree(other, ignore_errors=True)
    _compact(store)
    _make_tables(connection, store)
    add_discoveries(connection, found, _files(store, "comments"), reader.rules)
    known = connection.sql("select count(distinct key) from comment_keys").fetchall()[0][0]
    return known, len(new)


def _new_keys(connection: duckdb.DuckDBPyConnection, store: Path) -> pl.Series:
    """The comments that were not read yet, in order."""
    keys: pl.Series = connection.sql("select distinct key from comment_keys").pl()["key"]
    files = _files(store, "comments")
    if files:
        done = pl.concat([pl.read_parquet(file, columns=["key"]) for file in files])
        keys = keys.to_frame().join(done, on="key", how="anti")["key"]
    return keys.sort()


def _write(store: Path, reading: Reading) -> None:
    """One more pair of files. The comments' file comes last: without it the pair does not count."""
    taken = [int(file.stem.rpartition("-")[2]) for file in _files(store, "comments")]
    number = max(taken, default=0) + 1
    for kind, rows in (("mentions", reading.mentions), ("comments", reading.comments)):
        unfinished = store / f"{kind}-{number:04}.tmp"
        rows.write_parquet(unfinished)
        unfinished.rename(store / f"{kind}-{number:04}.parquet")


def _files(store: Path, kind: str) -> list[Path]:
    """The files of a kind that count."""
    numbers = [file.stem.rpartition("-")[2] for file in sorted(store.glob("comments-*.parquet"))]
    return [store / f"{kind}-{number}.parquet" for number in numbers]


def _drop_damaged(store: Path) -> None:
    """Pairs that cannot be read do not count: what they held is read anew."""
    for comments, mentions in zip(
        _files(store, "comments"), _files(store, "mentions"), strict=True
    ):
        try:
            for file in (comments, mentions):
                pl.scan_parquet(file).collect_schema()
        except (pl.exceptions.PolarsError, OSError):
            comments.unlink()


def _compact(store: Path) -> None:
    """All pairs as one, where there are many."""
    if len(_files(store, "comments")) <= _MOST_FILES:
        return
    whole = Reading(
        *(
            pl.concat([pl.read_parquet(file) for file in _files(store, kind)]).sort(by)
            for kind, by in (("comments", ["key"]), ("mentions", ["key", "theme"]))
        )
    )
    # The new folder takes the place of the old in one step; until then the old one holds.
    fresh = store.with_suffix(".compacting")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    _write(fresh, whole)
    shutil.rmtree(store)
    fresh.rename(store)


def _make_tables(connection: duckdb.DuckDBPyConnection, store: Path) -> None:
    """The two tables, by event."""
    for kind, schema in (("comments", READ_SCHEMA), ("mentions", MENTION_SCHEMA)):
        files = _files(store, kind)
        rows = pl.concat([pl.DataFrame(schema=schema), *(pl.read_parquet(file) for file in files)])
        connection.register(f"read_{kind}", rows)
    connection.execute(
        """
        create temp table comment_themes as
        select comment_keys.event_id, theme, score, sentiment
        from comment_keys inner join read_mentions using (key)
        """
    )
    connection.execute(
        """
        create temp table comment_readings as
        with themed as (
            select key, string_agg(theme, ', ' order by theme) as themes
            from read_mentions group by key
        )
        select
            event_id, comment, language, score, sentiment, confidence,
            coalesce(themes, '') as themes
        from comment_keys
        inner join read_comments using (key)
        left join themed using (key)
        """
    )
    connection.unregister("read_comments")
    connection.unregister("read_mentions")
