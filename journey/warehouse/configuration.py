"""What the configuration says, as tables that the marts join."""

from typing import Any

import duckdb

from journey.config import STAGES, Config


def write_configuration(connection: duckdb.DuckDBPyConnection, config: Config) -> None:
    """Write all of them."""
    number = {stage: place for place, stage in enumerate(STAGES, 1)}
    placed = sorted(config.touchpoints.items())
    surveys = config.surveys.by_name
    _write(connection, "stages", stage=list(number), stage_number=list(number.values()))
    _write(
        connection,
        "touchpoint_stages",
        touchpoint=[name for name, _ in placed],
        stage=[stage for _, stage in placed],
        stage_number=[number[stage] for _, stage in placed],
    )
    _write(connection, "offline_channels", channel=sorted(config.offline_channels))
    _write(
        connection,
        "surveys",
        survey=list(surveys),
        scale_min=[float(survey.scale[0]) for survey in surveys.values()],
        scale_max=[float(survey.scale[1]) for survey in surveys.values()],
        is_up=[survey.is_up for survey in surveys.values()],
    )
    _write(connection, "error_touchpoints", touchpoint=sorted(config.surveys.errors))
    _write(connection, "relational_subjects", subject=sorted(config.surveys.relational))


_KINDS = {
    "stage_number": "integer",
    "scale_min": "double",
    "scale_max": "double",
    "is_up": "boolean",
}
"""What is no word among the columns of the configuration."""


def _write(connection: duckdb.DuckDBPyConnection, table: str, **columns: list[Any]) -> None:
    """A table of these columns: one statement, for rows one by one take longer than a mart."""
    listed = ", ".join(
        f"unnest(${name}::{_KINDS.get(name, 'varchar')}[]) as {name}" for name in columns
    )
    connection.execute(f"create table {table} as select {listed}", columns)
