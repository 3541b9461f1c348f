"""What every table of a configuration is checked for: known keys, numbers, stages."""

from collections.abc import Collection, Iterable
from math import isfinite
from typing import TypeGuard

from journey.errors import ConfigError, suggest


def check_keys(given: Iterable[str], known: Collection[str], table: str, where: str) -> None:
    """Raise ConfigError for a key that the table does not have, with a guess."""
    for key in given:
        if key not in known:
            raise ConfigError(
                f"{where}: unknown key {key!r} in [{table}].{suggest(key, known)} "
                f"It may hold {', '.join(known)}."
            )


def check_stage(name: str, stages: Collection[str], table: str, where: str) -> None:
    """Raise ConfigError for what is no stage, with a guess."""
    if name not in stages:
        raise ConfigError(
            f"{where}: [{table}] {name!r} is no stage.{suggest(name, stages)} "
            f"The stages are {', '.join(stages)}."
        )


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether it is a finite number, and not true or false."""
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
