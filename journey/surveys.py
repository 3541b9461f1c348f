"""The surveys a business asks: the scale of each, which way it runs, how it is summed up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journey.errors import ConfigError, suggest
from journey.keys import check_keys, is_number

METHODS = {
    "csat": ("top_boxes", "mean", "sum_of_maximum"),
    "nps": ("net", "promoters"),
    "ces": ("mean", "agree", "net"),
}
"""Survey to the ways its answers may be summed up, the usual one first."""

SCALES: Mapping[str, tuple[float, float]] = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}
"""Survey to the scale it is on where nothing else is declared."""

SIGNALS = ("csat", "nps", "ces", "sentiment", "friction")
"""What the experience index may be made of."""


@dataclass(frozen=True)
class Survey:
    """One survey as the business declares it."""

    scale: tuple[float, float]
    """The lowest and the highest score."""
    is_up: bool
    """Whether a higher score is a better one; on CES 1.0 it is a worse one."""
    method: str
    """How its answers are summed up unless a reader chooses otherwise."""
    is_declared: bool
    """Whether the scale was declared, or is the usual one."""


@dataclass(frozen=True)
class Surveys:
    """All surveys, and what tells a relational answer from a transactional one."""

    by_name: Mapping[str, Survey]
    relational: frozenset[str]
    """What an answer names as `about` when it is about the business as a whole."""
    weights: Mapping[str, float]
    """Signal of the experience index to what one answer of it counts."""
    errors: frozenset[str] = frozenset()
    """Touchpoints that say that something went wrong at the touch before them."""


def read_surveys(given: Mapping[str, Any], base: Mapping[str, Any], where: str) -> Surveys:
    """The tables [surveys] and [experience] of a configuration over those of its template.

    Raises ConfigError, naming the key, for anything unknown or contradictory.
    """
    ours, theirs = given.get("surveys", {}), base.get("surveys", {})
    check_keys(ours, ("relational", *METHODS), "surveys", where)
    experience = {**base.get("experience", {}), **given.get("experience", {})}
    check_keys(experience, (*SIGNALS, "errors"), "experience", where)
    errors = _names(experience.pop("errors", []), "[experience] errors", where)
    for key, value in experience.items():
        if not is_number(value) or value < 0:
            raise ConfigError(f"{where}: [experience] {key} is {value!r}; give 0 or more.")
    return Surveys(
        by_name={
            name: _survey(name, ours.get(name, {}), theirs.get(name, {}), where) for name in METHODS
        },
        relational=_names(
            ours.get("relational", theirs.get("relational", [])), "[surveys] relational", where
        ),
        weights={**dict.fromkeys(SIGNALS, 1.0), **experience},
        errors=errors,
    )


def _survey(name: str, given: Any, base: Mapping[str, Any], where: str) -> Survey:
    """One survey's table over the template's."""
    place = f"surveys.{name}"
    if not isinstance(given, dict):
        raise ConfigError(f"{where}: [surveys] {name} must be a table. Write [surveys.{name}].")
    check_keys(given, ("scale", "direction", "method"), place, where)
    said = {**base, **given}
    scale = said.get("scale", SCALES[name])
    if len(tuple(scale)) != 2 or not all(map(is_number, scale)) or scale[0] >= scale[1]:
        raise ConfigError(
            f"{where}: [{place}] scale is {scale!r}; give the lowest and the highest score, "
            "like [1, 5]."
        )
    direction = said.get("direction", "up")
    if direction not in ("up", "down"):
        raise ConfigError(
            f"{where}: [{place}] direction is {direction!r}; give up where a higher score is "
            "better, down where it is worse."
        )
    if direction == "down" and name != "ces":
        raise ConfigError(
            f"{where}: [{place}] direction is down, but only CES, as effort, may be better where "
            "it is lower. Leave it out."
        )
    if name == "nps" and tuple(scale) != SCALES["nps"]:
        raise ConfigError(f"{where}: [{place}] always runs from 0 to 10; leave out the scale.")
    method = said.get("method", METHODS[name][0])
    if method not in METHODS[name]:
        raise ConfigError(
            f"{where}: [{place}] method is {method!r}.{suggest(str(method), METHODS[name])} "
            f"Choose one of {', '.join(METHODS[name])}."
        )
    low, high = scale
    return Survey((float(low), float(high)), direction == "up", method, "scale" in given)


def _names(names: Any, key: str, where: str) -> frozenset[str]:
    """The names, if they are names."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ConfigError(f'{where}: {key} must be a list like ["a", "b"].')
    return frozenset(names)
