"""The command that says what the product finds of what was planted in a demo."""

import argparse
import json
import math

from rich.table import Table

from journey.commands.common import Commands, configuration, data_folder, show
from journey.metrics.engine import Engine


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(truth)
    command.add_argument("--format", choices=("table", "json"), default="table")


def truth(options: argparse.Namespace) -> int:
    """Score a demo: every planted effect found or missed, planted beside estimated size."""
    from journey.analysis.truth import wording
    from journey.analysis.truth.scoring import score, table

    engine = Engine(data_folder(options))
    found = score(engine, configuration(options))
    if options.format == "json":
        rows = [
            {name: _plain(value) for name, value in row.items()}
            for row in table(found).iter_rows(named=True)
        ]
        answer = {
            "snapshot": engine.snapshot.name,
            "summary": wording.summary(found),
            "parts": rows,
            "others": [vars(row) | {"is_false": row.is_false} for row in found.others],
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False))
        return 0
    print("\n".join(wording.summary(found)))
    lines = Table()
    for name in ("effect", "part", "planted", "realised", "estimate", "95 %", "verdict", "rank"):
        lines.add_column(name, no_wrap=True)
    for part in found.parts:
        lines.add_row(*wording.cells(part))
    show(lines)
    for part in found.parts:
        if part.note:
            print(f"{part.effect}, {part.what}: {part.note}")
    return 0


def _plain(value: object) -> object:
    """A value that JSON knows: an end that is nowhere is none."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
