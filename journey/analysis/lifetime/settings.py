"""What a reader may set of the study of lifetimes."""

from dataclasses import dataclass, field
from datetime import date

IDENTIFIED, EVERYONE = "identified", "everyone"
WHO = {IDENTIFIED: "Identified buyers", EVERYONE: "All buyers"}
"""Whose histories: someone known by a cookie alone may come back unrecognised."""

TABLES = ("parameters", "weekly", "frequency", "channels", "repeats", "tenths", "people")
"""The tables a study gives; see `tables.py`."""


@dataclass(frozen=True)
class Terms:
    """What a forecast of value is made under."""

    weeks: int = 52
    margin: float = 1.0
    """The share of revenue that is kept; 1 makes value revenue."""
    discount: float = 0.1
    """The yearly rate at which value to come counts less."""


@dataclass(frozen=True)
class Settings:
    """What the reader may set."""

    calibrate_until: date | None = None
    """The first day held out; None holds out the last third, 39 weeks at most."""
    who: str = IDENTIFIED
    terms: Terms = field(default_factory=Terms)
