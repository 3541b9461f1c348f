"""The business in one file: journey.toml over an industry template, checked."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from journey.channels.settings import ChannelSettings, settings
from journey.cleaning import Cleaning, read_cleaning
from journey.errors import ConfigError, suggest
from journey.experiments import Plan, read_plans
from journey.keys import check_keys
from journey.mapsettings import KEYS as MAP_KEYS
from journey.mapsettings import MapSettings, read_map
from journey.personas import Persona, read_personas
from journey.surveys import Surveys, read_surveys
from journey.targets import Target, read_targets

STAGES = ("awareness", "consideration", "decision", "purchase", "post_purchase", "loyalty")
"""The stages in order. Loyalty is reached by ordering again, not by a touchpoint."""

UNMAPPED = "unmapped"
"""The stage of a touchpoint that the configuration does not place."""

LONGEST = 36_500
"""The longest window or gap, whatever its unit: a hundred years of days."""

TEMPLATES = Path(__file__).parent / "templates"

_TOP_KEYS = {
    "template": str,
    "name": str,
    "currency": str,
    "time_zone": str,
    "minimum_n": int,
    "observed_until": date,
    "show_person_ids": bool,
    "personas": list,
    "journey": dict,
    "touchpoints": dict,
    "channels": dict,
    "targets": dict,
    "surveys": dict,
    "experience": dict,
    "paths": dict,
    "experiments": dict,
    **dict.fromkeys(MAP_KEYS, dict),
}
_JOURNEY_KEYS = (
    "gap_days",
    "conversion_window_days",
    "repeat_window_days",
    "cart_window_hours",
    "session_timeout_minutes",
)


@dataclass(frozen=True)
class Config:
    """What the business is: its stages, clocks, targets, currency and time zone."""

    template: str
    name: str
    time_zone: str
    minimum_n: int
    gap_days: int
    conversion_window_days: int
    repeat_window_days: int
    cart_window_hours: int
    session_timeout_minutes: int
    touchpoints: Mapping[str, str]
    """Touchpoint to stage."""
    offline_channels: frozenset[str]
    targets: Mapping[str, Target]
    """Metric name to target."""
    surveys: Surveys
    """The surveys asked, with their scales and directions."""
    currency: str | None = None
    """The reporting currency; None means the one most amounts come in."""
    observed_until: date | None = None
    """The data is complete up to here, even where the last event is older."""
    themes: Path = TEMPLATES / "retail.themes.yaml"
    """The file of what customers talk about: `themes.yaml` beside journey.toml, else the
    template's."""
    channels: ChannelSettings = field(default_factory=ChannelSettings)
    """How touches that come without a channel get theirs."""
    cleaning: Cleaning = field(default_factory=Cleaning)
    """How touchpoints are named in paths unless a reader asks for something else."""
    personas: tuple[Persona, ...] = ()
    """Kinds of customers, by rule or as the data names them, in order of rule."""
    experiments: Mapping[str, Plan] = field(default_factory=dict)
    """Experiment to what was planned for it; one that is not here was planned with equal arms."""
    map: MapSettings = field(default_factory=MapSettings)
    """What the map shows that no event says: owners, KPIs by stage, where stages should be."""
    show_person_ids: bool = False
    """Whether pages and lists may show person ids as they are, instead of masked."""
    file: str = "journey.toml"
    """The file it was read from, for messages."""


