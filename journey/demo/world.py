"""The delivery of a synthetic retail business, with its truth beside it.

People are made in batches, each from its own seed, so memory stays that of one batch and the first
batch is the same however many follow.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from .delivery import REASONS, deliver, late_and_broken
from .kept import ANNOTATIONS, annotations_csv
from .lives import live
from .rows import contract_rows
from .spend import SPEND, Arrivals, arrivals, price, spend_csv
from .story import Story, story_until
from .tally import Tally
from .truth import count_rows, effects

BATCH = 50_000  # people
LAST_FILE = "late-and-broken.csv"
TRUTH = "truth.json"


def generate(
    directory: Path,
    people: int = 20_000,
    seed: int = 7,
    last_day: date = date(2026, 10, 31),
    progress: Callable[[int, int], None] | None = None,
    batch: int = BATCH,
) -> list[Path]:
    """Write the delivery into a directory and give back its files in order of arrival.

    Besides them it writes `spend.csv`, `annotations.csv` and `truth.json`. The same arguments give
    the same events.
    """
    story = story_until(last_day)
    directory.mkdir(parents=True, exist_ok=True)
    # The truth goes first and comes last: where it is, the delivery is whole.
    for stale in [
        directory / TRUTH,
        *directory.glob("events-*.parquet"),
        directory / LAST_FILE,
        directory / SPEND,
        directory / ANNOTATIONS,
    ]:
        stale.unlink(missing_ok=True)

    files: list[dict[str, Any]] = []
    counts, planted = Counter[str](), Tally()
    paid: Arrivals = Counter()
    last_rows = pl.DataFrame()
    for number, first in enumerate(range(0, people, batch)):
        rng = np.random.default_rng([seed, number])
        rows, found = _batch(rng, story, number, first, min(batch, people - first))
        delivery = deliver(rng, story, rows, hold_back=number == 0)
        name = f"events-{number + 1:04d}.parquet"
        _write(directory / name, delivery.on_time.write_parquet, compression_level=1)
        files.append({"name": name, "rows": len(delivery.on_time)})
        counts.update(count_rows(rows))
        counts["duplicates_in_parquet"] += delivery.duplicates
        planted.include(found)
        paid.update(arrivals(story, rows))
        counts.update({name: int(found[name]) for name in ("journeys", "orphans")})
        if number == 0:
            # Late and broken rows come from the first batch alone: few, however large the world.
            counts["late"] = len(delivery.late)
            last_rows, counts["duplicates_in_csv"] = late_and_broken(
                np.random.default_rng([seed, number, 1]), story, delivery.late, delivery.on_time
            )
        if progress is not None:
            progress(min(first + batch, people), people)
    _write(directory / LAST_FILE, last_rows.write_csv)
    files.append({"name": LAST_FILE, "rows": len(last_rows)})
    _write(directory / SPEND, Path.write_text, data=spend_csv(story, paid), encoding="utf-8")
    _write(directory / ANNOTATIONS, Path.write_text, data=annotations_csv(story), encoding="utf-8")
    for (day, channel), visits in sorted(paid.items()):
        planted[f"paid_visits.{channel}"] += visits
        planted[f"paid.{channel}"] += visits * price(story, channel, day)
    planted["people"] = people

    truth = {
        "people": people,
        "seed": seed,
        "first_day": story.first_day.isoformat(),
        "last_day": last_day.isoformat(),
        "files": files,
        "counts": _counts(story, files, counts),
        "effects": effects(story, planted),
        "story": story.parameters(),
    }
    text = json.dumps(truth, indent=2, ensure_ascii=False) + "\n"
    _write(directory / TRUTH, Path.write_text, data=text, encoding="utf-8")
    return [directory / str(file["name"]) for file in files]


def _batch(
    rng: np.random.Generator, story: Story, number: int, first: int, people: int
) -> tuple[pl.DataFrame, Tally]:
    who, touches, tally = live(rng, story, first, people)
    return contract_rows(story, who, touches, number), tally


def _counts(story: Story, files: list[dict[str, Any]], counts: Counter[str]) -> dict[str, Any]:
    """The counts an ingest of all files must come to: read = unique + duplicates + rejected."""
    plain = {name: n for name, n in sorted(counts.items()) if "." not in name}
    groups: dict[str, dict[str, int]] = {"touchpoint": {}, "survey": {}}
    for name, n in sorted(counts.items()):
        group, _, member = name.partition(".")
        if member:
            groups[group][member] = n
    duplicates = counts["duplicates_in_parquet"] + counts["duplicates_in_csv"]
    rejected = dict.fromkeys(REASONS, story.rejected_each)
    return {
        "read": sum(file["rows"] for file in files),
        "duplicates": duplicates,
        "rejected": sum(rejected.values()),
        "rejected_by_reason": rejected,
        **plain,
        "touchpoints": groups["touchpoint"],
        "surveys": groups["survey"],
    }


def _write(path: Path, write: Callable[..., Any], **options: Any) -> None:
    """Write aside, then rename: a file under its name is whole."""
    aside = path.with_name(path.name + ".part")
    write(aside, **options)
    aside.replace(path)
