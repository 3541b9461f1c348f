"""The truth of a demo world, read and held against the store it is to be scored with."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from journey.config import Config
from journey.datafolder import DataFolder
from journey.errors import WarehouseError
from journey.metrics.engine import Engine
from journey.metrics.filters import Filters

_NEWEST = (("incident", "calls_expected"), ("slow_delivery", "countries"), ("moods", "themes"))
"""What a truth of this version says and one of an earlier version need not."""

_AGAIN = "Make the demo anew: `python -m journey demo`, then `python -m journey build`."


@dataclass(frozen=True)
class Asked:
    """What every part of the scoring works with: the truth, and the store to ask."""

    engine: Engine
    config: Config
    effects: dict[str, dict[str, Any]]
    story: dict[str, Any]
    first_day: date
    last_day: date

    def frame(self, since: date | None = None, until: date | None = None) -> Filters:
        """A frame for questions; the whole world unless told otherwise."""
        return self.engine.filters(
            since or self.first_day, until or self.last_day + timedelta(days=1)
        )


def is_demo(folder: DataFolder) -> bool:
    """Whether a data folder holds a demo world's truth."""
    return (folder.demo / "truth.json").exists()


def read(engine: Engine, config: Config) -> Asked:
    """The truth of the folder's demo, where it is that of the snapshot in use.

    Raises WarehouseError where the data is no demo, or not the demo alone, or an earlier version
    of the generator wrote its truth.
    """
    path = engine.folder.demo / "truth.json"
    if not path.exists():
        raise WarehouseError(
            f"{path}: there is no such file, so this is no demo and nobody knows the truth about "
            "it. Make a demo in a folder of its own: `python -m journey --data demo-data demo`."
        )
    try:
        truth = json.loads(path.read_text(encoding="utf-8"))
        effects = truth["effects"]
        lacking = [name for effect, name in _NEWEST if name not in effects[effect]]
        if lacking:
            raise KeyError(lacking)
        asked = Asked(
            engine,
            config,
            effects,
            truth["story"],
            date.fromisoformat(truth["first_day"]),
            date.fromisoformat(truth["last_day"]),
        )
        events = truth["counts"]["unique"]
    except (ValueError, KeyError, TypeError):
        raise WarehouseError(
            f"{path}: another version of Journey wrote this, and it does not say all that is to be "
            f"scored. {_AGAIN}"
        ) from None
    if events != engine.snapshot.events:
        raise WarehouseError(
            f"{path}: it is the truth about {events:,} events, but the snapshot in use holds "
            f"{engine.snapshot.events:,}: other events were taken in too, or it was built before "
            f"the demo was made. {_AGAIN}"
        )
    return asked
