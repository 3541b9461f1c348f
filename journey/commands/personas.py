"""The command about personas: the facts of each, and what sets it apart."""

import argparse
import json
import sys
from typing import Any

from journey.analysis.personas import Portrait, as_rows, portraits
from journey.commands.common import Commands, add_frame, configuration, data_folder, frame
from journey.metrics import metric as registry
from journey.metrics.engine import Engine


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(personas)
    add_frame(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def personas(options: argparse.Namespace) -> int:
    """Tell who the customers are: each persona in facts, and what it does differently."""
    from journey.present.export import csv_text
    from journey.present.portraits import in_words

    engine, config = Engine(data_folder(options)), configuration(options)
    filters = frame(engine, options)
    found = portraits(lambda name: engine.run(registry.find(name), filters).rows, config)
    if options.format == "csv":
        sys.stdout.write(csv_text(as_rows(found)))
    elif options.format == "json":
        told = {persona.name: persona.rule_in_words() for persona in config.personas}
        answer = {
            "since": filters.since.isoformat(),
            "until": filters.until.isoformat(),
            "as_of": filters.as_of.isoformat(),
            "where": {name: list(values) for name, values in filters.where.items()},
            "personas": [
                {"rule": told.get(one.name, "as the data says"), **_plain(one)} for one in found
            ],
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        for one in found:
            print(in_words(one, engine.snapshot.currency, config.minimum_n))
    return 0


def _plain(one: Portrait) -> dict[str, Any]:
    """A portrait as JSON knows it."""
    return {
        "persona": one.name,
        "people": one.people,
        "share": one.size.value,
        "facts": {
            name: None
            if value is None
            else {"value": value.value, "low": value.low, "high": value.high, "n": value.n}
            for name, value in one.facts.items()
        },
        "channels": [
            {"channel": name, "journeys": came, "of": journeys}
            for name, came, journeys in one.channels
        ],
        "touchpoints": as_rows([one]).drop("persona").to_dicts(),
    }
