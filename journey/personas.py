"""Personas as the business declares them: who they are by rule, and the story told of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journey.errors import ConfigError, suggest
from journey.keys import check_stage

MATCHED = ("channel", "device", "country", "touchpoint", "category")
"""What a persona may be matched by without SQL. Channel, device and country are those of the
person's first touch; touchpoint and category are met when the person ever had one of them."""

_TEXTS = ("name", "rule", "narrative", "wants", "thinks")
_LISTS = (*MATCHED, "touchpoints")


@dataclass(frozen=True)
class Persona:
    """One kind of customer."""

    name: str
    rule: str | None
    """An SQL condition over the facts of a person (`queries/marts` of the build, see
    `journey.warehouse.personas.FACTS`)."""
    matches: Mapping[str, tuple[str, ...]]
    """A key of MATCHED to the values it may have; all keys must match."""
    narrative: str
    """Who they are, in Markdown: a story, not data."""
    wants: str
    thinks: str
    touchpoints: tuple[str, ...]
    """The touchpoints planned for them, in order."""
    stages: Mapping[str, str]
    """Stage to what they want and think there, in Markdown: a story, not data."""

    @property
    def is_ruled(self) -> bool:
        """Whether people are told to be it by a rule; else the data says so."""
        return bool(self.rule or self.matches)

    def rule_in_words(self) -> str:
        """How people come to be this persona."""
        parts = [
            f"{'ever ' if key in ('touchpoint', 'category') else 'first '}{key} is "
            f"{' or '.join(values)}"
            for key, values in self.matches.items()
        ]
        if self.rule:
            parts.append(" ".join(self.rule.split()))
        return "; and ".join(parts) if parts else "as the data says"


def read_personas(
    given: Sequence[Any], where: str, folder: Path, stages: Sequence[str]
) -> tuple[Persona, ...]:
    """The [[personas]] of a configuration, in order: the first whose rule fits has the person.

    A narrative that ends in `.md` is a file beside the configuration, in `folder`. Raises
    ConfigError, naming the persona and the key, for anything unknown or contradictory.
    """
    found: dict[str, Persona] = {}
    for place, table in enumerate(given, 1):
        persona = _persona(table, f"{where}: [[personas]] {place}", folder, stages)
        if persona.name in found:
            raise ConfigError(
                f"{where}: [[personas]] {place} has the name {persona.name!r}, as another has. "
                "Give each its own."
            )
        found[persona.name] = persona
    return tuple(found.values())


def _persona(table: Any, here: str, folder: Path, stages: Sequence[str]) -> Persona:
    """One table of [[personas]]."""
    if not isinstance(table, dict):
        raise ConfigError(f"{here} is {table!r}. Write it as [[personas]] with keys beneath.")
    for key, value in table.items():
        if key not in (*_TEXTS, *_LISTS, "stages"):
            raise ConfigError(
                f"{here}: unknown key {key!r}.{suggest(key, (*_TEXTS, *_LISTS, 'stages'))} "
                f"It may hold {', '.join((*_TEXTS, *_LISTS, 'stages'))}."
            )
        if key in _TEXTS and not (isinstance(value, str) and value.strip()):
            raise ConfigError(f"{here}: {key} is {value!r}; give a text.")
        if key in _LISTS and not (
            isinstance(value, list) and value and all(isinstance(one, str) for one in value)
        ):
            raise ConfigError(f'{here}: {key} must be a list like ["a", "b"].')
    if "name" not in table:
        raise ConfigError(f"{here} has no name. Give it one, as the data or the pages call it.")
    return Persona(
        name=table["name"].strip(),
        rule=table.get("rule"),
        matches={key: tuple(table[key]) for key in MATCHED if key in table},
        narrative=_narrative(table.get("narrative", ""), here, folder),
        wants=table.get("wants", "").strip(),
        thinks=table.get("thinks", "").strip(),
        touchpoints=tuple(table.get("touchpoints", ())),
        stages=_by_stage(table.get("stages", {}), here, stages),
    )


def _by_stage(told: Any, here: str, stages: Sequence[str]) -> dict[str, str]:
    """The story stage by stage."""
    if not isinstance(told, dict):
        raise ConfigError(f"{here}: stages is {told!r}. Write it as [personas.stages].")
    for stage, text in told.items():
        check_stage(stage, stages, "personas.stages", here)
        if not isinstance(text, str) or not text.strip():
            raise ConfigError(f"{here}: [personas.stages] {stage} is {text!r}; give a text.")
    return {stage: text.strip() for stage, text in told.items()}


def _narrative(text: str, here: str, folder: Path) -> str:
    """The story, from its file where it names one."""
    if not text.strip().endswith(".md"):
        return text.strip()
    path = folder / text.strip()
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ConfigError(
            f"{here}: the narrative {path} cannot be read. Put a Markdown file there, in UTF-8, "
            "or write the text itself."
        ) from None
