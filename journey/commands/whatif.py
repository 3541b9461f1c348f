"""The command that says what would come of a change."""

import argparse
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from journey.analysis.whatif import asking


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(what_if)
    command.add_argument(
        "--step",
        nargs=3,
        metavar=("FROM", "TO", "POINTS"),
        help="so many points more go from a place to another (checkout order 2)",
    )
    command.add_argument("--without", metavar="CHANNEL", help="a channel is gone")
    command.add_argument("--faster", type=float, metavar="DAYS", help="deliveries take less")
    add_frame(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def what_if(options: argparse.Namespace) -> int:
    """Say what would come of a change: a step of the chain, a channel gone, faster deliveries."""
    from journey.analysis.whatif import asking, wording
    from journey.present.export import csv_text

    change = _change(options)
    engine = Engine(data_folder(options))
    filters = frame(engine, options)
    effect = asking.ask(engine, filters, change, configuration(options).minimum_n)
    told = wording.sentences(change, effect, engine.snapshot.currency)
    rows = wording.table(effect)
    if options.format == "json":
        answer = {
            "change": wording.lever(change),
            "since": filters.since.isoformat(),
            "until": filters.until.isoformat(),
            "as_of": filters.as_of.isoformat(),
            "snapshot": engine.snapshot.name,
            **asdict(effect),
            "told": told,
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(rows))
    else:
        print("\n".join(told))
        show(table_of(rows))
    return 0


def _change(options: argparse.Namespace) -> "asking.Change":
    """The one change that the options ask for. Raises MetricError where there is none or there
    are several."""
    from journey.analysis.whatif import asking
    from journey.errors import MetricError

    asked: list[asking.Change] = []
    if options.step:
        source, target, text = options.step
        try:
            asked.append(asking.Step(source, target, float(text)))
        except ValueError:
            raise MetricError(
                f"{text!r} is no number of points. Write --step checkout order 2."
            ) from None
    if options.without:
        asked.append(asking.Without(options.without))
    if options.faster is not None:
        asked.append(asking.Faster(options.faster))
    if len(asked) > 1:
        raise MetricError("One change at a time: --step, --without or --faster.")
    return asked[0] if asked else asking.Step("checkout", "order", 2.0)
