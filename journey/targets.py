"""What the business aims for: the `[targets]` of journey.toml, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from journey.errors import ConfigError, suggest
from journey.keys import is_number

DIRECTIONS = ("higher", "lower")

_KEYS = ("value", "tolerance", "owner", "direction", "by")


@dataclass(frozen=True)
class Target:
    """A value to reach, in the unit that the metric's card shows: 16 for 16 %."""

    value: float
    tolerance: float = 0.0
    """How far short of the value still passes, in the same unit."""
    owner: str | None = None
    direction: str | None = None
    """`higher` or `lower`; None leaves it to what the metric calls better."""
    by: date | None = None
    """The day it is due; None means it holds now."""


def read_targets(
    given: Mapping[str, Any], base: Mapping[str, Any], where: str
) -> dict[str, Target]:
    """Metric name to target: the template's, and over it the business's own. Each is a number, or
    a table with `value` and what else a target has. Raises ConfigError with the key."""
    return {name: _target(name, said, where) for name, said in {**base, **given}.items()}


def _target(name: str, said: object, where: str) -> Target:
    """One target."""
    place = f"{where}: [targets] {name}"
    if not isinstance(said, dict):
        if not is_number(said):
            raise ConfigError(
                f"{place} is {said!r}; give a number, or a table like "
                "{ value = 16, tolerance = 0.5 }."
            )
        return Target(float(said))
    for key in said:
        if key not in _KEYS:
            raise ConfigError(
                f"{place}: unknown key {key!r}.{suggest(key, _KEYS)} "
                f"It may hold {', '.join(_KEYS)}."
            )
    if "value" not in said:
        raise ConfigError(f"{place} has no value. Say what to reach, like value = 16.")
    for key in ("value", "tolerance"):
        if not is_number(said.get(key, 0)):
            raise ConfigError(f"{place}: {key} is {said[key]!r}; give a number.")
    if said.get("tolerance", 0) < 0:
        raise ConfigError(f"{place}: tolerance is {said['tolerance']!r}; give 0 or more.")
    direction = said.get("direction")
    if direction is not None and direction not in DIRECTIONS:
        raise ConfigError(
            f"{place}: direction is {direction!r}.{suggest(str(direction), DIRECTIONS)} "
            "Choose higher or lower."
        )
    owner = said.get("owner")
    if owner is not None and (not isinstance(owner, str) or not owner.strip()):
        raise ConfigError(f"{place}: owner is {owner!r}; give a name.")
    by = said.get("by")
    if by is not None and (not isinstance(by, date) or isinstance(by, datetime)):
        raise ConfigError(f"{place}: by is {by!r}; give a date like 2027-06-30.")
    return Target(float(said["value"]), float(said.get("tolerance", 0)), owner, direction, by)
