"""A snapshot opened to be asked: read-only, behind views that filter, with the door shut."""

from contextlib import suppress
from pathlib import Path

import duckdb

from journey.datafolder import DataFolder
from journey.metrics.filters import SEGMENTS
from journey.metrics.gate import FILTERED, PLAIN, UNFILTERED
from journey.warehouse.connection import memory_limit
from journey.warehouse.snapshot import Snapshot

SECONDS = 15
"""The longest a question may take."""

CHOSEN, LEFT_OUT = (
    " and ".join(
        f"(getvariable('{word}_{name}') is null "
        f"or list_contains(getvariable('{word}_{name}'), {column}))"
        for name, column in SEGMENTS.items()
    )
    for word in ("only", "not")
)
"""The rows of the journeys chosen, and of those left out, by the variables of the cursor that
asks."""


def opened(path: Path, folder: DataFolder) -> tuple[duckdb.DuckDBPyConnection, Snapshot]:
    """The snapshot read-only behind filtered views, and then the door is shut; and what the
    snapshot says of itself."""
    root = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory_limit(),
            "temp_directory": str(folder.root / "spill"),
            "python_enable_replacements": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_unsigned_extensions": "false",
            "allow_persistent_secrets": "false",
        },
    )
    snapshot = Snapshot.attached(root, path)
    for table in sorted(FILTERED):
        root.execute(f"create view {table} as select * from store.{table} where {CHOSEN}")
    for table in sorted(PLAIN):
        root.execute(f"create view {table} as select * from store.{table}")
    for table in sorted(UNFILTERED):
        root.execute(f"create view {table} as from store.{table.removeprefix('all_')}")
    # `sequence` as it is stored, in order: for an analysis of everybody, which need not meet the
    # segments. No metric may read it, as no filter lies beneath it.
    root.execute("create view every_touch as select * from store.numbered_sequence")
    any_filter = " or ".join(f"getvariable('only_{name}') is not null" for name in SEGMENTS)
    if folder.event_files():
        pattern = str(folder.events / "*" / "*.parquet")
        # A damaged event file must not take down numbers that do not need it; `check` names it.
        with suppress(duckdb.Error):
            root.read_parquet(pattern, union_by_name=True, hive_partitioning=False).create_view(
                "stored"
            )
            root.execute(
                "create view events as select * replace (case when comment is not null then "
                "'(masked: see responses)' end as comment) "
                f"from stored where not ({any_filter}) "
                "or event_id in (select event_id from touches)"
            )
    root.execute("set global TimeZone = 'UTC'")
    root.execute(f"set global max_execution_time = {SECONDS * 1000}")
    root.execute(
        f"set allowed_directories = ['{str(folder.events).replace(chr(39), chr(39) * 2)}/']"
    )
    root.execute("set enable_external_access = false")
    root.execute("set lock_configuration = true")
    return root, snapshot
