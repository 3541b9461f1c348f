"""Commands over the event store: demo, ingest, build, check."""

import argparse
import json
import shutil
import sys

from journey.commands.common import Commands, configuration, data_folder, positive, progress
from journey.intake.ingest import ingest
from journey.intake.sources import known_sources
from journey.metrics import metric as registry
from journey.warehouse.build import build


def add(commands: Commands) -> None:
    """Add them."""
    command = commands.add(demo)
    command.add_argument("--people", type=positive, default=20_000, help="how many (20000)")
    command.add_argument("--seed", type=int, default=7, help="another seed, another world (7)")
    command = commands.add(ingest_command)
    command.add_argument("files", nargs="+", metavar="FILE", help="a file, or INPUT=FILE")
    command.add_argument(
        "--as", dest="source", required=True, metavar="FORMAT", help=", ".join(known_sources())
    )
    command.add_argument("--format", choices=("text", "json"), default="text")
    commands.add(build_command)
    command = commands.add(check)
    command.add_argument("--targets", action="store_true", help="a missed target fails too")
    command.add_argument("--tags", action="store_true", help="an untidy tag of a link fails too")


def demo(options: argparse.Namespace) -> int:
    """Generate the demo world and ingest it."""
    from journey.demo import kept
    from journey.demo.world import generate

    folder = data_folder(options)
    own = kept.own(folder.root, folder.demo)
    shutil.rmtree(folder.demo, ignore_errors=True)
    with progress() as report:
        files = generate(
            folder.demo,
            people=options.people,
            seed=options.seed,
            progress=lambda done, whole: report(f"Generating {done:,} of {whole:,} people", None),
        )
        result = ingest(folder, configuration(options), "events", [str(f) for f in files], report)
    for name in kept.KEPT:
        if name in own:
            print(
                f"{folder.root / name} is your own and stays; the demo's is {folder.demo / name}."
            )
        else:
            kept.place(folder.root, folder.demo, name)
    print(result.as_text())
    return 0


def ingest_command(options: argparse.Namespace) -> int:
    """Take event files into the store and say what became of every row."""
    with progress() as report:
        result = ingest(
            data_folder(options), configuration(options), options.source, options.files, report
        )
    if options.format == "json":
        print(json.dumps(result.as_json(), indent=2, ensure_ascii=False))
    else:
        print(result.as_text())
    return 0


def build_command(options: argparse.Namespace) -> int:
    """Make the serving tables from the event store."""
    with progress() as report:
        snapshot = build(data_folder(options), configuration(options), report)
    print(
        f"Built snapshot {snapshot.name}: {snapshot.events:,} events, "
        f"complete up to {snapshot.watermark:%Y-%m-%d %H:%M} UTC."
    )
    if waiting := snapshot.waiting():
        are = "is" if waiting == 1 else "are"
        print(f"{waiting:,} of them {are} dated in the future and in no number until then.")
    return 0


def check(options: argparse.Namespace) -> int:
    """Check every SQL file, the store, the targets and the tags of links; exit 1 with file, line,
    cause and remedy."""
    from journey.checking import problems, tags, targets

    folder, config = data_folder(options), configuration(options)
    found = problems(folder, config)
    for problem in found:
        print(f"journey: {problem}", file=sys.stderr)
    if not found:
        print(f"All is well: {len(registry.files())} metrics and the store.")
    told, missed = targets(folder, config)
    for line in told:
        print(f"Target {line}")
    untidy = tags(folder)
    for line in untidy:
        print(f"Tags {line}")
    return 1 if found or (options.targets and missed) or (options.tags and untidy) else 0
