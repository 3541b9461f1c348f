"""The worlds to measure on: demo worlds of a given size, made once and kept."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from journey import ROOT
from journey.config import Config
from journey.datafolder import DataFolder
from journey.demo.world import TRUTH, generate
from journey.intake.ingest import ingest

EVENTS_A_PERSON = 11.9
"""What a person of the demo world comes to on average; only sizes the world."""


def world(work: Path, events: int, config: Config, say: Callable[[str], None]) -> DataFolder:
    """The data folder of a demo world of about so many events, ingested but not built.

    A folder without its mark is unfinished; one whose mark names another form of the event
    store is out of date. Both are made again.
    """
    folder = DataFolder(work / str(events))
    mark = folder.root / "whole.json"
    if mark.exists() and json.loads(mark.read_text(encoding="utf-8")).get("form") == _form():
        return folder
    shutil.rmtree(folder.root, ignore_errors=True)
    started = time.perf_counter()
    say(f"making a world of about {events:,} events (once) ...")
    files = generate(folder.demo, people=round(events / EVENTS_A_PERSON))
    accepted = ingest(folder, config, "events", [str(path) for path in files]).accepted
    for path in files:  # the events are in the store now
        path.unlink()
    seconds = round(time.perf_counter() - started)
    say(f"{accepted:,} events in {len(folder.event_files())} files, in {seconds} s")
    mark.write_text(json.dumps({"events": accepted, "form": _form()}) + "\n", encoding="utf-8")
    return folder


def last_day(folder: DataFolder) -> str:
    """The last day of the demo world, from its truth."""
    truth = json.loads((folder.demo / TRUTH).read_text(encoding="utf-8"))
    return str(truth["last_day"])


def _form() -> str:
    """A name for the form of the event store and its reports, from the code that settles it."""
    digest = hashlib.blake2b(digest_size=8)
    for name in ("contract", "report", "commit"):
        digest.update((ROOT / "journey" / "intake" / f"{name}.py").read_bytes())
    return digest.hexdigest()
