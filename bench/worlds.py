"""The worlds to measure on: demo worlds of a given size, made once and kept."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from journey.config import Config
from journey.datafolder import DataFolder
from journey.demo.world import TRUTH, generate
from journey.intake.ingest import ingest

EVENTS_A_PERSON = 11.9
"""What a person of the demo world comes to on average; only sizes the world."""


def world(work: Path, events: int, config: Config, say: Callable[[str], None]) -> DataFolder:
    """The data folder of a demo world of about so many events, ingested but not built.

    A folder whose mark is missing is unfinished and made again.
    """
    folder = DataFolder(work / str(events))
    mark = folder.root / "whole.json"
    if mark.exists():
        return folder
    shutil.rmtree(folder.root, ignore_errors=True)
    started = time.perf_counter()
    say(f"making a world of about {events:,} events (once) ...")
    files = generate(folder.demo, people=round(events / EVENTS_A_PERSON))
    parquet = [str(path) for path in files if path.suffix == ".parquet"]
    rest = [str(path) for path in files if path.suffix != ".parquet"]
    accepted = sum(
        ingest(folder, config, "events", given).accepted for given in (parquet, rest) if given
    )
    for path in files:  # the events are in the store now
        path.unlink()
    seconds = round(time.perf_counter() - started)
    say(f"{accepted:,} events in {len(folder.event_files())} files, in {seconds} s")
    mark.write_text(json.dumps({"events": accepted}) + "\n", encoding="utf-8")
    return folder


def last_day(folder: DataFolder) -> str:
    """The last day of the demo world, from its truth."""
    truth = json.loads((folder.demo / TRUTH).read_text(encoding="utf-8"))
    return str(truth["last_day"])
