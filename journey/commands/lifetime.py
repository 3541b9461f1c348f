"""The command that says what customers are worth."""

import argparse
import json
import sys

from journey.analysis.lifetime.settings import IDENTIFIED, TABLES, WHO, Settings, Terms
from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    day,
    frame,
    positive,
    show,
    table_of,
)
from journey.metrics import masks
from journey.metrics.engine import Engine


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(lifetime)
    add_frame(command)
    command.add_argument(
        "--calibrate-until", type=day, metavar="D", help="first day held out (the last third)"
    )
    command.add_argument("--who", choices=tuple(WHO), default=IDENTIFIED)
    command.add_argument(
        "--weeks", type=positive, default=Terms.weeks, metavar="N", help="to look ahead (52)"
    )
    command.add_argument(
        "--margin", type=_share, default=Terms.margin, metavar="X", help="share of revenue kept (1)"
    )
    command.add_argument(
        "--discount", type=_share, default=Terms.discount, metavar="X", help="a year (0.1)"
    )
    command.add_argument("--rows", choices=TABLES, default=TABLES[0], help="which table to show")
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def lifetime(options: argparse.Namespace) -> int:
    """Say how often customers buy, how long they stay and what they are worth."""
    # The models take longer to load than other commands take to run.
    from journey.analysis.lifetime.study import study
    from journey.analysis.lifetime.tables import table
    from journey.present.export import csv_text

    folder = data_folder(options)
    engine = Engine(folder)
    terms = Terms(options.weeks, options.margin, options.discount)
    settings = Settings(options.calibrate_until, options.who, terms)
    found = study(engine, frame(engine, options), settings)
    if options.format == "json":
        print(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
        return 0
    rows = table(found, options.rows)
    if "person_id" in rows.columns and not masks.ids_shown(configuration(options)):
        hidden = masks.mask_all(rows["person_id"], masks.key_of(folder))
        rows = rows.with_columns(hidden).rename({"person_id": "person"})
    if options.format == "csv":
        sys.stdout.write(csv_text(rows))
    else:
        show(table_of(rows))
    return 0


def _share(text: str) -> float:
    """A share from 0 to 1."""
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1, as in 0.4")
    return share
