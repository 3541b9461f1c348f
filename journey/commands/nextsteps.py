"""The command that says what to do next, and for whom."""

import argparse
import json
import sys

from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    frame,
    positive,
    show,
    table_of,
)
from journey.metrics.engine import Engine


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(next_command)
    add_frame(command)
    command.add_argument("--persona", metavar="P", help="one persona, or `each`; else everyone")
    command.add_argument("--stage", metavar="S", help="one stage, as in decision")
    command.add_argument("--over", choices=("touchpoint", "channel"), default="touchpoint")
    command.add_argument("--most", type=positive, default=30, metavar="N", help="rows (30)")
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def next_command(options: argparse.Namespace) -> int:
    """Say after which next touch or channel comparable journeys go on more often."""
    from journey.analysis.nextsteps import finding, wording
    from journey.present.export import csv_text
    from journey.present.words import label

    engine = Engine(data_folder(options))
    filters = frame(engine, options)
    persona = None if options.persona == "each" else options.persona
    finding.check(engine, persona, options.stage)
    found = finding.next_steps(
        engine, configuration(options), filters, options.over, options.persona is not None
    )
    steps = found.at(persona, options.stage)
    shown = steps[: options.most]
    rows = wording.table(shown)
    if options.format == "json":
        answer = {
            "as_of": filters.as_of.isoformat(),
            "snapshot": engine.snapshot.name,
            "over": options.over,
            "stood": found.stood,
            "summary": wording.summary(steps),
            "caveat": wording.CAVEAT,
            "told": [wording.sentence(step, label) for step in shown],
            "rows": rows.to_dicts(),
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    elif options.format == "csv":
        sys.stdout.write(csv_text(rows))
    elif not steps:
        print("No journey of this period that has had its time stood where a step could be told.")
    else:
        called = [step for step in shown if step.verdict in (finding.MORE, finding.LESS)]
        for step in called[:5]:
            print(wording.sentence(step, label))
        print(f"{wording.summary(steps)} {wording.CAVEAT}")
        show(table_of(rows.select(rows.columns[:13])))
    return 0
