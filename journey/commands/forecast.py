"""The command that carries a metric's course on to a day."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date
from typing import Any

import polars as pl

from journey.analysis.trend import course as courses
from journey.analysis.trend.forecast import Forecast, forecast
from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    day,
    frame,
    show,
    table_of,
)
from journey.errors import MetricError
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.goals import wants_lower


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(forecast_command)
    command.add_argument("metric", metavar="METRIC", help="one in time, as in conversion_rate")
    command.add_argument("--by", type=day, metavar="D", help="the day (that of its target)")
    command.add_argument(
        "--target", type=float, metavar="X", help="what to reach, as the card shows it (its target)"
    )
    add_frame(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def forecast_command(options: argparse.Namespace) -> int:
    """Say what is to be expected of a metric by a day, and how likely its target is reached."""
    from journey.present import ahead
    from journey.present.export import csv_text

    engine, config = Engine(data_folder(options)), configuration(options)
    metric, filters = registry.find(options.metric), frame(engine, options)
    target = config.targets.get(metric.name)
    by = options.by or (target.by if target else None)
    if by is None:
        raise MetricError(
            f"By when? {metric.full_name} has no target with a day. Say it with --by, like "
            "--by 2027-03-31."
        )
    course = courses.ask(engine, metric, filters, config.minimum_n)
    if course is None:
        raise courses.no_course(metric)
    aim = options.target
    if aim is None and target is not None and course.steps.kind != "count":
        aim = target.value
    lower = wants_lower(metric, target) if target else metric.better == "lower"
    scale = 100 if metric.unit == "percent" else 1
    found = forecast(course, by, None if aim is None else aim / scale, wants_lower=lower)
    told = ahead.sentence(metric, course, found, engine.snapshot.currency)
    if options.format == "json":
        facts = {
            "metric": metric.name,
            "unit": metric.unit,
            "grain": course.steps.grain,
            "by": by.isoformat(),
            "as_of": filters.as_of.isoformat(),
            "snapshot": engine.snapshot.name,
            "known": found.known,
            "models": found.by_model,
            "target": aim,
            "wants_lower": lower,
            "chance": found.chance,
            **_plain(asdict(found.end)),
            "told": told,
            "path": [_plain(row) for row in path(found).to_dicts()],
        }
        print(json.dumps(facts, indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(path(found)))
    else:
        print(metric.question)
        print(told)
        show(table_of(path(found)))
    return 0


def path(found: Forecast) -> pl.DataFrame:
    """A row for each step: the stretch of time, what is expected of it, and its 80 and 95 %
    intervals; shares from 0 to 1, counts by their week or month."""
    return pl.DataFrame([asdict(one) for one in found.path])


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON knows it."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }
