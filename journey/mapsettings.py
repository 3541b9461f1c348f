"""What a business says about its map beyond the data: who owns what, what stands at a stage, and
where each stage should be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from journey.errors import ConfigError, suggest
from journey.keys import check_stage, is_number

KEYS = ("owners", "kpis", "to_be")
"""The tables of a configuration that are read here."""

CARDS = "overview"
"""What stands in the place of a stage for the cards above the map."""

_TO_BE = {"reached": (0.0, 100.0), "experience": (-2.0, 2.0)}
"""What a stage may be aimed at, and between which ends."""


@dataclass(frozen=True)
class MapSettings:
    """What the map shows that no event says."""

    owners: Mapping[str, str] = field(default_factory=dict)
    """A touchpoint or a stage to who answers for it."""
    kpis: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Stage to the metrics that stand at it."""
    cards: tuple[str, ...] = ()
    """The metrics above the map, the most wanted first."""
    reached: Mapping[str, float] = field(default_factory=dict)
    """Stage to the share of journeys, from 0 to 1, that should get that far."""
    experience: Mapping[str, float] = field(default_factory=dict)
    """Stage to the experience index, from -2 to +2, that it should have."""


def read_map(
    given: Mapping[str, Any],
    base: Mapping[str, Any],
    where: str,
    stages: tuple[str, ...],
    touchpoints: Mapping[str, str],
) -> MapSettings:
    """[owners], [kpis] and [to_be] of a configuration over those of its template.

    Raises ConfigError, naming table and key, for a stage or touchpoint that is none and a value
    that is out of its range.
    """
    tables: dict[str, dict[str, Any]] = {
        name: {**base.get(name, {}), **given.get(name, {})} for name in KEYS
    }
    for key, value in tables["owners"].items():
        if not isinstance(value, str) or not value.strip():
            raise ConfigError(f"{where}: [owners] {key} is {value!r}; give a name or a team.")
        if key not in stages and key not in touchpoints:
            raise ConfigError(
                f"{where}: [owners] {key!r} is neither a stage nor a touchpoint."
                f"{suggest(key, (*stages, *touchpoints))}"
            )
    for key, value in tables["kpis"].items():
        check_stage(key, (*stages, CARDS), "kpis", where)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise ConfigError(f'{where}: [kpis] {key} must be a list like ["conversion_rate"].')
    for key, value in tables["to_be"].items():
        if key not in _TO_BE:
            raise ConfigError(
                f"{where}: unknown key {key!r} in [to_be].{suggest(key, _TO_BE)} "
                f"It may hold {', '.join(_TO_BE)}, as in [to_be.reached]."
            )
        if not isinstance(value, dict):
            raise ConfigError(
                f"{where}: [to_be] {key} is {value!r}; write it as [to_be.{key}] with stages "
                "beneath."
            )
        low, high = _TO_BE[key]
        for stage, aim in value.items():
            check_stage(stage, stages, f"to_be.{key}", where)
            if not is_number(aim) or not low <= aim <= high:
                raise ConfigError(
                    f"{where}: [to_be.{key}] {stage} is {aim!r}; give a number from {low:g} to "
                    f"{high:g}."
                )
    return MapSettings(
        owners={key: value.strip() for key, value in tables["owners"].items()},
        kpis={key: tuple(value) for key, value in tables["kpis"].items() if key != CARDS},
        cards=tuple(tables["kpis"].get(CARDS, ())),
        reached={key: aim / 100 for key, aim in tables["to_be"].get("reached", {}).items()},
        experience=dict(tables["to_be"].get("experience", {})),
    )
