"""What was planned for an experiment: its shares, the arm to compare with, what it was for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from journey.errors import ConfigError, suggest
from journey.keys import check_keys, is_number

_KEYS = ("split", "control", "goal", "better")


@dataclass(frozen=True)
class Plan:
    """One experiment as the business planned it."""

    split: Mapping[str, float] = field(default_factory=dict)
    """Arm to its share of people, in any unit; empty means equal shares of the arms there are."""
    control: str | None = None
    """The arm the others are compared with; None leaves it to the arms' names."""
    goal: str | None = None
    """The touchpoint it was run for; None means an order."""
    better: str = "higher"
    """Whether `higher` or `lower` is better: fewer who contact support is a good thing."""


def read_plans(given: Mapping[str, Any], where: str) -> dict[str, Plan]:
    """The tables [experiments.NAME] of a configuration.

    Raises ConfigError, naming the key, for anything unknown or contradictory.
    """
    return {name: _plan(name, table, where) for name, table in given.items()}


def _plan(name: str, given: Any, where: str) -> Plan:
    """One experiment's table."""
    place = f"experiments.{name}"
    if not isinstance(given, dict):
        raise ConfigError(f"{where}: [experiments] {name} must be a table. Write [{place}].")
    check_keys(given, _KEYS, place, where)
    split = given.get("split", {})
    if not isinstance(split, dict) or not all(map(_is_share, split.values())) or len(split) == 1:
        raise ConfigError(
            f"{where}: [{place}] split is {split!r}; give each arm its share, as in "
            "{ A = 50, B = 50 }."
        )
    for key in ("control", "goal"):
        if not isinstance(given.get(key, ""), str):
            raise ConfigError(f"{where}: [{place}] {key} is {given[key]!r}; give a name.")
    control = given.get("control")
    if split and control is not None and control not in split:
        raise ConfigError(
            f"{where}: [{place}] control is {control!r}, which has no share in split."
            f"{suggest(control, list(split))} Give it one."
        )
    better = given.get("better", "higher")
    if better not in ("higher", "lower"):
        raise ConfigError(f"{where}: [{place}] better is {better!r}; give higher or lower.")
    return Plan(
        {arm: float(share) for arm, share in split.items()}, control, given.get("goal"), better
    )


def _is_share(value: Any) -> bool:
    """Whether it is a number above 0."""
    return is_number(value) and value > 0
