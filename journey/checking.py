"""Everything `python -m journey check` looks at."""

import re
from datetime import timedelta

import duckdb

from journey.analysis.reconcile import numbers as counted
from journey.analysis.reconcile.counting import count
from journey.annotations import file as annotations
from journey.comments import taxonomy
from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import JourneyError, MetricError, suggest
from journey.intake.sources import known_sources, source
from journey.metrics import metric as registry
from journey.metrics import segments
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.goals import Status, judge
from journey.metrics.metric import Metric
from journey.present import choices, kpi, numbers, words
from journey.warehouse.connection import work_connection

_YEAR = timedelta(days=365)
"""Over how long a declaration is held against its SQL."""

_DAY_BY_MOMENT = re.compile(r"_on\s*<=?\s*\$as_of\b", re.IGNORECASE)
"""A column of days against a moment."""


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
    found += annotations.read(folder.annotations, registry.names()).problems
    engine = None
    try:
        engine = Engine(folder)
    except JourneyError as error:
        found.append(str(error))
    for path in registry.files():
        try:
            metric = registry.read(path)
            found += _loose(metric)
            if engine:
                until = engine.snapshot.watermark.date() + timedelta(days=1)
                engine.run(metric, engine.filters(until - timedelta(days=90), until))
                found += _undeclared(engine, metric, engine.filters(until - _YEAR, until))
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
    shown = (name for names in (config.map.cards, *config.map.kpis.values()) for name in names)
    found += [
        f"{config.file}: [{table}] names {name!r}, which is no metric.{suggest(name, known)} "
        "`python -m journey metrics` lists them."
        for table, names, there in (
            ("targets", config.targets, known),
            ("kpis", dict.fromkeys(shown), registry.names()),
        )
        for name in names
        if name not in there
    ]
    return found


def targets(folder: DataFolder, config: Config) -> tuple[list[str], int]:
    """What has come of each target that can be judged, a sentence each, and how many are missed.

    Asked over the period the dashboard opens with, so that both say the same.
    """
    try:
        engine = Engine(folder)
    except JourneyError:
        return [], 0  # told among the problems, as is all else that fails here
    since, until = choices.span(choices.usual(engine.snapshot), engine.snapshot)
    filters = engine.filters(since, until)
    told, missed = [], 0
    for name, target in config.targets.items():
        try:
            metric = registry.find(name)
            total = engine.run(metric, filters).total
        except MetricError:
            continue
        if total is None:
            told.append(f"{name}: counts have no interval to judge a target by.")
            continue
        goal = judge(metric, total, target, config.minimum_n)
        missed += goal.is_missed(until)
        due = goal.status is Status.OFF and not goal.is_missed(until)
        owner = f", {target.owner}" if target.owner else ""
        told.append(
            f"{name}: {goal.status}{', not due yet' if due else ''}. "
            f"{numbers.show(total.value, metric.unit)} "
            f"(95 %: {numbers.interval(total.low, total.high, metric.unit)}) where "
            f"{'at most' if goal.wants_lower else 'at least'} {kpi.target_words(goal, metric)} "
            f"is wanted, {words.period(since, until)}{owner}."
        )
    return told, missed


def tags(folder: DataFolder) -> list[str]:
    """What is wrong with the tags of links, a sentence each with an example and the remedy, over
    the period the dashboard opens with: the rows of the metric `utm_hygiene`.
    """
    try:
        engine = Engine(folder)
        since, until = choices.span(choices.usual(engine.snapshot), engine.snapshot)
        rows = engine.run(registry.find("utm_hygiene"), engine.filters(since, until)).rows
    except JourneyError:
        return []  # told among the problems
    return [
        f"{row['problem']}: {row['touches_part']:,} of {row['touches_of']:,} touches that say "
        f"where they came from, as in {row['example']}, {words.period(since, until)}. "
        f"{row['remedy']}"
        for row in rows.to_dicts()
    ]


def _loose(metric: Metric) -> list[str]:
    """Where the metric's SQL lets in what the reader did not ask for."""
    found = []
    if metric.page != "health" and not {"since", "until"} <= metric.parameters:
        found.append(
            f"{metric.path}: it answers for all time, whatever period is asked. Bound it with "
            "$since and $until; what belongs to no period goes into queries/health/."
        )
    if _DAY_BY_MOMENT.search(metric.sql):
        found.append(
            f"{metric.path}: it compares a day with the moment $as_of, and so loses the last day "
            "where days begin before UTC's. Compare it with $as_of_day."
        )
    return found


def _undeclared(engine: Engine, metric: Metric, filters: Filters) -> list[str]:
    """Numbers of the metric that its declaration does not come to."""
    found = []
    picks = counted.FUNNEL_STAGES if metric.chart == "funnel" and metric.counts else metric.counts
    for pick in picks:
        number = counted.find(f"{metric.full_name}:{pick}".rstrip(":"))
        if number.counts is None:
            continue
        shown = counted.own(engine.run, number, filters).value
        told = count(engine, number.counts, filters).value
        if shown != told:
            one, two = (None if end is None else float(end) for end in (told, shown))
            found.append(
                f"{metric.path}: what `counts` declares comes to {one}, the SQL to {two}"
                f"{f' ({pick})' if pick else ''}. Mend the one that is wrong, or leave `counts` "
                "out."
            )
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
