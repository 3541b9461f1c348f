"""Everything `python -m journey check` looks at."""

from datetime import timedelta

import duckdb

from journey.comments import taxonomy
from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import JourneyError
from journey.intake.sources import known_sources, source
from journey.metrics import metric as registry
from journey.metrics import segments
from journey.metrics.engine import Engine
from journey.warehouse.connection import work_connection


def problems(folder: DataFolder, config: Config) -> list[str]:
    """Every problem found, each with its place, cause and remedy; empty where all is well."""
    found: list[str] = []
    for name in known_sources():
        try:
            source(name)
        except JourneyError as error:
            found.append(str(error))
    try:
        taxonomy.read(config.themes)
    except JourneyError as error:
        found.append(str(error))
    found += _store(folder)
    engine = None
    try:
        engine = Engine(folder)
    except JourneyError as error:
        found.append(str(error))
    for path in registry.files():
        try:
            metric = registry.read(path)
            if engine:
                until = engine.snapshot.watermark.date() + timedelta(days=1)
                engine.run(metric, engine.filters(until - timedelta(days=90), until))
        except JourneyError as error:
            found.append(str(error))
    for path in segments.files():
        try:
            segment = segments.read(path)
            if engine:
                until = engine.snapshot.watermark.date() + timedelta(days=1)
                engine.filters(
                    until - timedelta(days=90), until, where={"segment": (segment.name,)}
                )
        except JourneyError as error:
            found.append(str(error))
    known = {path.stem for path in registry.files()}
    found += [
        f"journey.toml: [targets] names {name!r}, which is no metric. "
        "`python -m journey metrics` lists them."
        for name in config.targets
        if name not in known
    ]
    return found


def _store(folder: DataFolder) -> list[str]:
    """Event files that cannot be read."""
    found = []
    with work_connection(folder.root / "spill") as connection:
        for path in folder.event_files():
            try:
                connection.read_parquet(str(path)).aggregate("count(*)").fetchall()
            except duckdb.Error as error:
                found.append(
                    f"{path}: not a readable Parquet file ({str(error).splitlines()[0]}). Move it "
                    "out of the event store, ingest its source again, and build."
                )
    return found
