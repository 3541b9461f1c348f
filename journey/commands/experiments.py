"""The command that reads out experiments."""

import argparse
import json
import sys

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
from journey.metrics.filters import SEGMENTS


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(experiments)
    command.add_argument("name", nargs="?", metavar="NAME", help="one experiment (all, in a line)")
    add_frame(command)
    command.add_argument("--goal", metavar="TOUCHPOINT", help="what it was for (an order)")
    command.add_argument("--control", metavar="ARM", help="the arm to compare with")
    command.add_argument("--by", choices=tuple(SEGMENTS), default="persona", help="groups")
    command.add_argument("--rows", choices=("arms", "groups"), default="arms")
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def experiments(options: argparse.Namespace) -> int:
    """Read out the experiments in the data: lift, interval, sample ratio, verdict."""
    from journey.analysis.experiments import arms, readout, tables, wording
    from journey.present.export import csv_text

    engine = Engine(data_folder(options))
    config, filters = configuration(options), frame(engine, options)
    currency = engine.snapshot.currency
    chosen = [options.name] if options.name else arms.names(engine, filters)
    found = [
        readout.read(engine, config, filters, name, options.goal, options.control, options.by)
        for name in chosen
    ]
    told = {one.experiment: wording.told(one, currency) for one in found}
    if options.format == "json":
        plain = [tables.plain(one, told[one.experiment]) for one in found]
        frame_of: dict[str, object] = {
            "as_of": filters.as_of.isoformat(),
            "snapshot": engine.snapshot.name,
        }
        answer = frame_of | (plain[0] if options.name else {"experiments": plain})
        print(json.dumps(answer, indent=2, ensure_ascii=False))
        return 0
    if not options.name:
        rows = tables.listed(found)
    elif options.rows == "groups":
        rows = tables.groups(found[0])
    else:
        rows = tables.arms(found[0])
    if options.format == "csv":
        sys.stdout.write(csv_text(rows))
        return 0
    if not found:
        print(
            "No experiment in this period. Send the columns experiment and variant with the "
            "first touch that shows a person an arm, and build again."
        )
        return 0
    if options.name:
        print("\n".join(told[options.name]))
        rows = rows.select(rows.columns[:14] if options.rows == "arms" else rows.columns)
    show(table_of(rows))
    return 0
