"""Paths declared by hand, for tests: channels from the first visit to the last."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from journey.analysis.attribution.paths import Paths
from journey.analysis.attribution.reading import from_rows


@dataclass(frozen=True)
class Path:
    """One path: its channels, how many days before its end each came, and what became of it."""

    channels: Sequence[str]
    bought: bool = True
    value: float = 0.0
    days: Sequence[float] = ()
    person: str | None = None
    own: str | None = None


def made(paths: Sequence[Path]) -> Paths:
    """The paths; each is somebody else's unless it says whose it is."""
    rows = [
        {
            "person_number": path.person or f"p{place:06}",
            "is_order": path.bought,
            "value": path.value if path.bought else 0.0,
            "own_channel": path.own,
            "is_mature": True,
        }
        for place, path in enumerate(paths)
    ]
    steps = [
        {"path": place, "channel": channel, "days": float(days)}
        for place, path in enumerate(paths, 1)
        for channel, days in zip(path.channels, path.days or [0] * len(path.channels), strict=True)
    ]
    kinds = {"person_number": pl.String, "is_order": pl.Boolean, "value": pl.Float64,
             "own_channel": pl.String, "is_mature": pl.Boolean}  # fmt: skip
    step_kinds = {"path": pl.Int64, "channel": pl.String, "days": pl.Float64}
    return from_rows(pl.DataFrame(rows, schema=kinds), pl.DataFrame(steps, schema=step_kinds))


def counted(**ways: tuple[int, int]) -> Paths:
    """Paths by their names: `Search_Email=(3, 1)` is that way three times to an order and once to
    none."""
    return made(
        [
            Path(way.split("_"), bought)
            for way, (orders, nulls) in ways.items()
            for bought in [True] * orders + [False] * nulls
        ]
    )


GOLDEN = counted(
    Search_Email=(3, 1), Search=(2, 4), Social_Search_Email=(1, 0), Social=(0, 5), Email=(1, 1)
)
"""The paths of definitions §9."""
