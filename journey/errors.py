"""The one error family. Every message names the thing, the cause and the remedy.

JourneyError
 ├── ConfigError       journey.toml cannot be used
 ├── IntakeError       a delivery cannot be read
 ├── WarehouseError    the store or a snapshot cannot be used
 ├── LedgerError       a row of the ledger cannot be read or written
 └── MetricError       a metric file, or the question put to it, cannot be used
"""

from collections.abc import Iterable
from difflib import get_close_matches


class JourneyError(Exception):
    """Anything a user can put right; its text is fit to be shown as it is."""


class ConfigError(JourneyError):
    """The configuration names something unknown or contradicts itself."""


class IntakeError(JourneyError):
    """A file of a delivery is missing, empty, unreadable or lacks a column."""


class WarehouseError(JourneyError):
    """There is no snapshot to read, or a new one failed its checks."""


class MetricError(JourneyError):
    """A metric file that cannot be used, or a question it cannot answer."""


class LedgerError(JourneyError):
    """A row of the ledger that cannot be read, or a change to it that cannot be written."""


def suggest(word: str, known: Iterable[str]) -> str:
    """Give back ` Did you mean 'x'?` for the nearest known word, or nothing."""
    nearest = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" Did you mean {nearest[0]!r}?" if nearest else ""
