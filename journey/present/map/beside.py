"""What the map is set against: another span or group, or where the stages should be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from journey.config import Config


@dataclass(frozen=True)
class Beside:
    """Another course of the same river, as shares, and of the same curve."""

    kind: Literal["before", "group", "to_be"]
    title: str
    """`1 Nov 2025 to 30 Apr 2026`, a group, or `To be`."""
    reached: Mapping[str, float] = field(default_factory=dict)
    """Stage to the share that gets that far; of loyalty the share of buyers."""
    cases: int = 0
    """How many journeys the shares are of; 0 for aims, which are of none."""
    feelings: Mapping[str, float] = field(default_factory=dict)
    """Stage to its experience index, from -2 to +2."""


def to_be(config: Config) -> Beside | None:
    """Where the stages should be: [to_be] of the configuration, with the target of
    `conversion_rate` for purchase where it says none; None where nothing is aimed at."""
    reached = dict(config.map.reached)
    goal = config.targets.get("conversion_rate")
    if goal is not None and 0 <= goal.value <= 100:
        reached.setdefault("purchase", goal.value / 100)
    if not reached and not config.map.experience:
        return None
    return Beside("to_be", "To be", reached, 0, dict(config.map.experience))
