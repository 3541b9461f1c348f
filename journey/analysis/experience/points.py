"""The points of an experience curve: what was said at each stage or touchpoint, blended."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from journey.analysis.experience.friction import Friction
from journey.analysis.experience.ribbon import Rub
from journey.config import STAGES
from journey.surveys import SIGNALS

SHOWN = 2.0
"""The index is shown from -2 to +2."""


@dataclass(frozen=True)
class Part:
    """One signal's part in an index."""

    signal: str
    value: float
    """Its mean, from -2 to +2."""
    count: int
    """How many answers, comments or touches it rests on."""
    share: float
    """Its share of the blend."""


@dataclass(frozen=True)
class Point:
    """How one stage or touchpoint feels."""

    stage: str
    touchpoint: str | None
    """None for a stage as a whole."""
    value: float | None
    """None where there are fewer answers than the minimum."""
    low: float | None
    high: float | None
    answers: int
    people: int
    parts: tuple[Part, ...]


def cells(given: pl.DataFrame, cell: list[str]) -> pl.DataFrame:
    """The cells of the answers, in order of stage and then of answers."""
    cells = given.group_by(cell).agg(
        pl.col("event_id").n_unique().alias("answers"),
        pl.col("person_id").n_unique().alias("people"),
        pl.col("weight").sum(),
        (pl.col("weight") * pl.col("value")).sum().alias("total"),
    )
    return cells.with_columns(
        pl.col("stage").replace_strict({name: n for n, name in enumerate(STAGES)}).alias("place")
    ).sort("place", pl.col("answers"), *cell, descending=[False, True, *[False] * len(cell)])


def points(
    given: pl.DataFrame,
    cells: pl.DataFrame,
    cell: list[str],
    rubs: list[Rub],
    ribbon: tuple[np.ndarray, np.ndarray],
    minimum_n: int,
) -> tuple[Point, ...]:
    """The index of each cell, in the cells' order."""
    low, high = ribbon
    signals = given.group_by(*cell, "signal").agg(
        pl.len().alias("count"),
        pl.col("weight").sum(),
        (pl.col("weight") * pl.col("value")).sum().alias("total"),
    )
    found = []
    for place, row in enumerate(cells.iter_rows(named=True)):
        rub, rub_weight, rub_touches = rubs[place]
        whole = row["weight"] + rub_weight
        own = signals.filter(*(pl.col(name) == row[name] for name in cell))
        parts = [
            Part(name, SHOWN * total / weight, count, weight / whole)
            for name, count, weight, total in own.select(
                "signal", "count", "weight", "total"
            ).iter_rows()
            if weight > 0
        ]
        parts.sort(key=lambda part: SIGNALS.index(part.signal))
        if rub_weight > 0:
            parts.append(Part("friction", SHOWN * rub, rub_touches, rub_weight / whole))
        enough = row["answers"] >= minimum_n and whole > 0
        value = SHOWN * (row["total"] + rub * rub_weight) / whole if enough else None
        found.append(
            Point(
                row["stage"],
                row.get("touchpoint"),
                value,
                SHOWN * float(low[place]) if enough else None,
                SHOWN * float(high[place]) if enough else None,
                row["answers"],
                row["people"],
                tuple(parts),
            )
        )
    return tuple(found)


def rubs(
    given: pl.DataFrame,
    cells: pl.DataFrame,
    cell: list[str],
    slow: Mapping[str, Friction],
    weight: float,
) -> list[Rub]:
    """The friction of each cell: its value, what it weighs, and the touches that met it."""
    answered = given.group_by("stage", "touchpoint").agg(pl.col("event_id").n_unique())
    rubs = []
    for row in cells.iter_rows(named=True):
        own = answered.filter(*(pl.col(name) == row[name] for name in cell))
        total = heavy = 0.0
        touches = 0
        for _, touchpoint, answers in own.iter_rows():
            if (found := slow.get(touchpoint)) is None:
                continue
            weighs = weight * answers * found.touches / found.judged
            total += weighs * found.value
            heavy += weighs
            touches += found.touches
        rubs.append((total / heavy if heavy else 0.0, heavy, touches))
    return rubs
