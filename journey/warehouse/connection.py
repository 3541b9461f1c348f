"""DuckDB connections for work that writes: intake and build."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb


def memory_limit() -> str:
    """What DuckDB may use: JOURNEY_MEMORY, else half of what the machine or container has."""
    given = os.environ.get("JOURNEY_MEMORY")
    if given:
        return given
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    ceiling = Path("/sys/fs/cgroup/memory.max")
    if ceiling.exists() and (text := ceiling.read_text().strip()).isdigit():
        total = min(total, int(text))
    return f"{total // 2 >> 20}MiB"


@contextmanager
def work_connection(spill: Path, database: str = ":memory:") -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that spills to `spill` when memory is short, reckons in UTC, and can tell
    how far its query is. Nothing is downloaded: extensions are neither installed nor loaded.
    """
    spill.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(
        database,
        config={
            "memory_limit": memory_limit(),
            "temp_directory": str(spill),
            "python_enable_replacements": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
        },
    )
    try:
        connection.execute("set global TimeZone = 'UTC'")
        connection.execute("set enable_progress_bar = true")
        connection.execute("set enable_progress_bar_print = false")
        yield connection
    finally:
        connection.close()
