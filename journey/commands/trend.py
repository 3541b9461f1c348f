"""The command that tells a metric's course: where its level changed, what is out of range."""

import argparse
import json
import sys

import polars as pl

from journey.analysis.trend import course as courses
from journey.analysis.trend.breaks import FEWEST
from journey.analysis.trend.course import Course
from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    frame,
    show,
    table_of,
)
from journey.metrics import metric as registry
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters
from journey.metrics.metric import Metric
from journey.warehouse.snapshot import Snapshot


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(trend)
    command.add_argument("metric", metavar="METRIC", help="one in time, as in conversion_rate")
    add_frame(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def trend(options: argparse.Namespace) -> int:
    """Tell a metric's course: changes of level, and points out of the range to expect."""
    from journey.present import turns
    from journey.present.export import csv_text

    engine = Engine(data_folder(options))
    metric, filters = registry.find(options.metric), frame(engine, options)
    found = courses.ask(engine, metric, filters, configuration(options).minimum_n)
    if found is None:
        raise courses.no_course(metric)
    rows = points(found)
    told = turns.told(metric, found, filters.since, filters.until, engine.snapshot.currency)
    if not found.turns():
        told.insert(0, unchanged(found))
    if options.format == "json":
        answer = _facts(metric, found, filters, engine.snapshot) | {
            "told": told,
            "points": [row | {"at": row["at"].isoformat()} for row in rows.to_dicts()],
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(rows))
    else:
        print(metric.question)
        print("\n".join(told))
        show(table_of(levels(found)))
        strange = rows.filter(pl.col("side") != 0)
        if strange.height:
            show(table_of(strange))
    return 0


def unchanged(found: Course) -> str:
    """Why no change is told."""
    steps = found.steps
    if len(steps) < FEWEST:
        return (
            f"Only {len(steps)} whole {steps.grain}{'' if len(steps) == 1 else 's'}: a change of "
            f"level is looked for from {FEWEST} on."
        )
    return f"No change of level beyond chance in {len(steps)} {steps.grain}s."


def levels(found: Course) -> pl.DataFrame:
    """A row for each level: its days, its value (a count by its week or month), its cases."""
    return pl.DataFrame(
        [
            {
                "since": since,
                "until": until,
                "value": found.steps.shown(level.value),
                "cases": float(found.steps.cases[level.first : level.last].sum()),
            }
            for level, since, until in found.spans()
        ]
    )


def points(found: Course) -> pl.DataFrame:
    """A row for each point: its value, the range that was expected, and on which side of it it is
    (1 above, -1 below). Without enough of a past the range is empty."""
    series = found.points
    expected = {one.at: one for one in found.ranges}
    rows = []
    for at, value, cases in zip(series.at, series.values, series.cases, strict=True):
        one = expected.get(at)
        rows.append(
            {
                "at": at,
                "value": series.shown(float(value), at),
                "low": series.shown(one.low, at) if one else None,
                "middle": series.shown(one.middle, at) if one else None,
                "high": series.shown(one.high, at) if one else None,
                "side": one.side if one else 0,
                "cases": float(cases),
            }
        )
    ends = dict.fromkeys(("value", "low", "middle", "high"), pl.Float64)
    return pl.DataFrame(rows, schema={"at": pl.Date, **ends, "side": pl.Int64, "cases": pl.Float64})


def _facts(
    metric: Metric, found: Course, filters: Filters, snapshot: Snapshot
) -> dict[str, object]:
    """What the course is of, its levels and its changes, as JSON has them."""
    shown = found.steps.shown
    return {
        "metric": metric.name,
        "unit": metric.unit,
        "grain": found.points.grain,
        "since": filters.since.isoformat(),
        "until": filters.until.isoformat(),
        "as_of": filters.as_of.isoformat(),
        "snapshot": snapshot.name,
        "levels": [
            row | {"since": row["since"].isoformat(), "until": row["until"].isoformat()}
            for row in levels(found).to_dicts()
        ],
        "changes": [
            {
                "since": turn.since.isoformat(),
                "until": None if turn.is_last else turn.until.isoformat(),
                "before": shown(turn.before),
                "now": shown(turn.now),
                "after": None if turn.after is None else shown(turn.after),
            }
            for turn in found.turns()
        ],
    }
