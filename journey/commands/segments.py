"""The command about people: who is in a segment."""

import argparse
import json
import sys

import polars as pl

from journey.commands.common import (
    Commands,
    add_frame,
    configuration,
    data_folder,
    frame,
    show,
    table_of,
)
from journey.errors import MetricError
from journey.metrics import masks, segments
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters


def add(commands: Commands) -> None:
    """Add it."""
    command = commands.add(segment)
    command.add_argument("name", metavar="NAME", nargs="?", help="a file of queries/segments")
    add_frame(command)
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")


def segment(options: argparse.Namespace) -> int:
    """Say how large a segment is and list its people; without a name, all segments."""
    folder = data_folder(options)
    engine = Engine(folder)
    filters = frame(engine, options)
    if options.name is None:
        return _all(engine, filters, options.format)
    found = segments.find(options.name)
    ids = engine.people(found, filters)
    everyone = _count(engine, filters)
    shown = masks.ids_shown(configuration(options))
    if shown:
        listed = ids.rename({"person_id": "person"})
    else:
        listed = masks.masked(ids, masks.key_of(folder))
    if options.format == "csv":
        _csv(listed)
    elif options.format == "json":
        answer = {
            **_described(found, filters),
            "where": {name: list(values) for name, values in filters.where.items()},
            "snapshot": engine.snapshot.name,
            "size": ids.height,
            "people": everyone,
            "masked": not shown,
            "ids": listed["person"].to_list(),
        }
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        print(found.question)
        share = f" = {ids.height / everyone:.2%}" if everyone else ""
        print(f"{ids.height:,} of {everyone:,} people{share}.")
        print(found.notes)
        hidden = "" if shown else " (ids masked)"
        print(f"--format csv or json lists them{hidden}; --where segment={found.name} filters.")
    return 0


def _all(engine: Engine, filters: Filters, form: str) -> int:
    """Every segment with its size; exit 1 where one is broken."""
    everyone = _count(engine, filters)
    rows, broken = [], 0
    for path in segments.files():
        try:
            found = segments.read(path)
            size = engine.people(found, filters).height
            rows.append((found.name, size, everyone, found.question))
        except MetricError as error:
            broken += 1
            print(f"journey: {error}", file=sys.stderr)
    table = pl.DataFrame(
        rows,
        schema={
            "segment": pl.String,
            "size": pl.Int64,
            "people": pl.Int64,
            "question": pl.String,
        },
        orient="row",
    )
    if form == "json":
        print(json.dumps({"segments": table.to_dicts()}, indent=2, ensure_ascii=False))
    elif form == "csv":
        _csv(table)
    else:
        show(table_of(table))
    return 1 if broken else 0


def _described(found: segments.Segment, filters: Filters) -> dict[str, str]:
    """What was asked, as JSON knows it."""
    return {
        "segment": found.name,
        "title": found.title,
        "question": found.question,
        "since": filters.since.isoformat(),
        "until": filters.until.isoformat(),
        "as_of": filters.as_of.isoformat(),
    }


def _count(engine: Engine, filters: Filters) -> int:
    """The people that the frame's filters leave, whole segments aside."""
    return int(engine.table("select count(*) as people from people", filters).item())


def _csv(rows: pl.DataFrame) -> None:
    """Rows on standard output, safe for a spreadsheet."""
    from journey.present.export import csv_text

    sys.stdout.write(csv_text(rows))
