"""What intake reported, as tables for the data health page."""

import json
from collections import Counter
from pathlib import Path

import duckdb

from journey.datafolder import DataFolder


def write_health(connection: duckdb.DuckDBPyConnection, folder: DataFolder) -> None:
    """The tables `deliveries` and `rejections`, for the data health page."""
    connection.execute(
        "create table deliveries (delivery varchar, format varchar, files varchar, "
        "file_lines bigint, rows_read bigint, accepted bigint, duplicate bigint, rejected bigint, "
        "corrected bigint, first_at timestamp, last_at timestamp)"
    )
    connection.execute(
        "create table rejections (delivery varchar, reason varchar, rejected bigint)"
    )
    for path in sorted(folder.deliveries.glob("*.json")):
        report = json.loads(path.read_text(encoding="utf-8"))
        files = ", ".join(Path(file).name for file in report["files"])
        connection.execute(
            "insert into deliveries values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            [
                report["delivery"],
                report["format"],
                files,
                report["lines"],
                report["read"],
                report["accepted"],
                report["duplicate"],
                sum(report["rejected"].values()),
                sum(report["corrected"].values()),
                report["first_at"],
                report["last_at"],
            ],
        )
        for reason, rows in Counter(report["rejected"]).items():
            connection.execute(
                "insert into rejections values ($1, $2, $3)", [report["delivery"], reason, rows]
            )
