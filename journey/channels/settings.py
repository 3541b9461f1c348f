"""What a business says of its channels in journey.toml: the table [channels], checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from journey.channels.lists import Sites, read, versions
from journey.channels.traffic import host
from journey.errors import ConfigError, suggest

FIELDS = ("source", "medium", "campaign", "referrer_host")
"""What a rule of the business may look at."""

_LISTS = ("offline", "own_hosts", "ignored_referrers")
_KEYS = (*_LISTS, "ai_assistants", "direct_lookback_days", "sources", "rules")
_LONGEST_LOOKBACK = 3_650


@dataclass(frozen=True)
class OwnRule:
    """A channel of the business: all its conditions must hold, each by one of its patterns."""

    channel: str
    conditions: Mapping[str, tuple[re.Pattern[str], ...]]
    """Field to patterns, which match the whole text, whatever the letters' case."""


@dataclass(frozen=True)
class ChannelSettings:
    """How touches that come without a channel get theirs."""

    rules: tuple[OwnRule, ...] = ()
    """The business's own, above all others; the first that holds decides."""
    ai_assistants: bool = False
    """Whether AI assistants are told by their hosts, which Google's rules do not do."""
    own_hosts: frozenset[str] = frozenset()
    """The business's own sites: who comes from there was here already."""
    ignored_referrers: frozenset[str] = frozenset()
    """Sites that only pass people back, like payment pages."""
    direct_lookback_days: int = 90
    """How far back a Direct session looks for the last channel that was not Direct."""
    sites: Sites = field(default_factory=lambda: read(versions()[-1]))

    @property
    def words(self) -> str:
        """The rules in force, in a sentence for readers."""
        own = f"{len(self.rules)} rules of our own, then " if len(self.rules) > 1 else ""
        own = "one rule of our own, then " if len(self.rules) == 1 else own
        assistants = "by their hosts too" if self.ai_assistants else "only as Google marks them"
        return (
            "Channels are as the source gave them; where it gave none, "
            f"{own}Google Analytics 4's default channel group, sites by the list "
            f"{self.sites.version}, AI assistants {assistants}."
        )


def settings(given: Mapping[str, Any], where: str, folder: Path) -> ChannelSettings:
    """The table [channels] of a configuration file in this folder.

    Raises ConfigError, naming the file and the key, for anything unknown or unusable.
    """
    for key, value in given.items():
        if key not in _KEYS:
            raise ConfigError(
                f"{where}: unknown key {key!r} in [channels].{suggest(key, _KEYS)} "
                f"It may hold {', '.join(_KEYS)}."
            )
        if key in _LISTS and not _is_texts(value):
            raise ConfigError(f'{where}: [channels] {key} must be a list like ["a", "b"].')
    assistants = given.get("ai_assistants", False)
    if not isinstance(assistants, bool):
        raise ConfigError(
            f"{where}: [channels] ai_assistants is {assistants!r}; give true or false."
        )
    sources = given.get("sources", versions()[-1])
    if not isinstance(sources, str):
        raise ConfigError(
            f"{where}: [channels] sources is {sources!r}; give a version like "
            f'"{versions()[-1]}" or a CSV file.'
        )
    lookback = given.get("direct_lookback_days", 90)
    if (
        not isinstance(lookback, int)
        or isinstance(lookback, bool)
        or not 0 < lookback <= _LONGEST_LOOKBACK
    ):
        raise ConfigError(
            f"{where}: [channels] direct_lookback_days is {lookback!r}; give a whole number from 1 "
            f"to {_LONGEST_LOOKBACK:,}."
        )
    rules = given.get("rules", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise ConfigError(f"{where}: write each rule under [[channels.rules]], with two brackets.")
    own = frozenset(map(host, given.get("own_hosts", [])))
    return ChannelSettings(
        rules=tuple(_rule(rule, number, where) for number, rule in enumerate(rules, 1)),
        ai_assistants=assistants,
        own_hosts=own,
        ignored_referrers=frozenset(map(host, given.get("ignored_referrers", []))),
        direct_lookback_days=lookback,
        sites=_sites(sources, where, folder),
    )


def _rule(given: Mapping[str, Any], number: int, where: str) -> OwnRule:
    """One [[channels.rules]]."""
    place = f"{where}: rule {number} of [[channels.rules]]"
    channel = given.get("channel")
    if not isinstance(channel, str) or not channel.strip():
        raise ConfigError(f'{place} names no channel. Add channel = "...".')
    conditions: dict[str, tuple[re.Pattern[str], ...]] = {}
    for key, value in given.items():
        if key == "channel":
            continue
        if key not in FIELDS:
            raise ConfigError(
                f"{place}: unknown key {key!r}.{suggest(key, FIELDS)} "
                f"A rule may look at {', '.join(FIELDS)}."
            )
        texts = [value] if isinstance(value, str) else value
        if not _is_texts(texts) or not texts:
            raise ConfigError(f"{place}: {key} must be a pattern, or a list of patterns.")
        conditions[key] = tuple(_pattern(text, place, key) for text in texts)
    if not conditions:
        raise ConfigError(f"{place} has no condition. Give one or more of {', '.join(FIELDS)}.")
    return OwnRule(channel.strip(), conditions)


def _pattern(text: str, place: str, key: str) -> re.Pattern[str]:
    """The pattern, ready to use."""
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        raise ConfigError(
            f"{place}: {key} = {text!r} is not a regular expression ({error}). A dot that is "
            r"meant as a dot is written '\.'."
        ) from None


def _sites(sources: str, where: str, folder: Path) -> Sites:
    """The lists of sites; what is wrong with them is said with the configuration's name."""
    try:
        return read(sources, folder)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from None


def _is_texts(value: object) -> bool:
    """Whether it is a list of texts."""
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
