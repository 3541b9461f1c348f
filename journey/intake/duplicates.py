"""Duplicate deliveries, folded on `event_id`: the first to arrive stays."""

import duckdb

from journey.datafolder import DataFolder

PART_ROWS = 8_000_000
"""Identities looked at together; it bounds the memory whatever the size of the delivery."""


def fold(connection: duckdb.DuckDBPyConnection, folder: DataFolder, good: int) -> None:
    """Make the view `fresh`: the good rows of `checked` that the store does not have yet.

    Among rows with one `event_id` in the delivery, the first in file order stays.
    """
    files = [str(path) for path in folder.event_files()]
    if files:
        connection.read_parquet(files).create_view("stored")
    connection.execute("create table known (event_id varchar)")
    connection.execute("create table repeated (event_id varchar)")
    parts = good // PART_ROWS + 1
    for part in range(parts):
        span = {"parts": parts, "part": part}
        connection.execute(
            """
            insert into repeated
            select event_id from checked
            where reason is null and hash(event_id) % $parts = $part
            group by event_id having count(*) > 1
            """,
            span,
        )
        if files:
            connection.execute(
                """
                insert into known
                select event_id from checked
                where reason is null and hash(event_id) % $parts = $part
                intersect
                select event_id from stored where hash(event_id) % $parts = $part
                """,
                span,
            )
    connection.execute(
        """
        create table later as
        select file_row_number
        from (
            select file_row_number,
                row_number() over (partition by event_id order by file_row_number) as place
            from checked
            where reason is null and event_id in (select event_id from repeated)
        )
        where place > 1
        """
    )
    connection.execute(
        """
        create view fresh as
        select checked.* from checked
        where
            reason is null
            and not exists (select 1 from known where known.event_id = checked.event_id)
            and not exists (
                select 1 from later where later.file_row_number = checked.file_row_number
            )
        """
    )
