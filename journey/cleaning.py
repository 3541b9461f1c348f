"""Names for a path: ordered rules, directories, what is hidden, and repeats folded into one.

A rule is a line `PATTERN -> NAME`. The pattern is a name, a beginning that ends in `*`, or a
regular expression after `regex:` that may match anywhere. Rules are tried in order, the first
that matches names the touchpoint. A name that no rule matches is cut to its first directories
where that is asked for. The matching is Rust's, linear in the name whatever the expression.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from journey.errors import ConfigError, MetricError
from journey.keys import check_keys

ARROW = "->"
REGEX = "regex:"


@dataclass(frozen=True)
class Rule:
    """One line: what matches, and the name it gets."""

    pattern: str
    name: str

    @classmethod
    def read(cls, line: str) -> "Rule":
        """The rule that a line says. Raises MetricError where it is none."""
        pattern, arrow, name = (part.strip() for part in line.rpartition(ARROW))
        if not arrow or not pattern or not name:
            raise MetricError(
                f"{line!r} is not a rule. Write it as in 'ad_* -> Ads', or as in "
                "'regex:^product_(list_)?viewed$ -> Products'."
            )
        rule = cls(pattern, name)
        try:
            pl.Series([""]).str.contains(rule.expression)
        except pl.exceptions.ComputeError:
            raise MetricError(
                f"{pattern!r} is not a regular expression. Mend it, or write a beginning as in "
                "'ad_* -> Ads'."
            ) from None
        return rule

    @property
    def expression(self) -> str:
        """The pattern as a regular expression."""
        if self.pattern.startswith(REGEX):
            return self.pattern.removeprefix(REGEX)
        if self.pattern.endswith("*"):
            return f"^{re.escape(self.pattern[:-1])}"
        return f"^{re.escape(self.pattern)}$"

    def __str__(self) -> str:
        return f"{self.pattern} {ARROW} {self.name}"


@dataclass(frozen=True)
class Cleaning:
    """What is done to the touches before they are counted, in this order."""

    rules: tuple[Rule, ...] = ()
    directories: int | None = None
    """Keep so many of the parts between slashes; None keeps the whole name."""
    hide: tuple[str, ...] = ()
    """Names, after the rules, whose touches are left out."""
    collapse: bool = False
    """Fold the same name several times in a row into one."""

    def __post_init__(self) -> None:
        if self.directories is not None and self.directories < 1:
            raise MetricError(
                f"{self.directories} directories is none. Keep 1 or more, or leave it out."
            )

    @property
    def is_plain(self) -> bool:
        """Whether touches are counted as they are."""
        return self == Cleaning()

    def names(self, raw: Sequence[str]) -> dict[str, str]:
        """Each name as it came with the name it gets; hidden ones are still among them.

        >>> rules = tuple(map(Rule.read, ["ad_* -> Ads", "regex:viewed$ -> Looks"]))
        >>> Cleaning(rules).names(["ad_viewed", "product_viewed", "order_completed"])
        {'ad_viewed': 'Ads', 'product_viewed': 'Looks', 'order_completed': 'order_completed'}
        >>> Cleaning(directories=1).names(["/blog/a", "blog/b", "blog"])
        {'/blog/a': '/blog', 'blog/b': 'blog', 'blog': 'blog'}
        """
        given = pl.Series("name", raw, dtype=pl.String)
        named = pl.Series([self._cut(name) for name in raw], dtype=pl.String)
        for rule in reversed(self.rules):
            matched = given.str.contains(rule.expression)
            named = named.zip_with(~matched, pl.Series([rule.name] * len(given), dtype=pl.String))
        return dict(zip(raw, named, strict=True))

    def reach(self, raw: Iterable[str]) -> list[int]:
        """How many of the names each rule gave a name to, in the order of the rules."""
        left = pl.Series("name", list(raw), dtype=pl.String)
        counts = []
        for rule in self.rules:
            matched = left.str.contains(rule.expression)
            counts.append(int(matched.sum()))
            left = left.filter(~matched)
        return counts

    def _cut(self, name: str) -> str:
        """The first directories of a name; a leading slash stays."""
        if self.directories is None or "/" not in name:
            return name
        head = "/" if name.startswith("/") else ""
        parts = [part for part in name.split("/") if part]
        return head + "/".join(parts[: self.directories]) if parts else name


def read_cleaning(given: Mapping[str, Any], where: str) -> Cleaning:
    """The table [paths] of a configuration. Raises ConfigError, naming the key."""
    known = ("rules", "directories", "hide", "collapse")
    check_keys(given, known, "paths", where)
    for key in ("rules", "hide"):
        names = given.get(key, [])
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ConfigError(f'{where}: [paths] {key} must be a list like ["a", "b"].')
    directories = given.get("directories")
    if directories is not None and (not isinstance(directories, int) or directories is True):
        raise ConfigError(f"{where}: [paths] directories is {directories!r}; give 1 or more.")
    if not isinstance(given.get("collapse", False), bool):
        raise ConfigError(
            f"{where}: [paths] collapse is {given['collapse']!r}; give true or false."
        )
    try:
        rules = tuple(map(Rule.read, given.get("rules", [])))
        return Cleaning(
            rules, directories, tuple(given.get("hide", [])), given.get("collapse", False)
        )
    except MetricError as error:
        raise ConfigError(f"{where}: [paths] {error}") from None
