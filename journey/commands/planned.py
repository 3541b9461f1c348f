"""The command about plans: a persona's planned touchpoints against what its people do."""

import argparse
import json
from dataclasses import asdict

from journey.analysis.planned import Planned, as_rows
from journey.analysis.planned import planned as find
from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    frame,
    show,
    table_of,
)
from journey.metrics.engine import Engine


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(planned)
    add_frame(command)
    command.add_argument("--persona", required=True, metavar="NAME", help="as in journey.toml")
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def planned(options: argparse.Namespace) -> int:
    """Tell how a persona's journeys keep to its planned touchpoints, and what that goes with."""
    from journey.present.export import csv_text
    from journey.present.planned import plan_in_words

    engine, config = Engine(data_folder(options)), configuration(options)
    filters = frame(engine, options)
    found = find(engine, config, filters, options.persona)
    if options.format == "csv":
        print(csv_text(as_rows(found)), end="")
    elif options.format == "json":
        told = {
            "since": filters.since.isoformat(),
            "until": filters.until.isoformat(),
            "as_of": filters.as_of.isoformat(),
            "where": {name: list(values) for name, values in filters.where.items()},
            **_plain(found, config.minimum_n),
        }
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        show(table_of(as_rows(found)))
        print("\n".join(plan_in_words(found, config.minimum_n)))
    return 0


def _plain(found: Planned, minimum_n: int) -> dict[str, object]:
    """The answer as JSON knows it, with the differences and their intervals."""
    told = asdict(found)
    for one, plain in zip(found.compared, told["compared"], strict=True):
        gap = one.gap(minimum_n)
        plain["difference"] = (
            None if gap is None else dict(zip(("value", "low", "high"), gap, strict=True))
        )
    return told