def load(path: Path | None) -> Config:
    """Read journey.toml over its template; without a file, the retail template.

    Raises ConfigError, naming the file and the key, for anything unknown or contradictory.
    """
    given = _read(path) if path is not None else {}
    where = str(path) if path is not None else "the configuration"
    _check_keys(given, where)
    template = given.get("template", "retail")
    known = sorted(file.stem for file in TEMPLATES.glob("*.toml"))
    if template not in known:
        raise ConfigError(
            f"{where}: there is no template {template!r}.{suggest(template, known)} "
            f"Choose one of {', '.join(known)}."
        )
    base = _read(TEMPLATES / f"{template}.toml")
    journey = {**base["journey"], **given.get("journey", {})}
    channels = {**base["channels"], **given.get("channels", {})}
    touchpoints = _touchpoints(base["touchpoints"], given.get("touchpoints", {}), where)
    return Config(
        template=template,
        name=given.get("name", base["name"]),
        time_zone=_time_zone(given.get("time_zone", base["time_zone"]), where),
        minimum_n=given.get("minimum_n", base["minimum_n"]),
        touchpoints=touchpoints,
        offline_channels=frozenset(channels["offline"]),
        channels=settings(channels, where, path.parent if path is not None else Path()),
        targets=read_targets(given.get("targets", {}), base["targets"], where),
        surveys=read_surveys(given, base, where),
        currency=given.get("currency"),
        observed_until=given.get("observed_until"),
        themes=_themes(path, template),
        cleaning=read_cleaning(given.get("paths", {}), where),
        personas=read_personas(
            given.get("personas", ()), where, path.parent if path is not None else Path(), STAGES
        ),
        experiments=read_plans(given.get("experiments", {}), where),
        map=read_map(given, base, where, STAGES, touchpoints),
        show_person_ids=given.get("show_person_ids", False),
        file=where,
        **{key: journey[key] for key in _JOURNEY_KEYS},
    )


def _themes(path: Path | None, template: str) -> Path:
    """The business's own file of themes, where there is one, else its template's."""
    own = path.parent / "themes.yaml" if path is not None else None
    return own if own and own.exists() else TEMPLATES / f"{template}.themes.yaml"


def _read(path: Path) -> dict[str, Any]:
    """The TOML file as a dictionary."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"{path}: no such configuration file. Give another with --config or JOURNEY_CONFIG."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not valid TOML: {error}. Mend that line.") from None


def _check_keys(given: Mapping[str, Any], where: str) -> None:
    """Refuse unknown keys and values of the wrong kind, with a guess."""
    for key, value in given.items():
        if key not in _TOP_KEYS:
            raise ConfigError(f"{where}: unknown key {key!r}.{suggest(key, _TOP_KEYS)}")
        kind = _TOP_KEYS[key]
        odd = datetime if kind is bool else bool | datetime
        if not isinstance(value, kind) or isinstance(value, odd):
            raise ConfigError(
                f"{where}: {key} is {value!r}, but it must be {_WORDS[kind]}. Mend that line."
            )
    tables = {"journey": _JOURNEY_KEYS, "touchpoints": STAGES[:-1]}
    for table, allowed in tables.items():
        check_keys(given.get(table, {}), allowed, table, where)
    for key, value in given.get("journey", {}).items():
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < LONGEST:
            raise ConfigError(
                f"{where}: [journey] {key} is {value!r}; give a whole number from 1 to {LONGEST:,}."
            )
    if given.get("minimum_n", 1) < 1:
        raise ConfigError(f"{where}: minimum_n is {given['minimum_n']}; give 1 or more.")
    if not re.fullmatch("[A-Z]{3}", given.get("currency", "EUR")):
        raise ConfigError(
            f"{where}: currency is {given['currency']!r}; give its three capitals, like EUR."
        )
    if given.get("touchpoints", {}).get("purchase") == []:
        raise ConfigError(
            f"{where}: [touchpoints] purchase is empty, so nothing would ever be an order. Name "
            "the touchpoint that is one, like order_completed."
        )
    for key, names in given.get("touchpoints", {}).items():
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ConfigError(f'{where}: [touchpoints] {key} must be a list like ["a", "b"].')


_WORDS = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    date: "a date like 2026-01-31",
    dict: "a table",
    list: "a list of tables, [[personas]]",
}


def _time_zone(name: str, where: str) -> str:
    """The name, if it is a time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigError(
            f"{where}: there is no time zone {name!r}. Use a name like Europe/Berlin or UTC."
        ) from None
    return name


def _touchpoints(
    base: Mapping[str, list[str]], given: Mapping[str, list[str]], where: str
) -> dict[str, str]:
    """Touchpoint to stage: the template's, with what the business says on top.

    A stage that the business lists replaces the template's list for that stage, and a
    touchpoint it moves leaves its old stage.
    """
    own: dict[str, str] = {}
    for stage, names in given.items():
        for name in names:
            if own.setdefault(name, stage) != stage:
                raise ConfigError(
                    f"{where}: the touchpoint {name!r} is in both {own[name]} and {stage}. "
                    "Keep it in one stage."
                )
    inherited = {name: stage for stage in base if stage not in given for name in base[stage]}
    return {**inherited, **own}
